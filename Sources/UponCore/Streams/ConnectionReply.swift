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
      if !isGone, connection.isFull { onFlow(.full) }
    } else {
      kept.append(bytes)
      if kept.count >= Self.bound { onFlow(.full) }
    }
  }

  override func complete() {
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
    if isComplete { return settle() }
    if !connection.isFull { onFlow(.room) }
  }

  func connectionHasRoom() {
    if connection.isNext(self) { onFlow(.room) }
  }

  func connectionGone() {
    isGone = true
    kept.removeAll()
    onFlow(.room)
    onGone()
  }
}
