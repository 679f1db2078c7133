import EventLoop
import Platform

/// Reads what a command writes into a pipe, and offers its records.
///
/// Framing is pull: the next record is looked for when the port can take it; while it cannot, nothing is read, and the
/// command waits for room in the pipe.
final class PipeRecords {
  /// At most this much is read in one turn, so that a flood starves no other source.
  private static let turnBudget = 1 << 18

  private unowned(unsafe) var port: Port
  private let loop: EventLoop
  private let event = Event(capacity: 2)
  private var index: Int
  private var plan: StreamPlan
  private var descriptor: Descriptor?
  private let number: Int32
  private var watch: DescriptorWatch?
  private var turn: Turn?
  private var silence: Silence?
  private var buffer = FrameBuffer()
  private var time = WallTime()
  private let onProgress: () -> Void
  /// Whether no more is read; what has been read may not have been offered.
  private var isAtEnd = false
  /// How much of what is in the pipe was written before the exit; nil before that.
  private var owed: Int?
  /// Whether the pipe is closed when the process has exited, whoever holds it.
  var closes = false

  /// Owns the descriptor; `start` begins to read it.
  init(
    _ descriptor: consuming Descriptor, _ index: Int, _ plan: StreamPlan, port: Port, loop: EventLoop,
    onProgress: @escaping () -> Void
  ) {
    descriptor.setNonblocking()
    number = descriptor.number
    self.descriptor = consume descriptor
    self.index = index
    self.plan = plan
    self.port = port
    self.loop = loop
    self.onProgress = onProgress
    turn = Turn(loop: loop, queue: .data) { [unowned self] in ready() }
    watch = DescriptorWatch(loop: loop, descriptor: number, interest: .read, queue: .data) {
      [unowned self] in ready()
    }
  }

  deinit {
    watch?.disable()
  }

  func start() {
    if let idle = plan.idle {
      silence = Silence(idle, loop: loop) { [unowned self] in offerIdle($0) }
    }
    if port.canTake { watchOn() }
  }

  /// Whether all has been offered and nothing more comes.
  var isEnded: Bool { isAtEnd && buffer.isEmpty }

  /// Whether all that was written before the exit has been offered; the beginning of a line may be left.
  var isCaughtUp: Bool { isEnded || owed.map { $0 <= 0 } ?? false && !isAtEnd && !hasRecord }

  private var hasRecord: Bool { nextRecord() != nil }

  func move(to other: Port, _ plan: StreamPlan, index: Int) {
    port = other
    self.plan = plan
    self.index = index
    silence?.cancel()
    silence = plan.idle.map { idle in
      Silence(idle, loop: loop) { [unowned self] in offerIdle($0) }
    }
    resume()
  }

  func pause() {
    watch?.disable()
    turn?.cancel()
    silence?.pause()
  }

  func resume() {
    silence?.resume()
    turn?.schedule()
  }

  /// The process has exited: what is in the pipe was written before, as far as it can be told.
  func catchUp(andClose isClosed: Bool) {
    owed = isAtEnd ? 0 : max(Int(upon_fionread(number)), 0)
    closes = closes || isClosed
    ready()
  }

  /// Gives the pipe to a process that passes on what comes, and closes it here.
  func letGo(to number: Int32, _ services: Services) {
    watch?.disable()
    turn?.cancel()
    silence?.cancel()
    guard let own = descriptor.take(), !isAtEnd else { return }
    Relay.start(from: own, to: number, services)
  }

  // MARK: Reading

  private func watchOn() {
    if isAtEnd { return }
    do throws(LoopError) { try watch?.enable() } catch { end() }
  }

  private func ready() {
    if port.canTake { readOn() }
    if port.canTake { watchOn() }
    onProgress()
  }

  private func readOn() {
    var budget = Self.turnBudget
    offerBuffered()
    while port.canTake, !isAtEnd {
      if let owed, owed <= 0, closes { return end() }
      if budget <= 0 {
        turn?.schedule()
        return
      }
      let room = buffer.room()
      guard let base = room.baseAddress else { return }
      let count = Platform.read(number, base, min(room.count, closes ? owed ?? room.count : room.count))
      guard count > 0 else {
        if count < 0, errno == EAGAIN || errno == EINTR {
          if owed != nil { owed = 0 }
          if closes, owed != nil { end() }
          return
        }
        return end()
      }
      budget -= count
      if owed != nil { owed! -= count }
      time = .now
      buffer.commit(count)
      if silence?.broken() ?? false { offerActive() }
      offerBuffered()
    }
  }

  private func end() {
    isAtEnd = true
    watch?.disable()
    silence?.cancel()
    descriptor = nil
    offerBuffered()
  }

  // MARK: Offering

  private func offerBuffered() {
    let port = port
    while port.canTake, let record = nextRecord() {
      event.begin(index, at: time)
      event.add(data: buffer.front(record.length), lineEnd: record.lineEnd)
      event.add(record.extent)
      port.offerOutput(event)
      buffer.consume(record.total)
    }
  }

  @inline(__always)
  private func nextRecord() -> Framing.Record? {
    buffer.next(plan.framing, isAtEnd ? .record : .waits)
  }

  /// Tells that a silence which was told is over.
  private func offerActive() {
    event.begin(RunEvent.active, at: time)
    port.offerOutput(event)
  }

  /// Offers an idle event, but first what may have come together with the deadline.
  private func offerIdle(_ ordinal: UInt64) {
    guard port.canTake, owed == nil else { return }
    readOn()
    guard port.canTake, silence?.isOver ?? false else { return }
    event.begin(RunEvent.idle, at: .now, count: ordinal)
    port.offerOutput(event)
  }
}
