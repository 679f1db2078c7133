/// Writes moments as RFC 3339 in UTC, with microseconds.
///
/// The text of the last second is kept: a burst of records shares it.
struct Timestamp {
  private var second: Int64 = .min
  /// `2026-11-23T07:00:00.`
  private var text: InlineArray<20, UInt8> = .init(repeating: 0)

  static let length = 27

  mutating func write(_ time: WallTime, to output: inout ByteQueue) {
    let place = output.room(for: Self.length).assumingMemoryBound(to: UInt8.self)
    write(time, at: place)
    output.commit(Self.length)
  }

  @inline(__always)
  private mutating func write(_ time: WallTime, at place: UnsafeMutablePointer<UInt8>) {
    if time.seconds != second { format(time.seconds) }
    for index in 0..<20 { place[index] = text[index] }
    var rest = UInt32(bitPattern: time.microseconds)
    var index = 25
    while index >= 20 {
      place[index] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
      index -= 1
    }
    place[26] = UInt8(ascii: "Z")
  }

  @inline(never)
  private mutating func format(_ seconds: Int64) {
    second = seconds
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

  private mutating func put(_ value: Int, _ width: Int, at place: Int, then mark: UInt8) {
    var rest = value
    for index in stride(from: place + width - 1, through: place, by: -1) {
      text[index] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
    }
    text[place + width] = mark
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
