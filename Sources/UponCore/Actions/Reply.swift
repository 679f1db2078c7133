import EventLoop

/// What a command writes on its way back to the connection of its event.
///
/// Replies of one connection keep the order of the events: one whose turn has not come is kept up to a bound, then its
/// command waits.
final class Reply: Answer {
  private static let bound = 1 << 16

  let connection: Connection
  /// Ends the run whose output goes back.
  var onGone: () -> Void = {}
  /// Holds back what the run writes, and lets it go on.
  var reader: OutputReader?
  private var kept = ByteQueue(capacity: 256)
  private var isComplete = false
  private(set) var isGone = false

  /// Takes the place of this reply among those of its connection.
  init(on connection: Connection) {
    self.connection = connection
    isGone = !connection.canSend
    if !isGone { connection.owe(self) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) {
    if isGone { return }
    if connection.isNext(self) {
      connection.send(bytes)
      if !isGone, connection.isFull { reader?.pause() }
    } else {
      kept.append(bytes)
      if kept.count >= Self.bound { reader?.pause() }
    }
  }

  /// Takes note that nothing more comes.
  func finish() {
    guard !isComplete else { return }
    isComplete = true
    reader = nil
    if !isGone, connection.isNext(self) { settle() }
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
    if isComplete { return settle() }
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
