import CSystem
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

/// What one run writes, sent to the sender of its datagram as one datagram when it is complete.
final class DatagramReply: Reply {
  private let address: ReturnAddress
  private let onFailure: (Int32) -> Void
  private var kept = CapturedOutput(limit: 1 << 16)

  init(to address: ReturnAddress, onFailure: @escaping (Int32) -> Void) {
    self.address = address
    self.onFailure = onFailure
  }

  override func write(_ bytes: UnsafeRawBufferPointer) {
    kept.append(bytes)
  }

  /// A command that writes nothing does not answer. A full buffer of the kernel loses an answer as it loses datagrams.
  override fileprivate func complete() {
    if kept.bytes.isEmpty, !kept.isTruncated { return }
    let code = kept.isTruncated ? EMSGSIZE : address.send(kept.bytes)
    if code != 0 { onFailure(code) }
  }
}
