import Platform

extension timeval {
  /// Makes a wait of so many nanoseconds, rounded up to microseconds, for `event_add`.
  ///
  /// What has passed is zero. Waits above eleven days are cut, as libevent overflows on the longest ones:
  /// whoever waits looks at the clock and waits again.
  init(waiting nanoseconds: Int64) {
    let rounded = (min(max(nanoseconds, 0), 1_000_000_000_000_000) + 999) / 1000
    self.init(tv_sec: Int(rounded / 1_000_000), tv_usec: Int(rounded % 1_000_000))
  }
}
