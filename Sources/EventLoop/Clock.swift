import Platform

/// Reads the clocks of the system.
///
/// The corresponding C function is `clock_gettime`.
public enum Clock {
  /// Returns nanoseconds of a clock that only goes forward and stops while the system is suspended.
  ///
  /// The clock is `CLOCK_MONOTONIC`, the one that timers count on.
  public static func monotonic() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Returns the wall clock as seconds since 1970 and nanoseconds within the second.
  ///
  /// The clock is `CLOCK_REALTIME`; it can be set forward and back.
  public static func realtime() -> (seconds: Int64, nanoseconds: Int32) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return (Int64(time.tv_sec), Int32(truncatingIfNeeded: time.tv_nsec))
  }
}
