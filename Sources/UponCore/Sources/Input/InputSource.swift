import EventLoop
import Platform

/// Reads an inherited descriptor and offers its records.
///
/// Framing is pull: the next record is looked for when the port can take it, and what has not been framed stays here,
/// also over the end of input.
final class InputSource: Source {
  /// At most this much is read in one turn, so that a flood starves no other source.
  private static let turnBudget = 1 << 18

  let isPausable = true
  private let plan: InputPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event()
  private var descriptor: InheritedDescriptor?
  private var bounded: BoundedReader?
  private var watch: DescriptorWatch?
  private var edge: EdgeWatch?
  private var turn: Turn?
  private var silence: Silence?
  private var buffer = FrameBuffer()
  private var isAtEnd = false
  /// When the bytes in the buffer were noticed.
  private var time = WallTime()
  /// The source that takes the place of this one, on the same descriptor.
  private weak var successor: InputSource?
  private weak var predecessor: InputSource?

  init(_ plan: InputPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    let descriptor = try services.descriptor(plan.descriptor, for: .reading)
    self.descriptor = descriptor
    if port.allowance != nil, descriptor.isPollable { bounded = BoundedReader(descriptor, plan) }
    turn = Turn(loop: services.loop, queue: .data) { [unowned self] in ready() }
    if let idle = plan.idle {
      silence = Silence(idle, loop: services.loop) { [unowned self] ordinal in offerIdle(ordinal) }
    }
    do throws(LoopError) {
      if !descriptor.isPollable {
        turn?.schedule()
      } else if bounded?.leavesBytes ?? false {
        // Bytes that are left in the descriptor would make a level-triggered watch spin.
        edge = try EdgeWatch(
          loop: services.loop, descriptor: descriptor.number, interest: .read, queue: .data
        ) { [unowned self] _ in ready() }
        try edge?.enable()
      } else {
        watch = DescriptorWatch(
          loop: services.loop, descriptor: descriptor.number, interest: .read, queue: .data
        ) { [unowned self] in ready() }
        try watch?.enable()
      }
    } catch {
      throw SourceFailure("descriptor \(plan.descriptor)", errno: error.code)
    }
  }

  func arm(replacing old: any Source) throws(SourceFailure) {
    try arm()
    guard let old = old as? InputSource, old.plan.descriptor == plan.descriptor else { return }
    old.successor = self
    predecessor = old
  }

  /// Goes on with what another has read and not offered.
  private func takeOver(_ old: InputSource) {
    swap(&buffer, &old.buffer)
    (isAtEnd, time) = (old.isAtEnd, old.time)
    predecessor = nil
    turn?.schedule()
  }

  func disarm() {
    watch?.disable()
    edge?.disable()
    turn?.cancel()
    silence?.cancel()
    predecessor?.successor = nil
    successor?.takeOver(self)
    // The next reader of a file begins where the last record taken ends.
    if let descriptor, descriptor.isRegularFile, !buffer.isEmpty {
      lseek(descriptor.number, off_t(-buffer.count), SEEK_CUR)
    }
  }

  func pause() {
    watch?.disable()
    turn?.cancel()
    silence?.pause()
  }

  func resume() {
    silence?.resume()
    // What is in the buffer comes first; it is often enough to be held again.
    turn?.schedule()
  }

  // MARK: Reading

  private func ready() {
    readOn()
    if port.canTake, !isAtEnd { try? watch?.enable() }
  }

  private func readOn() {
    var budget = Self.turnBudget
    offerBuffered()
    while port.canTake, !isAtEnd {
      if budget <= 0 {
        turn?.schedule()
        return
      }
      let room = buffer.room()
      guard let place = room.baseAddress, let descriptor else { return }
      let transfer =
        if let bounded {
          bounded.read(into: place, room.count, buffered: buffer.count, allowance: port.allowance ?? .max)
        } else {
          descriptor.read(into: place, room.count)
        }
      guard case .bytes(let count) = transfer else {
        stopped(by: transfer)
        return
      }
      budget -= count
      time = .now
      silence?.broken()
      buffer.commit(count)
      offerBuffered()
      // A short read has emptied a pipe; asking again would cost a call to hear so.
      if watch != nil, count < room.count { return }
    }
  }

  private func stopped(by transfer: InheritedDescriptor.Transfer) {
    switch transfer {
    case .bytes: break
    case .wouldBlock:
      if bounded?.sawNewBytes ?? false { silence?.broken() }
      if let descriptor, !descriptor.isPollable { turn?.schedule() }
    case .end:
      isAtEnd = true
      offerBuffered()
    case .failed(let code):
      offerBuffered()
      event.begin(InputEvent.error, at: .now)
      port.fail(SourceFailure("", errno: code), offering: event)
    }
  }

  // MARK: Offering

  /// Offers every record that is complete, while the port can take it.
  private func offerBuffered() {
    let port = port
    while port.canTake {
      guard let length = nextLength() else { break }
      offer(length, to: port)
    }
    guard isAtEnd, buffer.isEmpty, port.canTake else { return }
    event.begin(InputEvent.end, at: .now)
    port.offer(event)
    port.end()
  }

  /// The next record: its data, the line end behind it, and whether more of the record follows.
  private struct Length {
    var data: Int
    var lineEnd = 0
    var isPartial = false
  }

  @inline(__always)
  private func nextLength() -> Length? {
    guard !buffer.isEmpty else { return nil }
    guard case .delimited(let delimiter) = plan.frame else {
      return Length(data: min(buffer.count, plan.max))
    }
    guard let distance = buffer.distance(to: delimiter) else {
      // One byte more than the longest record may be the CR of a line end that is on its way.
      if buffer.count > plan.max + (isAtEnd ? 0 : 1) { return Length(data: plan.max, isPartial: true) }
      return isAtEnd ? Length(data: buffer.count) : nil
    }
    var length = Length(data: distance, lineEnd: 1)
    if delimiter == UInt8(ascii: "\n"), distance > 0, buffer.front(distance).last == UInt8(ascii: "\r") {
      length = Length(data: distance - 1, lineEnd: 2)
    }
    return length.data > plan.max ? Length(data: plan.max, isPartial: true) : length
  }

  @inline(__always)
  private func offer(_ length: Length, to port: Port) {
    event.begin(plan.principal, at: time)
    event.add(data: buffer.front(length.data), lineEnd: length.lineEnd)
    if length.isPartial { event.add("partial", .bool(true)) }
    port.offer(event)
    buffer.consume(length.data + length.lineEnd)
  }

  /// Offers an idle event, but first what may have come together with the deadline.
  private func offerIdle(_ ordinal: UInt64) {
    if let descriptor, descriptor.isReady(POLLIN) {
      ready()
      guard port.canTake, silence?.isOver ?? false else { return }
    }
    event.begin(InputEvent.idle, at: .now, count: ordinal)
    port.offer(event)
  }
}
