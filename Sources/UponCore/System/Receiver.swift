/// Where `send` and `print to=` write: a connection, or the standard input of a command.
protocol Receiver: AnyObject {
  /// Whether it can be written to.
  var isReceiving: Bool { get }
  /// Bytes that wait to be sent.
  var unsent: Int { get }
  /// Sends what goes at once and queues the rest; false when nothing more is taken.
  @discardableResult
  func send(_ bytes: UnsafeRawBufferPointer) -> Bool
  /// Closes it when what is queued has been sent.
  func close()
  /// Sends nothing more, and reads on.
  func endWriting()
}

/// A process at work, as a list shows it.
struct RunningProcess {
  let pid: Int32
  let command: String
  /// On the monotonic clock.
  let began: Int64
}
