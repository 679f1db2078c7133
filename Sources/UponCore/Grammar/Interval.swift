/// A span of time in nanoseconds, never negative; the largest value stands for ever.
public struct Interval: Hashable, Comparable, Sendable {
  public let nanoseconds: Int64

  public static let forever = Interval(nanoseconds: .max)

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static func < (left: Interval, right: Interval) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The moment this span after `start`, clamped to the end of time.
  @inlinable
  public func after(_ start: Int64) -> Int64 {
    let (sum, overflow) = start.addingReportingOverflow(nanoseconds)
    return overflow ? .max : sum
  }
}
