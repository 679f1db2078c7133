import CSystem
import EventLoop
import Glibc

/// One open stream socket of upon's own.
///
/// It offers its records to the feed of its group. Framing is pull: while the consumer is held, unframed bytes are kept
/// and nothing more is read, so that the sender is held as well. The descriptor belongs to the connection.
final class Connection: DescriptorSet.Member {
  /// Why a connection is over.
  enum End: UInt8 {
    case peer, reset, timeout, error, unsent, upon

    var name: StaticString {
      switch self {
      case .peer: "peer"
      case .reset: "reset"
      case .timeout: "timeout"
      case .error: "error"
      case .unsent: "unsent"
      case .upon: "upon"
      }
    }
  }

  struct State: OptionSet {
    let rawValue: UInt16
    /// It is in the line of those that may go on, or of those that wait for the feed.
    static let queued = State(rawValue: 1)
    /// It waits for input.
    static let reading = State(rawValue: 2)
    /// The peer has finished sending, or is gone.
    static let ended = State(rawValue: 4)
    /// It closes when all has been sent.
    static let closing = State(rawValue: 8)
    static let closed = State(rawValue: 16)
    /// A command has it, or gets it: upon does not read it.
    static let given = State(rawValue: 32)
    /// Its source has ended.
    static let lingering = State(rawValue: 64)
    /// Nobody is there to read an answer.
    static let gone = State(rawValue: 128)
    /// Its silence does not count at the moment.
    static let hushed = State(rawValue: 256)
    /// `end` has been offered.
    static let toldEnd = State(rawValue: 512)
  }

  /// Where the ends of a connection are.
  final class Endpoints {
    let peer: SocketAddress
    let local: SocketAddress?
    /// The process at the other end of a unix socket.
    let credentials: Credentials?

    init(peer: SocketAddress, local: SocketAddress?, credentials: Credentials?) {
      self.peer = peer
      self.local = local
      self.credentials = credentials
    }
  }

  let id: UInt64
  let group: ConnectionGroup
  var state: State = []
  private var ending = End.peer
  private var holds: UInt16 = 0
  private let peerLength: UInt16
  private let peerBytes: UnsafeMutableRawPointer
  private let openedAt: Int64
  /// The number of the connection within its group, from 1.
  let ordinal: Int
  /// Where its ends are, for the command that gets it.
  var endpoints: Endpoints?
  private(set) var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  private var partial: PartialRecord?
  var outgoing: Outgoing?
  private var silence: Silence?

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
    event.begin(index, at: time, count: count, on: self)
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
    var wanted: DescriptorSet.Readiness = []
    if state.contains(.reading) { wanted.insert(.input) }
    if outgoing?.isEmpty == false { wanted.insert(.output) }
    do throws(LoopError) {
      try group.set.watch(self, for: wanted)
    } catch {
      ended(.error, code: error.code)
    }
  }

  override func ready(_ readiness: DescriptorSet.Readiness) -> Int {
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

  /// Closes it when what is queued has been sent, and reads no more.
  func close() {
    if isClosed { return }
    if outgoing?.isEmpty ?? true { return finish(.upon) }
    state.insert(.closing)
    state.remove(.reading)
    drop()
    updateWatch()
  }

  /// Closes it at once.
  func abort() {
    if !isClosed { finish(.upon) }
  }

  /// Closes the descriptor here: the command that got it has its own.
  func giveAway() {
    closeDescriptor()
  }

  private func closeDescriptor() {
    guard descriptor >= 0 else { return }
    CSystem.close(descriptor)
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
    group.set.remove(self)
    closeDescriptor()
    let feed = group.feed
    feed?.connectionClosed(self)
    if let feed, feed.isOpen, !isGiven { offerEnd(end, code, to: feed) }
    group.closed(id)
    group.connections.remove(self)
  }

  private func offerEnd(_ end: End, _ code: Int32, to feed: Feed) {
    if end == .unsent || end == .error {
      let event = begin(StreamEvent.error, at: .now)
      var text =
        end == .unsent ? "more than \(Outgoing.limit >> 20) MiB wait to be sent" : systemError(code)
      text.withUTF8 {
        event.add("error", .bytes(UnsafeRawBufferPointer($0)))
        feed.offer(event)
      }
      feed.session.services.diagnostics.life("\(feed.title): connection \(id): \(text)")
    }
    guard feed.isOpen else { return }
    let event = begin(StreamEvent.close, at: .now)
    event.add("bytes_in", .uint(bytesIn))
    event.add("bytes_out", .uint(bytesOut))
    event.add("duration_us", .int((Clock.monotonic() - openedAt) / 1000))
    event.add("reason", .text(end.name))
    feed.offer(event)
  }

  // MARK: Holds

  /// Stops offering records until as many releases have come; what waits for a command holds the connection.
  func hold() {
    holds += 1
    guard holds == 1, !isClosed, !isGiven else { return }
    updateSilence()
  }

  func release() {
    holds -= 1
    guard holds == 0, !isClosed, !isGiven else { return }
    updateSilence()
    if !state.contains(.reading) { wake() }
  }

  @inline(__always)
  private var canTake: Bool { holds == 0 && state.isDisjoint(with: [.closed, .closing]) && group.canTake }

  /// Stops reading: somebody has to be waited for.
  private func park() {
    if isClosed { return }
    state.remove(.reading)
    updateWatch()
    // Its own hold wakes it by itself.
    guard holds == 0, state.isDisjoint(with: [.queued, .closed, .closing]) else { return }
    state.insert(.queued)
    group.park(self)
  }

  private func wake() {
    guard !state.contains(.queued) else { return }
    state.insert(.queued)
    group.wake(self)
  }

  /// Offers what has been kept, then reads on.
  func proceed() {
    state.remove(.queued)
    if !state.isDisjoint(with: [.closed, .closing, .lingering]) { return }
    if let partial, canTake {
      group.time = .now
      frameKept(partial)
    }
    guard canTake else { return park() }
    if hasEnded { return conclude() }
    if state.contains(.reading) { return }
    state.insert(.reading)
    updateWatch()
  }

  // MARK: Silence

  func updateSilence() {
    let counts = holds == 0 && group.feed?.isHeld == false && !hasEnded
    if counts == !state.contains(.hushed) { return }
    if counts {
      state.remove(.hushed)
      silence?.resume()
    } else {
      state.insert(.hushed)
      silence?.pause()
    }
  }

  /// Offers an idle event, but first what may have come together with the deadline.
  private func offerIdle(_ ordinal: UInt64) {
    guard canTake, let feed = group.feed else { return }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&entry, 1, 0) > 0, state.contains(.reading) {
      _ = read()
      guard canTake, silence?.isOver ?? false else { return }
    }
    feed.offer(begin(StreamEvent.idle, at: .now, count: ordinal))
  }

  // MARK: Reading

  private func read() -> Int {
    guard canTake else {
      park()
      return 0
    }
    let buffer = group.connections.buffer
    let count = recv(descriptor, buffer, Connections.bufferSize, Int32(MSG_DONTWAIT))
    if count > 0 {
      bytesIn &+= UInt64(count)
      silence?.broken()
      group.time = .now
      take(UnsafeRawBufferPointer(start: buffer, count: count))
      return count
    }
    let code = count == 0 ? 0 : errno
    switch code {
    case EAGAIN, EINTR: break
    case 0: ended(.peer)
    case ECONNRESET, EPIPE: ended(.reset)
    case ETIMEDOUT: ended(.timeout)
    default: ended(.error, code: code)
    }
    return 0
  }

  /// Offers what is complete and keeps the rest.
  @inline(__always)
  private func take(_ bytes: UnsafeRawBufferPointer) {
    if partial == nil {
      let used = frame(bytes)
      if used < bytes.count { keep(UnsafeRawBufferPointer(rebasing: bytes[used...])) }
    } else {
      takeBehindPartial(bytes)
    }
    if !canTake { park() }
  }

  /// Completes the record that has begun, then goes on without a copy.
  @inline(never)
  private func takeBehindPartial(_ bytes: UnsafeRawBufferPointer) {
    guard let partial else { return }
    var first = bytes.count
    if case .delimited(let delimiter) = group.plan.frame,
      let place = memchr(bytes.baseAddress!, Int32(delimiter), bytes.count)
    {
      first = UnsafeRawPointer(place) - bytes.baseAddress! + 1
    }
    append(UnsafeRawBufferPointer(rebasing: bytes[..<first]), to: partial)
    frameKept(partial)
    guard first < bytes.count else { return }
    if self.partial != nil { return keep(UnsafeRawBufferPointer(rebasing: bytes[first...])) }
    take(UnsafeRawBufferPointer(rebasing: bytes[first...]))
  }

  private func frameKept(_ partial: PartialRecord) {
    let used = frame(partial.bytes)
    // A consumer may have closed the connection.
    guard self.partial === partial else { return }
    partial.consume(used)
    group.connections.kept -= used
    if partial.count == 0 { self.partial = nil }
  }

  private func keep(_ bytes: UnsafeRawBufferPointer) {
    if bytes.isEmpty || !state.isDisjoint(with: [.closed, .closing]) { return }
    if let partial { return append(bytes, to: partial) }
    partial = PartialRecord(bytes)
    group.connections.kept += bytes.count
  }

  private func append(_ bytes: UnsafeRawBufferPointer, to partial: PartialRecord) {
    partial.append(bytes)
    group.connections.kept += bytes.count
  }

  private func drop() {
    group.connections.kept -= partial?.count ?? 0
    partial = nil
  }

  /// Offers the records that are complete, while they are taken; returns how many bytes that was.
  @inline(__always)
  private func frame(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let count = bytes.count
    let longest = group.plan.max
    var start = 0
    guard case .delimited(let delimiter) = group.plan.frame else {
      while start < count, canTake {
        let length = min(count - start, longest)
        offer(base + start, length, lineEnd: 0, isPartial: false)
        start += length
      }
      return start
    }
    // Up to here no delimiter is left unfound; at `found` is the next one.
    var found = -1
    while start < count, canTake {
      if found < start {
        found =
          memchr(base + start, Int32(delimiter), count - start)
          .map { UnsafeRawPointer($0) - base } ?? count
      }
      var length = found - start
      var lineEnd = found < count ? 1 : 0
      if lineEnd == 1, delimiter == UInt8(ascii: "\n"), length > 0,
        base.load(fromByteOffset: found - 1, as: UInt8.self) == UInt8(ascii: "\r")
      {
        length -= 1
        lineEnd = 2
      }
      if length > longest, lineEnd > 0 || hasEnded || length > longest + 1 {
        // One byte more than the longest record may be the CR of a line end that is on its way.
        offer(base + start, longest, lineEnd: 0, isPartial: true)
        start += longest
        continue
      }
      if lineEnd == 0, !hasEnded {
        guard group.connections.kept > Connections.keptLimit else { break }
        offer(base + start, length, lineEnd: 0, isPartial: true)
      } else {
        offer(base + start, length, lineEnd: lineEnd, isPartial: false)
      }
      start += length + lineEnd
    }
    return start
  }

  @inline(__always)
  private func offer(_ place: UnsafeRawPointer, _ length: Int, lineEnd: Int, isPartial: Bool) {
    guard let feed = group.feed else { return }
    let event = begin(group.plan.record, at: group.time)
    event.add(data: UnsafeRawBufferPointer(start: place, count: length), lineEnd: lineEnd)
    if isPartial { event.add("partial", .bool(true)) }
    feed.offer(event)
  }

  // MARK: The end of input

  private func ended(_ end: End, code: Int32 = 0) {
    if isClosed || hasEnded { return }
    ending = end
    state.insert(.ended)
    state.remove(.reading)
    updateSilence()
    if end != .peer {
      state.insert(.gone)
      outgoing?.tellGone()
    }
    if let partial, canTake {
      group.time = .now
      frameKept(partial)
    }
    guard canTake else { return park() }
    conclude(code)
  }

  /// Closes the connection when nothing is left to deliver or to send.
  func conclude(_ code: Int32 = 0) {
    if isClosed || partial != nil && !isLingering { return }
    if canSend, outgoing?.isOwing ?? false { return updateWatch() }
    if isLingering { return finish(.upon) }
    guard canTake else { return park() }
    finish(ending, code: code)
  }
}
