/// Writes moments as RFC 3339 in UTC, with microseconds.
///
/// The text of the last moment is kept: the records of a batch share it, and those of a second all but its end.
struct Timestamp {
  static let length = 27

  private var last = WallTime(seconds: .min, microseconds: 0)
  /// `2026-11-23T07:00:00.123456Z`
  private var text: InlineArray<27, UInt8> = .init(repeating: UInt8(ascii: "Z"))

  @inline(__always)
  mutating func write(_ time: WallTime, to output: inout ByteQueue) {
    if time != last { format(time) }
    let target = output.room(for: Self.length)
    text.span.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: Self.length) }
    output.commit(Self.length)
  }

  @inline(never)
  private mutating func format(_ time: WallTime) {
    if time.seconds != last.seconds { format(time.seconds) }
    last = time
    put(Int(time.microseconds), 6, at: 20, then: UInt8(ascii: "Z"))
  }

  private mutating func format(_ seconds: Int64) {
    let day = seconds.floorDivided(by: 86400)
    let inDay = Int(seconds - day * 86400)
    let (year, month, dayOfMonth) = Self.civil(day)
    put(year, 4, at: 0, then: UInt8(ascii: "-"))
    put(month, 2, at: 5, then: UInt8(ascii: "-"))
    put(dayOfMonth, 2, at: 8, then: UInt8(ascii: "T"))
    put(inDay / 3600, 2, at: 11, then: UInt8(ascii: ":"))
    put(inDay / 60 % 60, 2, at: 14, then: UInt8(ascii: ":"))
    put(inDay % 60, 2, at: 17, then: UInt8(ascii: "."))
  }

  private mutating func put(_ value: Int, _ width: Int, at start: Int, then mark: UInt8) {
    var rest = value
    for index in stride(from: start + width - 1, through: start, by: -1) {
      text[index] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
    }
    text[start + width] = mark
  }

  /// The date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
  ///
  /// Years are counted from March, so that the leap day is the last of its year and no month needs a case of its own.
  static func civil(_ day: Int64) -> (year: Int, month: Int, day: Int) {
    let fromEra = day + 719_468  // days from 0000-03-01 to 1970-01-01
    let era = fromEra.floorDivided(by: 146_097)
    let dayOfEra = fromEra - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))
  }
}

extension Int64 {
  /// The quotient rounded towards minus infinity; `divisor` is positive.
  func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
