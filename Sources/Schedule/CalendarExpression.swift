/// Reads a calendar event of `systemd.time(7)`: weekdays, a date, a time of the day and a zone, each of which may be
/// left out, or a word such as `daily`.
struct CalendarExpression {
  private static let words = [
    "minutely": "*-*-* *:*:00", "hourly": "*-*-* *:00:00", "daily": "*-*-* 00:00:00",
    "weekly": "Mon *-*-* 00:00:00",
    "monthly": "*-*-01 00:00:00", "yearly": "*-01-01 00:00:00", "annually": "*-01-01 00:00:00",
    "quarterly": "*-01,04,07,10-01 00:00:00", "semiannually": "*-01,07-01 00:00:00",
    "semi-annually": "*-01,07-01 00:00:00", "biannually": "*-01,07-01 00:00:00",
    "bi-annually": "*-01,07-01 00:00:00",
  ]

  private var weekdays = CalendarWeekdays.every
  private var year = CalendarList(.year, nil)
  private var month = CalendarList(.month, nil)
  private var day = CalendarList(.day, nil)
  private var hour = CalendarExpression.zero(.hour)
  private var minute = CalendarExpression.zero(.minute)
  private var second = CalendarExpression.zero(.second)
  private(set) var zone: TimeZone?

  init(_ text: String, _ database: TimeZoneDatabase) throws(ScheduleError) {
    var words = text.split(separator: " ").map(String.init)
    if words.count > 1, words.last!.utf8.first!.isLetter {
      let name = words.removeLast()
      zone = name.equalsIgnoringCase("UTC") ? .utc : try database.zone(named: name)
    }
    if words.count == 1, let expanded = Self.words[words[0].lowercased()] {
      words = expanded.split(separator: " ").map(String.init)
    }
    if words.count == 1, words[0].hasPrefix("@") {
      words = try Self.expand(moment: words[0])
      guard zone == nil else { throw .malformed("\(ScheduleError.quote(text)) needs no time zone") }
      zone = .utc
    }
    if let first = words.first, first.utf8.first!.isLetter {
      guard let weekdays = CalendarWeekdays(first) else { throw Self.malformed(first) }
      self.weekdays = weekdays
      words.removeFirst()
    } else if words.isEmpty {
      throw .malformed("a date, a time or a word such as daily is expected")
    }
    if let first = words.first, !first.contains(":") {
      try readDate(first)
      words.removeFirst()
    }
    if let first = words.first {
      try readTime(first)
      words.removeFirst()
    }
    if let first = words.first { throw .malformed("\(ScheduleError.quote(first)) stands behind the time") }
  }

  /// The expression in the normal form of systemd, which names each field.
  var text: String {
    var text = weekdays.days.count == 7 ? "" : weekdays.text + " "
    text += "\(year.text)-\(month.text)\(day.field == .day ? "-" : "~")\(day.text)"
    text += " \(hour.text):\(minute.text):\(second.text)"
    return zone.map { "\(text) \($0.name)" } ?? text
  }

  /// As in cron: hours that are all of them means those that there are.
  var clockChange: Schedule.ClockChange { hour.components == nil ? .follow : .once }

  var pattern: Pattern {
    get throws(ScheduleError) {
      let years = year.components.map { list in Set(list.flatMap { Array($0.values(.year)) }).sorted() }
      var days = DayPattern(dates: .empty, weekdays: weekdays.days)
      if day.field == .day { days.dates = day.values } else { days.datesFromEnd = day.values }
      return Pattern(
        years: years, months: month.values, days: days, hours: hour.values, minutes: minute.values,
        seconds: try seconds)
    }
  }

  private var seconds: SecondSet {
    get throws(ScheduleError) {
      guard let components = second.components else { return SecondSet(ValueSet(0...59)) }
      var times: Set<Int32> = []
      for component in components {
        for time in component.values(.second) {
          times.insert(Int32(time))
          guard times.count <= SecondSet.limit else {
            throw .malformed("\(ScheduleError.quote(second.text)) is more than a thousand times a second")
          }
        }
      }
      return SecondSet(microseconds: times.sorted())
    }
  }

  private static func zero(_ field: CalendarField) -> CalendarList {
    CalendarList(field, [CalendarComponent(start: 0, stop: nil, step: nil)])
  }
}

extension CalendarExpression {
  /// Reads `YEAR-MONTH-DAY` or `MONTH-DAY`; `~` before the day counts it from the end of the month.
  private mutating func readDate(_ word: String) throws(ScheduleError) {
    let parts = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "~" }
    guard parts.count == 2 || parts.count == 3 else { throw Self.malformed(word) }
    if parts.count == 3 {
      guard word.dropFirst(parts[0].count).first == "-" else { throw Self.malformed(word) }
      year = try CalendarList(parts[0], .year)
    }
    month = try CalendarList(parts[parts.count - 2], .month)
    let countsBack = word.dropLast(parts.last!.count).last == "~"
    day = try CalendarList(parts.last!, countsBack && parts.last! != "*" ? .dayFromEnd : .day)
  }

  /// Reads `HOUR:MINUTE` or `HOUR:MINUTE:SECOND`.
  private mutating func readTime(_ word: String) throws(ScheduleError) {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else { throw Self.malformed(word) }
    hour = try CalendarList(parts[0], .hour)
    minute = try CalendarList(parts[1], .minute)
    if parts.count == 3 { second = try CalendarList(parts[2], .second) }
  }

  /// The words that mean the moment `@SECONDS`.
  private static func expand(moment word: String) throws(ScheduleError) -> [String] {
    let end = Moment(microseconds: Schedule.end.microseconds - TimeZone.reach)
    var cursor = TextCursor(word.dropFirst())
    guard let number = cursor.number(atMost: 12), cursor.isAtEnd, number < end.seconds else {
      throw .malformed("after @ the seconds since 1970 are expected")
    }
    let text = TimeZone.utc.text(of: Moment(seconds: Int64(number)))
    return [String(text.prefix(10)), String(text.dropFirst(11).prefix(8))]
  }

  private static func malformed(_ word: String) -> ScheduleError {
    let quoted = ScheduleError.quote(word)
    guard word.utf8.first?.isLetter == true else {
      return .malformed("\(quoted) is neither a date such as 2026-12-24 or *-*-01 nor a time such as 18:30")
    }
    return .malformed(
      "\(quoted) is neither a weekday (Mon, Sat,Sun, Mon..Fri) nor one of minutely, hourly, daily, weekly, monthly, "
        + "quarterly, semiannually, yearly")
  }
}

extension Schedule {
  /// Reads a calendar event, in the local time of `zone` where it names none; throws also when nothing of it comes after
  /// `now`. `database` is read for the zone that it names.
  public init(
    calendar text: String, in zone: TimeZone, now: Moment, database: TimeZoneDatabase
  ) throws(ScheduleError) {
    let expression = try CalendarExpression(text, database)
    try self.init(
      try expression.pattern, expression.clockChange, in: expression.zone ?? zone,
      namesZone: expression.zone != nil, description: expression.text, now: now)
  }
}
