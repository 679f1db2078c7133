/// Reads one moment: `18:30`, `2026-12-24T18:00`, `2026-12-24`, `@1798131600`, with seconds and an offset at will.
struct AtExpression {
  /// The day is that of the next time when it is nil.
  private var date: CivilDate?
  /// Seconds from midnight, or since 1970 where `isAbsolute`.
  private var seconds: Int64 = 0
  /// Seconds east of UTC, where the expression says that.
  private var offset: Int64?
  /// The expression in its canonical spelling.
  private(set) var text = ""
  private let isAbsolute: Bool

  init(_ text: String) throws(ScheduleError) {
    var cursor = TextCursor(text)
    isAbsolute = cursor.take("@")
    if isAbsolute {
      guard let number = cursor.number(atMost: 11), cursor.isAtEnd else {
        throw .malformed("after @ the seconds since 1970 are expected")
      }
      seconds = Int64(number)
      self.text = "@\(number)"
      return
    }
    if text.utf8.dropFirst(4).first == UInt8(ascii: "-") {
      let date = try Self.date(&cursor, text)
      self.date = date
      self.text = "\(date.year)-\(String(date.month, width: 2))-\(String(date.day, width: 2))"
      guard !cursor.isAtEnd else { return }
      guard cursor.take("T") || cursor.take("t") || cursor.take(" ") else { throw Self.malformed(text) }
      self.text += "T"
    }
    seconds = try time(&cursor, text)
    if date != nil, !cursor.isAtEnd { offset = try zoneOffset(&cursor, text) }
    guard cursor.isAtEnd else { throw Self.malformed(text) }
  }

  var namesZone: Bool { isAbsolute || offset != nil }

  /// The moment that is meant; a time without a date is the next one after `now`.
  func moment(in zone: TimeZone, now: Moment) -> Moment {
    if isAbsolute { return Moment(seconds: seconds) }
    if let date {
      let local = (date.dayNumber * 86400 + seconds) * .second
      return Moment(
        microseconds: offset.map { local - $0 * .second } ?? zone.firstMoment(ofLocalTime: local))
    }
    // A clock without a sensible time has no next one either.
    guard Schedule.start < now, now < Schedule.end else { return now }
    var day = zone.latestLocalTime(through: now.microseconds).floorDivided(by: .day)
    while true {
      let moment = Moment(microseconds: zone.firstMoment(ofLocalTime: day * .day + seconds * .second))
      if moment > now { return moment }
      day += 1
    }
  }
}

extension AtExpression {
  private static func date(_ cursor: inout TextCursor, _ text: String) throws(ScheduleError) -> CivilDate {
    guard let year = cursor.number(atLeast: 4, atMost: 4), cursor.take("-"),
      let month = cursor.number(atLeast: 2, atMost: 2), cursor.take("-"),
      let day = cursor.number(atLeast: 2, atMost: 2)
    else { throw malformed(text) }
    try check(month, "month", 1...12)
    let length = CivilDate.length(ofMonth: month, in: year)
    guard (1...length).contains(day) else {
      throw .malformed("\(year)-\(String(month, width: 2)) has no day \(day)")
    }
    try check(year, "year", CivilDate.years)
    return CivilDate(year: year, month: month, day: day)
  }

  private mutating func time(_ cursor: inout TextCursor, _ whole: String) throws(ScheduleError) -> Int64 {
    guard let hour = cursor.number(atMost: 2), cursor.take(":"),
      let minute = cursor.number(atLeast: 2, atMost: 2)
    else { throw Self.malformed(whole) }
    try Self.check(hour, "hour", 0...23)
    try Self.check(minute, "minute", 0...59)
    text += "\(String(hour, width: 2)):\(String(minute, width: 2))"
    guard cursor.take(":") else { return Int64(hour * 3600 + minute * 60) }
    guard let second = cursor.number(atLeast: 2, atMost: 2) else { throw Self.malformed(whole) }
    try Self.check(second, "second", 0...59)
    if second > 0 { text += ":\(String(second, width: 2))" }
    return Int64(hour * 3600 + minute * 60 + second)
  }

  private mutating func zoneOffset(_ cursor: inout TextCursor, _ whole: String) throws(ScheduleError) -> Int64
  {
    if cursor.take("Z") || cursor.take("z") {
      text += "Z"
      return 0
    }
    let isEast = cursor.take("+")
    guard isEast || cursor.take("-"), let hours = cursor.number(atLeast: 2, atMost: 2), cursor.take(":"),
      let minutes = cursor.number(atLeast: 2, atMost: 2)
    else { throw Self.malformed(whole) }
    try Self.check(hours, "offset hour", 0...23)
    try Self.check(minutes, "offset minute", 0...59)
    text += "\(isEast ? "+" : "-")\(String(hours, width: 2)):\(String(minutes, width: 2))"
    return Int64(hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
  }

  private static func check(_ number: Int, _ name: String, _ range: ClosedRange<Int>) throws(ScheduleError) {
    guard range.contains(number) else {
      throw .malformed("\(name) \(number) is not one of \(range.lowerBound)-\(range.upperBound)")
    }
  }

  private static func malformed(_ text: String) -> ScheduleError {
    .malformed("\(ScheduleError.quote(text)) is not a time such as 18:30, 2026-12-24T18:00 or @1798131600")
  }
}

extension Schedule {
  /// Reads one moment, in the local time of `zone` where it says no offset; throws also when it is not after `now`.
  public init(at text: String, in zone: TimeZone, now: Moment) throws(ScheduleError) {
    let expression = try AtExpression(text)
    try self.init(
      expression.moment(in: zone, now: now), in: zone, namesZone: expression.namesZone,
      description: expression.text, now: now)
  }
}
