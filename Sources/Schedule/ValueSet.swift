/// A set of numbers from 0 to 63: the hours, minutes, days or months of a schedule.
struct ValueSet: Hashable, Sendable {
  var bits: UInt64

  init(bits: UInt64) { self.bits = bits }

  init(_ range: ClosedRange<Int>) {
    bits = (~0 >> UInt64(63 - (range.upperBound - range.lowerBound))) << UInt64(range.lowerBound)
  }

  init(_ values: some Sequence<Int>) {
    bits = values.reduce(0) { $0 | 1 << UInt64($1) }
  }

  static let empty = ValueSet(bits: 0)

  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }

  func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

  mutating func insert(_ value: Int) { bits |= 1 << UInt64(value) }

  mutating func formUnion(_ other: ValueSet) { bits |= other.bits }

  func subtracting(_ other: ValueSet) -> ValueSet { ValueSet(bits: bits & ~other.bits) }

  /// The smallest number of the set that is at least `value`.
  func first(from value: Int) -> Int? {
    let rest = value > 63 ? 0 : (bits >> UInt64(value)) << UInt64(value)
    return rest == 0 ? nil : rest.trailingZeroBitCount
  }

  /// The largest number of the set that is at most `value`.
  func last(through value: Int) -> Int? {
    let rest = value < 0 ? 0 : (bits << UInt64(63 - value)) >> UInt64(63 - value)
    return rest == 0 ? nil : 63 - rest.leadingZeroBitCount
  }

  /// How many numbers of the set are less than `value`, which is at most 63.
  func count(below value: Int) -> Int {
    (bits & (1 << UInt64(value) - 1)).nonzeroBitCount
  }

  /// The numbers in ascending order.
  var values: [Int] {
    var values: [Int] = []
    var rest = bits
    while rest != 0 {
      values.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return values
  }

  /// The numbers in ascending order, three neighbours or more as one range.
  var runs: [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for value in values {
      if let run = runs.last, run.upperBound == value - 1 {
        runs[runs.count - 1] = run.lowerBound...value
      } else {
        runs.append(value...value)
      }
    }
    return runs.flatMap { $0.count == 2 ? $0.map { $0...$0 } : [$0] }
  }
}
