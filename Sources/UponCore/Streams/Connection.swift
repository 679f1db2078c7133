import EventLoop
import Platform

/// One open stream socket of upon's own.
///
/// It offers its records to the port of its group. Framing is pull: while the consumer is held, unframed bytes are kept
/// and nothing more is read, so that the sender is held as well. The descriptor belongs to the connection.
final class Connection: DescriptorSet.Member, Subject {
  let id: UInt64
  let group: ConnectionGroup
  let transport: Transport
  var state: State = []
  var stage = Stage.open
  /// Why nothing more comes from the peer; nil while it may send.
  var end: End?
  var holds: UInt16 = 0
  private let peerLength: UInt16
  private let peerBytes: UnsafeMutableRawPointer
  private let openedAt: Int64
  /// The number of the connection within its group, from 1; 0 where another source has accepted it.
  private(set) var ordinal: Int
  /// What a TCP connection that is read here does without.
  var endpoints: Endpoints?
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  var partial: PartialRecord?
  var outgoing: Outgoing?
  var silence: Silence?

  /// Takes over a connected, non-blocking socket; `start` begins to read it.
  ///
  /// With `given` it is for a command: blocking, and not read here. Without a transport of its own its bytes are those
  /// of the socket.
  init(
    _ descriptor: Int32, peer: String, group: ConnectionGroup, given: Bool = false,
    by transport: Transport? = nil
  ) {
    id = group.connections.nextID()
    self.transport = transport ?? group.connections.transport
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
  var isClosed: Bool { stage == .closed }
  /// Whether a command has it as its standard input and output.
  var isGiven: Bool { state.contains(.given) }
  var isLingering: Bool { state.contains(.lingering) }
  /// Whether an answer can still reach the peer.
  var canSend: Bool { !isClosed && !state.contains(.gone) }
  /// Whether nothing more comes from the peer.
  var hasEnded: Bool { end != nil }
  /// Whether something is to be sent before it may be closed: answers are waited for when the source has ended.
  var isOwing: Bool {
    guard canSend, let outgoing else { return false }
    return isLingering ? outgoing.isOwing : !outgoing.isEmpty
  }

  /// Begins an event of this connection with the fields that all of them have.
  @inline(__always)
  func begin(_ index: Int, at time: WallTime, count: UInt64 = 1) -> Event {
    let event = group.event
    event.begin(index, at: time, count: count, about: self)
    event.add("conn", .uint(id))
    event.add("peer", .bytes(peer))
    if let endpoints { endpoints.credentials?.add(to: event) }
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
    if state.contains(.reading) { wanted.formUnion(readsBy) }
    if outgoing?.isEmpty == false { wanted.formUnion(writesBy) }
    do throws(LoopError) {
      try group.set.watch(self, for: wanted)
    } catch {
      ended(.error(errno: error.code))
    }
  }

  /// What a reading waits for.
  private var readsBy: Readiness { state.contains(.readsByOutput) ? .output : .input }
  /// What a writing waits for.
  private var writesBy: Readiness { state.contains(.writesByInput) ? .input : .output }

  /// Takes note of what a transfer waits for; a plain socket never changes it.
  @inline(__always)
  func note(_ flag: State, _ isSet: Bool) {
    if state.contains(flag) == isSet { return }
    state.formSymmetricDifference(flag)
    updateWatch()
  }

  override func ready(_ readiness: Readiness) -> Int {
    if !readiness.isDisjoint(with: writesBy) { flush() }
    if isClosed { return 0 }
    if state.contains(.reading) {
      guard !readiness.isDisjoint(with: [readsBy, .hangup, .failure]) else { return 0 }
      return stage == .open ? read() : discard()
    }
    // Told once while nothing is read: what has come before is still to be read.
    if !readiness.isDisjoint(with: [.hangup, .failure]) { vanished() }
    return 0
  }

  /// Takes note that nobody reads any more; the runs that make answers are told.
  func vanished() {
    state.insert(.gone)
    outgoing?.tellGone()
    outgoing = nil
    if hasEnded || stage == .closing { conclude() }
  }

  /// Lets go of the source, which has ended; an answer that is on its way is sent.
  func abandon() {
    if isClosed { return }
    state.insert(.lingering)
    group.connections.startedLingering()
    beginClosing()
  }

  /// Goes over to a source that has not accepted it.
  func forgetOrdinal() {
    ordinal = 0
  }

  /// Closes it when what is queued has been sent.
  func close() {
    if stage == .open { beginClosing() }
  }

  private func beginClosing() {
    stage = .closing
    silence?.cancel()
    silence = nil
    drop()
    conclude()
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
  func finish(_ end: End) {
    guard !isClosed else { return }
    let takesLeave = end.takesLeave && !hasEnded && canSend && bytesOut > 0 && !isGiven
    stage = .closed
    outgoing?.tellGone()
    outgoing = nil
    silence?.cancel()
    silence = nil
    drop()
    if takesLeave {
      group.connections.takeLeave(of: self, in: group.set)
    } else {
      group.set.forget(self)
    }
    closeDescriptor()
    let port = group.port
    port?.ended(self)
    if let port, port.isOpen, !isGiven { offerEnd(end, to: port) }
    group.closed(id)
    group.connections.remove(self)
  }

  private func offerEnd(_ end: End, to port: Port) {
    if var text = end.message {
      let event = begin(StreamEvent.error, at: .now)
      group.diagnostics.life("\(port.title): connection \(id): \(text)")
      text.withUTF8 {
        event.add("error", .bytes(UnsafeRawBufferPointer($0)))
        port.offer(event)
      }
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
