import EventLoop
import Platform

/// One open stream socket of upon's own.
///
/// It offers its records to the port of its group. Framing is pull: while the consumer is held, unframed bytes are kept
/// and nothing more is read, so that the sender is held as well. The descriptor belongs to the connection.
final class Connection: DescriptorSet.Member, Subject {
  let id: UInt64
  let group: ConnectionGroup
  var state: State = []
  var ending = End.peer
  var holds: UInt16 = 0
  private let peerLength: UInt16
  private let peerBytes: UnsafeMutableRawPointer
  private let openedAt: Int64
  /// The number of the connection within its group, from 1; 0 where another source has accepted it.
  private(set) var ordinal: Int
  /// Where its ends are, for the command that gets it.
  var endpoints: Endpoints?
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  var partial: PartialRecord?
  var outgoing: Outgoing?
  var silence: Silence?

  /// Takes over a connected, non-blocking socket; `start` begins to read it.
  ///
  /// With `given` it is for a command: blocking, and not read here.
  init(_ descriptor: Int32, peer: String, group: ConnectionGroup, given: Bool = false) {
    id = group.connections.nextID()
    self.group = group
    if given { state = .given }
    var peer = peer
    (peerBytes, peerLength) = peer.withUTF8 { text in
      let copy = UnsafeMutableRawPointer.allocate(byteCount: max(text.count, 1), alignment: 1)
      copy.copyMemory(from: UnsafeRawPointer(text.baseAddress!), byteCount: text.count)
      return (copy, UInt16(text.count))
    }
    openedAt = Clock.monotonic()
    group.opened()
    ordinal = group.total
    super.init(descriptor: descriptor)
  }

  deinit {
    // One that was for a command and has not reached it, or whose command has ended.
    if !isClosed {
      closeDescriptor()
      group.closed(id)
    }
    peerBytes.deallocate()
  }

  // MARK: What it is

  /// The address at the other end, as records show it.
  var peer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: peerBytes, count: Int(peerLength)) }
  var isClosed: Bool { state.contains(.closed) }
  /// Whether a command has it as its standard input and output.
  var isGiven: Bool { state.contains(.given) }
  var isLingering: Bool { state.contains(.lingering) }
  /// Whether an answer can still reach the peer.
  var canSend: Bool { state.isDisjoint(with: [.closed, .gone]) }
  /// Whether the peer has finished sending.
  var hasEnded: Bool { state.contains(.ended) }

  /// Begins an event of this connection with the fields that all of them have.
  @inline(__always)
  func begin(_ index: Int, at time: WallTime, count: UInt64 = 1) -> Event {
    let event = group.event
    event.begin(index, at: time, count: count, about: self)
    event.add("conn", .uint(id))
    event.add("peer", .bytes(peer))
    return event
  }

  // MARK: Life

  /// Begins to read; its event of being opened has been offered.
  func start() {
    if isClosed { return }
    group.connections.add(self)
    if let idle = group.plan.idle {
      silence = Silence(idle, loop: group.connections.loop) { [unowned self] in offerIdle($0) }
      updateSilence()
    }
    guard canTake else { return park() }
    state.insert(.reading)
    updateWatch()
  }

  /// Asks the kernel for what is wanted now.
  func updateWatch() {
    var wanted: Readiness = []
    if state.contains(.reading) { wanted.insert(.input) }
    if outgoing?.isEmpty == false { wanted.insert(.output) }
    do throws(LoopError) {
      try group.set.watch(self, for: wanted)
    } catch {
      ended(.error, code: error.code)
    }
  }

  override func ready(_ readiness: Readiness) -> Int {
    if readiness.contains(.output) { flush() }
    if isClosed { return 0 }
    if state.contains(.reading) {
      guard readiness != .output else { return 0 }
      return read()
    }
    // Told once while nothing is read: what has come before is still to be read.
    if !readiness.isDisjoint(with: [.hangup, .failure]) { vanished() }
    return 0
  }

  /// Takes note that nobody reads any more; the runs that make answers are told.
  private func vanished() {
    state.insert(.gone)
    outgoing?.tellGone()
    if hasEnded { conclude() }
  }

  /// Lets go of the source, which has ended; an answer that is on its way is sent.
  func abandon() {
    if isClosed { return }
    silence?.cancel()
    silence = nil
    drop()
    guard canSend, outgoing?.isOwing ?? false else { return finish(.upon) }
    state.insert([.lingering, .ended])
    state.remove(.reading)
    group.connections.startedLingering()
    updateWatch()
  }

  /// Goes over to a source that has not accepted it.
  func forgetOrdinal() {
    ordinal = 0
  }

  /// Closes it when what is queued has been sent, and reads no more.
  func close() {
    if isClosed { return }
    if outgoing?.isEmpty ?? true { return finish(.upon) }
    state.insert(.closing)
    state.remove(.reading)
    drop()
    updateWatch()
  }

  /// Closes the descriptor here: the command that got it has its own.
  func giveAway() {
    closeDescriptor()
  }

  private func closeDescriptor() {
    guard descriptor >= 0 else { return }
    Platform.close(descriptor)
    forgetDescriptor()
  }

  /// The end, however it came about.
  func finish(_ end: End, code: Int32 = 0) {
    guard !isClosed else { return }
    state.insert(.closed)
    outgoing?.tellGone()
    outgoing = nil
    silence?.cancel()
    silence = nil
    drop()
    group.set.forget(self)
    closeDescriptor()
    let port = group.port
    port?.ended(self)
    if let port, port.isOpen, !isGiven { offerEnd(end, code, to: port) }
    group.closed(id)
    group.connections.remove(self)
  }

  private func offerEnd(_ end: End, _ code: Int32, to port: Port) {
    if end == .unsent || end == .error {
      let event = begin(StreamEvent.error, at: .now)
      var text =
        end == .unsent ? "more than \(Outgoing.limit >> 20) MiB wait to be sent" : systemError(code)
      text.withUTF8 {
        event.add("error", .bytes(UnsafeRawBufferPointer($0)))
        port.offer(event)
      }
      group.diagnostics.life("\(port.title): connection \(id): \(text)")
    }
    guard port.isOpen else { return }
    let event = begin(StreamEvent.close, at: .now)
    event.add("bytes_in", .uint(bytesIn))
    event.add("bytes_out", .uint(bytesOut))
    event.add("duration_us", .int((Clock.monotonic() - openedAt) / 1000))
    event.add("reason", .text(end.name))
    port.offer(event)
  }
}
