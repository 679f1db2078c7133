/// A monotonic clock that stands still until its loop is told to advance, so that what waits is tested without waiting.
public final class ManualClock {
  /// The time, in nanoseconds.
  public internal(set) var now: Int64

  /// Makes a clock that shows `now`.
  public init(now: Int64 = 1_000_000_000) {
    self.now = now
  }
}

extension EventLoop {
  /// Sets the loop's own clock forward and fires the timers that come due on the way, each at its time, until `stop()`.
  ///
  /// Must not be called from a handler, nor on a loop that goes by the clock of the system.
  public func advance(by nanoseconds: Int64) {
    guard let clock else { preconditionFailure("the loop goes by the clock of the system") }
    let end = clock.now + nanoseconds
    while nextDeadline <= end, !stopping {
      clock.now = max(clock.now, nextDeadline)
      timers.fire()
    }
    clock.now = end
  }
}
