import Platform

/// The wall clock of a loop: it knows the timers that count on it and sets them anew when the clock is set.
///
/// One serves all timers of a loop. Where the kernel does not tell that the clock was set, it is looked at each second
/// while a timer waits.
public final class WallClock {
  private static let second: Int64 = 1_000_000_000
  /// How far the two clocks may drift apart between two looks before that counts as a step.
  private static let tolerance: Int64 = 50_000_000

  let loop: EventLoop
  private let descriptor: Int32
  private var watch: DescriptorWatch?
  private var look: Timer?
  /// How far the wall clock was ahead of the monotonic one at the last look.
  private var distance: Int64 = 0
  /// Those that wait. Unmanaged is safe: a timer takes itself out before it goes.
  private var waiting: [ObjectIdentifier: Unmanaged<WallTimer>] = [:]

  /// Begins to watch the clock. The corresponding C functions are those of `timerfd`.
  public init(loop: EventLoop) throws(LoopError) {
    self.loop = loop
    descriptor = upon_clock_watch()
    guard descriptor >= 0 else {
      look = Timer(loop: loop) { [unowned self] _ in lookAgain() }
      return
    }
    watch = DescriptorWatch(loop: loop, descriptor: descriptor, interest: .read, queue: .urgent) {
      [unowned self] in
      upon_clock_watch_again(descriptor)
      clockWasSet()
    }
    try watch?.enable()
  }

  deinit {
    watch?.disable()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Returns microseconds since 1970 on the wall clock.
  public static func now() -> Int64 {
    let (seconds, nanoseconds) = Clock.realtime()
    return seconds * 1_000_000 + Int64(nanoseconds) / 1000
  }

  func add(_ timer: WallTimer) {
    waiting[ObjectIdentifier(timer)] = .passUnretained(timer)
    guard let look, look.deadline == nil else { return }
    distance = Self.distance
    look.arm(at: Clock.monotonic() + Self.second)
  }

  func remove(_ timer: WallTimer) {
    waiting[ObjectIdentifier(timer)] = nil
    if waiting.isEmpty { look?.cancel() }
  }

  private static var distance: Int64 {
    let monotonic = Clock.monotonic()
    let (seconds, nanoseconds) = Clock.realtime()
    return seconds * second + Int64(nanoseconds) - monotonic
  }

  private func lookAgain() {
    let found = Self.distance
    if abs(found - distance) > Self.tolerance { clockWasSet() }
    distance = found
    if !waiting.isEmpty { look?.arm(at: Clock.monotonic() + Self.second) }
  }

  private func clockWasSet() {
    for timer in Array(waiting.values) { timer.takeUnretainedValue().clockWasSet() }
  }
}
