extension TimeZone {
  /// The length of the longest text of a moment.
  public static let longestText = 32

  /// Writes a moment as RFC 3339 with the offset of this zone, `2026-12-24T18:00:00+01:00`; returns the length.
  ///
  /// A fraction is written, with six digits, where the moment has one. `place` has at least `longestText` bytes and
  /// stays the caller's. Years are those from 0 to 9999.
  ///
  /// An offset with seconds, of which RFC 3339 knows none, is cut to minutes, and the local time with it: it
  /// remains the same moment.
  public func write(_ moment: Moment, to buffer: UnsafeMutableRawBufferPointer) -> Int {
    var writer = DigitWriter(buffer: buffer)
    let known = min(max(moment.microseconds, -62_135_596_800 * .second), 253_402_214_400 * .second - 1)
    let minutes = offset(at: Moment(microseconds: known)) / 60
    let local = known + Int64(minutes) * 60 * .second
    let day = local.floorDivided(by: .day)
    let inDay = Int(local - day * .day)
    let date = CivilDate(dayNumber: day)

    writer.write(date.year, 4, after: nil)
    writer.write(date.month, 2, after: "-")
    writer.write(date.day, 2, after: "-")
    writer.write(inDay / 3_600_000_000, 2, after: "T")
    writer.write(inDay / 60_000_000 % 60, 2, after: ":")
    writer.write(inDay / 1_000_000 % 60, 2, after: ":")
    if inDay % 1_000_000 > 0 { writer.write(inDay % 1_000_000, 6, after: ".") }
    writer.write(abs(minutes) / 60, 2, after: minutes < 0 ? "-" : "+")
    writer.write(abs(minutes) % 60, 2, after: ":")
    return writer.length
  }

  /// The text that `write` writes.
  public func text(of moment: Moment) -> String {
    String(unsafeUninitializedCapacity: Self.longestText) {
      write(moment, to: UnsafeMutableRawBufferPointer($0))
    }
  }
}

/// Writes numbers of a fixed width one behind the other.
private struct DigitWriter {
  let buffer: UnsafeMutableRawBufferPointer
  var length = 0

  mutating func write(_ number: Int, _ width: Int, after mark: Unicode.Scalar?) {
    if let mark {
      buffer[length] = UInt8(ascii: mark)
      length += 1
    }
    var rest = number
    for index in stride(from: length + width - 1, through: length, by: -1) {
      buffer[index] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
    }
    length += width
  }
}
