import EventLoop

/// What a command writes on its way back to whoever its event came from.
class Reply {
  /// Ends the run whose output goes back.
  final var onGone: () -> Void = {}
  /// Holds back what the run writes, and lets it go on.
  final var reader: OutputReader?
  /// Whether nothing can be sent any more.
  fileprivate(set) final var isGone = false
  private var isComplete = false

  func write(_ bytes: UnsafeRawBufferPointer) {}

  /// Takes note that nothing more comes.
  final func finish() {
    guard !isComplete else { return }
    isComplete = true
    reader = nil
    if !isGone { complete() }
  }

  fileprivate func complete() {}
  fileprivate final var isWritten: Bool { isComplete }
}

/// The part of one run in what is sent on a connection.
///
/// Replies of one connection keep the order of the events: one whose turn has not come is kept up to a bound, then its
/// command waits.
final class ConnectionReply: Reply, Answer {
  private static let bound = 1 << 16

  private let connection: Connection
  private var kept = ByteQueue(capacity: 16)

  /// Takes the place of this reply among those of its connection.
  init(on connection: Connection) {
    self.connection = connection
    super.init()
    isGone = !connection.canSend
    if !isGone { connection.owe(self) }
  }

  override func write(_ bytes: UnsafeRawBufferPointer) {
    if isGone { return }
    if connection.isNext(self) {
      connection.send(bytes)
      if !isGone, connection.isFull { reader?.pause() }
    } else {
      kept.append(bytes)
      if kept.count >= Self.bound { reader?.pause() }
    }
  }

  override fileprivate func complete() {
    if connection.isNext(self) { settle() }
  }

  private func settle() {
    isGone = true
    connection.settle(self)
  }

  // MARK: Answer

  func connectionIsNext() {
    if !kept.isEmpty {
      connection.send(kept.bytes)
      kept.removeAll()
    }
    if isGone { return }
    if isWritten { return settle() }
    if !connection.isFull { reader?.resume() }
  }

  func connectionHasRoom() {
    if connection.isNext(self) { reader?.resume() }
  }

  func connectionGone() {
    isGone = true
    kept.removeAll()
    reader?.resume()
    onGone()
  }
}
