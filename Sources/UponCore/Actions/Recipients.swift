import EventLoop

/// Where `print to=` writes: the sources that it names, each with what waits for it.
final class Recipients {
  /// An open source that can be written to.
  struct Target {
    let receivers: [any Receiver]
    /// Whether what is printed waits until it is there and takes it.
    let isWaitedFor: Bool
  }

  /// Finds the source of a name; nil when it has ended.
  var find: (_ name: [UInt8]) -> Target? = { _ in nil }
  private let diagnostics: Diagnostics
  private var made: [Recipient] = []

  init(diagnostics: Diagnostics) {
    self.diagnostics = diagnostics
  }

  /// The one of that name, for one action more.
  func use(_ name: [UInt8]) -> Recipient {
    let recipient = made.first { $0.name == name } ?? Recipient(name, of: self)
    if recipient.users == 0 { made.append(recipient) }
    recipient.users += 1
    return recipient
  }

  /// Takes note that one action less prints to it.
  func release(_ recipient: Recipient) {
    recipient.users -= 1
    recipient.proceed()
    forgetIfDone(recipient)
  }

  /// Goes on where something waits; called when a batch of events has been handled.
  func proceed() {
    guard !made.isEmpty else { return }
    for recipient in made where recipient.isWaiting {
      recipient.proceed()
      forgetIfDone(recipient)
    }
  }

  private func forgetIfDone(_ recipient: Recipient) {
    if recipient.users == 0, !recipient.isWaiting { made.removeAll { $0 === recipient } }
  }

  /// Hands all that waits to the connections that are there: their sources are about to be closed.
  func handOver() {
    for recipient in made where recipient.isWaiting { recipient.handOver() }
  }

  func forget(_ port: Port) {
    for recipient in made { recipient.forget(port) }
  }

  fileprivate func tell(_ text: String) {
    diagnostics.report(text)
  }
}

/// One source that is printed to: records go there whole and in the order written.
final class Recipient {
  /// Above it the sources that print are held, or their events dropped where they cannot be.
  private static let limit = 7 << 20
  /// So much is given to a connection at once.
  private static let highWater = 1 << 18

  let name: [UInt8]
  var users = 0
  private unowned(unsafe) let owner: Recipients
  /// The one connection of a source that has one.
  private var receiver: (any Receiver)?
  private var queue = ByteQueue(capacity: 1024)
  /// The lengths of the records in it.
  private var lengths: ArraySlice<Int> = []
  private var held: [Port] = []
  private var hasToldEnd = false
  private var hasToldLoss = false
  private var hasEnded = false

  init(_ name: [UInt8], of owner: Recipients) {
    self.name = name
    self.owner = owner
  }

  /// Whether something is to be done when it can: write, end the writing, or let its sources go on.
  var isWaiting: Bool { !queue.isEmpty || !held.isEmpty || users == 0 && !hasEnded }

  func write(_ bytes: UnsafeRawBufferPointer, from port: Port) {
    if queue.isEmpty, let receiver, receiver.isReceiving, receiver.unsent < Self.highWater,
      receiver.send(bytes)
    {
      return
    }
    guard let target = owner.find(name) else { return end() }
    guard target.isWaitedFor else {
      for receiver in target.receivers { receiver.send(bytes) }
      return
    }
    wait(bytes, port, target)
  }

  private func wait(_ bytes: UnsafeRawBufferPointer, _ port: Port, _ target: Recipients.Target) {
    receiver = target.receivers.first
    if queue.isEmpty, let receiver, receiver.unsent < Self.highWater, receiver.send(bytes) { return }
    if queue.count >= Self.limit, !port.isPausable { return tellLoss() }
    queue.append(bytes)
    lengths.append(bytes.count)
    if receiver == nil || queue.count >= Self.limit, port.isPausable, !held.contains(where: { $0 === port }) {
      held.append(port)
      port.hold(.output)
    }
  }

  /// Writes what the connection takes, and lets the sources go on when that is all.
  func proceed() {
    guard let target = owner.find(name) else {
      if !queue.isEmpty { end() }
      hasEnded = true
      return release()
    }
    guard target.isWaitedFor else {
      hasEnded = true
      return
    }
    receiver = target.receivers.first
    guard let receiver else { return }
    send(to: receiver, below: Self.highWater)
    guard queue.isEmpty else { return }
    release()
    if users == 0, receiver.unsent == 0 {
      hasEnded = true
      receiver.endWriting()
    }
  }

  func handOver() {
    if let receiver = owner.find(name)?.receivers.first { send(to: receiver, below: .max) }
  }

  private func send(to receiver: any Receiver, below bound: Int) {
    while let length = lengths.first, receiver.unsent < bound {
      guard receiver.send(UnsafeRawBufferPointer(rebasing: queue.bytes[..<length])) else { return }
      lengths.removeFirst()
      queue.consume(length)
    }
  }

  /// The source has ended: nobody gets what is printed.
  private func end() {
    if !hasToldEnd { owner.tell("print to=\(Word(name).text): it has ended; what is printed there is lost") }
    hasToldEnd = true
    queue.removeAll()
    lengths = []
    release()
  }

  private func tellLoss() {
    if !hasToldLoss {
      owner.tell(
        "print to=\(Word(name).text): \(Self.limit >> 20) MiB wait for it; events that cannot wait are lost")
    }
    hasToldLoss = true
  }

  private func release() {
    let waiting = held
    held = []
    for port in waiting { port.release(.output) }
  }

  func forget(_ port: Port) {
    held.removeAll { $0 === port }
  }
}
