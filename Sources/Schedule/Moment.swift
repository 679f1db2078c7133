/// A moment of the wall clock: microseconds since 1970 in UTC, without leap seconds.
public struct Moment: Hashable, Comparable, Sendable {
  public let microseconds: Int64

  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Makes a moment of what `clock_gettime` tells; one that is too far away is the nearest that can be said.
  public init(seconds: Int64, microseconds: Int32 = 0) {
    let (whole, tooFar) = seconds.multipliedReportingOverflow(by: .second)
    let (sum, overflow) = whole.addingReportingOverflow(Int64(microseconds))
    self.microseconds = tooFar || overflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// The whole seconds since 1970, rounded towards the past.
  public var seconds: Int64 { microseconds.floorDivided(by: .second) }

  public static func < (left: Moment, right: Moment) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension Int64 {
  /// The microseconds in a second.
  static let second: Int64 = 1_000_000
  /// The microseconds in a day.
  static let day: Int64 = 86_400_000_000

  /// The quotient rounded towards minus infinity; `divisor` is positive.
  func floorDivided(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
