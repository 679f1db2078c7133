extension TimeZoneRule {
  /// Reads a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil when it is none.
  ///
  /// The grammar is that of `TZ` in POSIX, with hours from -167 to 167 in the times of the changes. Where no days are
  /// given they are those of the United States, as in the C library.
  init?(_ text: some StringProtocol) {
    var cursor = TextCursor(text)
    guard Self.passName(&cursor), let west = Self.offset(&cursor) else { return nil }
    standard = -west
    guard !cursor.isAtEnd else {
      daylight = nil
      return
    }
    guard Self.passName(&cursor) else { return nil }
    var offset = standard + 3600
    if let next = cursor.next, next != UInt8(ascii: ",") {
      guard let west = Self.offset(&cursor) else { return nil }
      offset = -west
    }
    if cursor.isAtEnd { cursor = TextCursor(",M3.2.0,M11.1.0") }
    guard cursor.take(","), let start = Self.change(&cursor), cursor.take(","),
      let end = Self.change(&cursor),
      cursor.isAtEnd
    else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  /// Passes over the name of a time: three letters or more, or letters, digits and signs between `<` and `>`.
  private static func passName(_ cursor: inout TextCursor) -> Bool {
    if cursor.take("<") {
      let name = cursor.take {
        $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
      }
      return name.count >= 3 && cursor.take(">")
    }
    return cursor.take { $0.isLetter }.count >= 3
  }

  /// Reads the offset of a time in seconds west of UTC.
  private static func offset(_ cursor: inout TextCursor) -> Int64? {
    clock(&cursor, hours: 24)
  }

  /// Reads `[+-]hh[:mm[:ss]]` as seconds.
  private static func clock(_ cursor: inout TextCursor, hours limit: Int) -> Int64? {
    let sign: Int64 = cursor.take("-") ? -1 : 1
    if sign > 0 { _ = cursor.take("+") }
    guard let hours = cursor.number(atMost: 3), hours <= limit else { return nil }
    var seconds = Int64(hours * 3600)
    for unit: Int64 in [60, 1] where cursor.take(":") {
      guard let part = cursor.number(atMost: 2), part < 60 else { return nil }
      seconds += Int64(part) * unit
    }
    return sign * seconds
  }

  private static func change(_ cursor: inout TextCursor) -> Change? {
    guard let day = day(&cursor) else { return nil }
    guard cursor.take("/") else { return Change(day: day, time: 7200) }
    return clock(&cursor, hours: 167).map { Change(day: day, time: $0) }
  }

  private static func day(_ cursor: inout TextCursor) -> Day? {
    if cursor.take("J") {
      guard let day = cursor.number(atMost: 3), (1...365).contains(day) else { return nil }
      return .withoutLeapDay(day)
    }
    guard cursor.take("M") else {
      guard let day = cursor.number(atMost: 3), (0...365).contains(day) else { return nil }
      return .ofYear(day)
    }
    guard let month = cursor.number(atMost: 2), (1...12).contains(month), cursor.take("."),
      let week = cursor.number(atMost: 1), (1...5).contains(week), cursor.take("."),
      let day = cursor.number(atMost: 1), day < 7
    else { return nil }
    return .weekday(month: month, week: week, day: day)
  }
}
