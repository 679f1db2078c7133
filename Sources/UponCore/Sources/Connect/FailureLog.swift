/// Decides which of many failures are told, so that a person can follow: each new reason, at most once a second, and
/// the same one again at growing distances.
struct FailureLog {
  private static let shortest: Int64 = 1_000_000_000
  private static let longest: Int64 = 60_000_000_000

  private var last: String?
  private var toldAt: Int64 = 0
  private var distance = shortest

  /// Whether this one is told; `now` is a time of the monotonic clock.
  mutating func tells(_ reason: String, at now: Int64) -> Bool {
    let isNew = reason != last
    guard last == nil || now - toldAt >= (isNew ? Self.shortest : distance) else { return false }
    distance = isNew ? Self.shortest : min(distance * 2, Self.longest)
    last = reason
    toldAt = now
    return true
  }

  /// Forgets what has been told: the next failure is a new one.
  mutating func reset() {
    self = FailureLog()
  }
}
