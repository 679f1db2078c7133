/// A span of time in nanoseconds, never negative; the largest value stands for ever.
public struct Interval: Hashable, Comparable, Sendable {
  public let nanoseconds: Int64

  public static let forever = Interval(nanoseconds: .max)

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The span so many times, clamped to the longest.
  public func times(_ number: Int64) -> Interval {
    let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: number)
    return overflow ? .forever : Interval(nanoseconds: product)
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
