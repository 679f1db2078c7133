import Platform

/// Somebody who makes an answer on a connection: a run whose output goes back.
protocol Answer: AnyObject {
  /// The connection cannot be written any more.
  func connectionGone()
  /// Most of what was queued has been sent.
  func connectionHasRoom()
  /// The answers in front of it are complete.
  func connectionIsNext()
}

/// What a connection has to send, and who makes more of it; it exists from the first byte that waits.
final class Outgoing {
  /// A peer that leaves more than this unread loses its connection.
  static let limit = 8 << 20
  /// Above it whoever makes an answer should wait, below it there is room.
  static let highWater = 1 << 18

  fileprivate var queue = ByteQueue(capacity: 4096)
  fileprivate var answers: [any Answer] = []
  fileprivate var wasFull = false

  var isEmpty: Bool { queue.isEmpty }
  var count: Int { queue.count }
  /// Whether something is still to be sent, or to be made.
  var isOwing: Bool { !queue.isEmpty || !answers.isEmpty }

  func tellGone() {
    let gone = answers
    answers = []
    queue.removeAll()
    for answer in gone { answer.connectionGone() }
  }
}

extension Connection {
  private var sending: Outgoing {
    if let outgoing { return outgoing }
    let fresh = Outgoing()
    outgoing = fresh
    return fresh
  }

  /// Bytes that wait to be sent.
  var unsent: Int { outgoing?.count ?? 0 }
  /// Whether whoever makes an answer should wait for room.
  var isFull: Bool { unsent >= Outgoing.highWater }

  /// Sends what goes at once and queues the rest; false when the connection is closed, or is closed by it because the
  /// peer does not read.
  @discardableResult
  func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard canSend, !isGiven else { return false }
    if bytes.isEmpty { return true }
    var rest = bytes
    if outgoing?.isEmpty ?? true {
      guard let left = transmit(bytes) else { return false }
      rest = left
    }
    if rest.isEmpty { return true }
    let outgoing = sending
    let wasEmpty = outgoing.isEmpty
    outgoing.queue.append(rest)
    if outgoing.count > Outgoing.limit {
      finish(.unsent)
      return false
    }
    if outgoing.count >= Outgoing.highWater { outgoing.wasFull = true }
    if wasEmpty { updateWatch() }
    return true
  }

  /// Sends what goes without waiting; nil when the peer is gone.
  private func transmit(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var position = 0
    while position < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      switch transport.send(rest, to: descriptor) {
      case .bytes(let count):
        position += count
        bytesOut &+= UInt64(count)
      case .blocked(let direction):
        note(.writesByInput, direction == .input)
        return rest
      case .end, .failed:
        // What has been received is still delivered.
        vanished()
        return nil
      }
    }
    return UnsafeRawBufferPointer(rebasing: bytes[position...])
  }

  /// Goes on with what is queued.
  func flush() {
    guard let outgoing, !outgoing.isEmpty, let left = transmit(outgoing.queue.bytes) else { return }
    outgoing.queue.consume(outgoing.count - left.count)
    if outgoing.wasFull, outgoing.count < Outgoing.highWater / 4 {
      outgoing.wasFull = false
      for answer in outgoing.answers { answer.connectionHasRoom() }
    }
    guard outgoing.isEmpty, !isClosed else { return }
    if outgoing.answers.isEmpty { self.outgoing = nil }
    if hasEnded || stage == .closing { return conclude() }
    updateWatch()
  }

  // MARK: As a receiver

  var isReceiving: Bool { canSend && stage == .open }

  /// Shuts the writing side, when nothing is queued any more.
  func endWriting() {
    if canSend, !isGiven { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  // MARK: Answers

  /// Takes note of an answer that is being made: the connection stays open for it.
  func owe(_ answer: any Answer) {
    sending.answers.append(answer)
  }

  /// Whether the answer is the one whose bytes come next: answers keep the order in which they were owed.
  func isNext(_ answer: any Answer) -> Bool {
    outgoing?.answers.first === answer
  }

  /// The answer is complete: a connection whose peer has finished sending closes with the last one.
  func settle(_ answer: any Answer) {
    guard let outgoing else { return }
    let wasNext = isNext(answer)
    outgoing.answers.removeAll { $0 === answer }
    if wasNext { outgoing.answers.first?.connectionIsNext() }
    if !outgoing.isOwing { self.outgoing = nil }
    if hasEnded || stage == .closing { conclude() }
  }
}
