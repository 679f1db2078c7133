import Platform

/// Calls its handler once, not before a time of the wall clock, whatever becomes of the clock meanwhile.
///
/// It waits on the monotonic clock, and is set anew when the wall clock is set forward or back and after a suspend.
public final class WallTimer {
  private let clock: WallClock
  private let handler: (_ now: Int64) -> Void
  private var timer: Timer?
  /// The time it waits for, in microseconds since 1970; nil when it does not wait.
  public private(set) var deadline: Int64?
  /// Called when the wall clock has been set while the timer waits, before it is set anew; it may arm or cancel it.
  public var onClockSet: () -> Void = {}

  /// Makes a timer that waits for nothing; the handler is told the time, in microseconds since 1970.
  public init(clock: WallClock, handler: @escaping (_ now: Int64) -> Void) {
    self.clock = clock
    self.handler = handler
    timer = Timer(loop: clock.loop) { [unowned self] _ in look() }
  }

  /// Waits for `deadline`, in microseconds since 1970, instead of what it waited for before.
  public func arm(at deadline: Int64) {
    if self.deadline == nil { clock.add(self) }
    self.deadline = deadline
    wait()
  }

  /// Stops waiting.
  public func cancel() {
    if deadline != nil { clock.remove(self) }
    deadline = nil
    timer?.cancel()
  }

  /// When it fires if the clock is not set, in nanoseconds of `Clock.monotonic()`; nil when it does not wait.
  public var monotonicDeadline: Int64? { timer?.deadline }

  func clockWasSet() {
    onClockSet()
    if deadline != nil { wait() }
  }

  private func wait() {
    guard let deadline else { return }
    let (left, overflow) = (deadline - WallClock.now()).multipliedReportingOverflow(by: 1000)
    let (moment, isEndless) = Clock.monotonic().addingReportingOverflow(left)
    timer?.arm(at: overflow || isEndless ? .max - 1 : moment)
  }

  /// The clocks are read one after the other, so that the wall clock may not be there yet.
  private func look() {
    guard let deadline else { return }
    let now = WallClock.now()
    if now < deadline { return wait() }
    cancel()
    handler(now)
  }

  deinit {
    cancel()
  }
}
