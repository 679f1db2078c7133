/// Reads an expression of `crontab(5)` as cronie does: five fields, or six with the seconds first.
///
/// Beyond cronie there are the seconds, `L` for the last day of the month, and `5L` or `friL` for the last Friday.
/// A range whose end is less than its start is no range, but for Sunday at its end, as in cronie.
struct CronExpression {
  private static let words = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]

  /// The fields in the order of `CronField`.
  private var fields: [CronValues] = []
  private var hasSeconds: Bool

  init(_ text: String) throws(ScheduleError) {
    var words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    if let first = words.first, first.hasPrefix("@") {
      let expanded = try Self.expand(first)
      guard words.count == 1 else { throw .malformed("\(ScheduleError.quote(first)) stands alone") }
      words = expanded.split(separator: " ").map(String.init)
    }
    guard words.count == 5 || words.count == 6 else {
      let count = words.count == 1 ? "1 field" : "\(words.count) fields"
      let years = words.count == 7 ? "; there is none for the year" : ""
      throw .malformed(
        "\(count) instead of five (minute, hour, day of month, month, day of week) or six with seconds first\(years)"
      )
    }
    hasSeconds = words.count == 6
    if !hasSeconds { words.insert("0", at: 0) }
    for (field, word) in zip(CronField.allCases, words) { fields.append(try Self.values(of: word, field)) }
  }

  /// The expression in its shortest spelling; `@daily` is written in fields.
  var text: String {
    fields.dropFirst(hasSeconds ? 0 : 1).map(\.text).joined(separator: " ")
  }

  /// Cron's rule for the hours: a field that begins with `*` means those that there are.
  var clockChange: Schedule.ClockChange { self[.hour].star != nil ? .follow : .once }

  var pattern: Pattern {
    let day = self[.day]
    let weekday = self[.weekday]
    // A field that begins with `*`, be it `*/2`, asks for both; a day of both fields is one that either asks for.
    let both = day.star != nil || weekday.star != nil
    return Pattern(
      years: nil, months: self[.month].values,
      days: DayPattern(
        dates: day.values, datesFromEnd: day.hasLastDay ? ValueSet(1...1) : .empty, weekdays: weekday.values,
        lastWeekdays: weekday.lastWeekdays, combination: both ? .both : .either),
      hours: self[.hour].values, minutes: self[.minute].values, seconds: SecondSet(self[.second].values))
  }

  private subscript(_ field: CronField) -> CronValues { fields[field.rawValue] }

  private static func expand(_ word: String) throws(ScheduleError) -> String {
    let lower = word.lowercased()
    if let fields = words[lower] { return fields }
    let quoted = ScheduleError.quote(word)
    switch lower {
    case "@reboot": throw .malformed("\(quoted) is the source start")
    case "@every": throw .malformed("\(quoted) is the source every:DURATION")
    default:
      throw .malformed(
        "\(quoted) is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually")
    }
  }
}

extension CronExpression {
  private static func values(of word: String, _ field: CronField) throws(ScheduleError) -> CronValues {
    var result = CronValues(field: field)
    for (index, term) in word.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      guard !term.isEmpty else {
        throw .malformed("the \(field.name) \(ScheduleError.quote(word)) has a comma too many")
      }
      try read(term, into: &result, isFirst: index == 0)
    }
    return result
  }

  /// Reads `*`, `*/STEP`, `VALUE`, `VALUE-VALUE`, `VALUE-VALUE/STEP`, `L` or, of a weekday, `VALUEL`.
  private static func read(
    _ term: Substring, into result: inout CronValues, isFirst: Bool
  ) throws(ScheduleError) {
    let field = result.field
    var cursor = TextCursor(term)
    if cursor.take("*") {
      let step = try step(&cursor, term, field) ?? 1
      if isFirst { result.star = step }
      result.insert(from: field.range.lowerBound, through: field.range.upperBound, step: step)
      return
    }
    let first = word(&cursor)
    if cursor.isAtEnd, first.last == "l" || first.last == "L" {
      if field == .day, first.count == 1 {
        result.hasLastDay = true
        return
      }
      if field == .weekday, first.count > 1 {
        result.lastWeekdays.insert(try value(first.dropLast(), field) % 7)
        return
      }
    }
    guard !first.isEmpty else { throw malformed(term, field) }
    let low = try value(Substring(first), field)
    guard cursor.take("-") else {
      if cursor.stands("/") {
        throw .malformed(
          "the step in \(ScheduleError.quote(term)) needs a range: \(low)-\(field.range.upperBound)\(cursor.rest)"
        )
      }
      guard cursor.isAtEnd else { throw malformed(term, field) }
      result.insert(from: low, through: low, step: 1)
      return
    }
    let second = word(&cursor)
    guard !second.isEmpty else { throw malformed(term, field) }
    var high = try value(Substring(second), field)
    if field == .weekday, low > high, high == 0 { high = 7 }
    let step = try step(&cursor, term, field) ?? 1
    guard low <= high else { throw backwards(term, first, second, field) }
    result.insert(from: low, through: high, step: step)
  }

  private static func word(_ cursor: inout TextCursor) -> String {
    String(decoding: cursor.take { $0.isDigit || $0.isLetter }, as: UTF8.self)
  }

  private static func value(_ word: Substring, _ field: CronField) throws(ScheduleError) -> Int {
    var cursor = TextCursor(word)
    if let number = cursor.number(), cursor.isAtEnd, field.range.contains(number) { return number }
    if let index = field.names.firstIndex(where: { $0.equalsIgnoringCase(word) }) {
      return field.range.lowerBound + index
    }
    throw malformed(word, field)
  }

  /// Reads what stands behind a range; nil when nothing does.
  private static func step(
    _ cursor: inout TextCursor, _ term: Substring, _ field: CronField
  ) throws(ScheduleError) -> Int? {
    if cursor.isAtEnd { return nil }
    guard cursor.take("/"), let step = cursor.number(), cursor.isAtEnd else { throw malformed(term, field) }
    // A step that no second value can follow is a mistake, but for the whole: `*/60` is once an hour.
    let count = field.range.count
    guard (1...count).contains(step) else {
      throw .malformed("the step in \(ScheduleError.quote(term)) is not one of 1-\(count)")
    }
    return step
  }

  private static func malformed(_ word: Substring, _ field: CronField) -> ScheduleError {
    // Who writes a name in full knows which one is meant.
    if let name = field.names.first(where: { word.count > 3 && word.prefix(3).lowercased() == $0 }) {
      if word.utf8.allSatisfy(\.isLetter) {
        return .malformed("\(ScheduleError.quote(word)) is written \(name)")
      }
    }
    let quoted =
      word.utf8.allSatisfy(\.isDigit) && word.utf8.count < 20 ? "\(word)" : ScheduleError.quote(word)
    return .malformed("\(field.name) \(quoted) is not one of \(field.expected)")
  }

  private static func backwards(
    _ term: Substring, _ first: String, _ second: String, _ field: CronField
  ) -> ScheduleError {
    let last = field == .weekday ? "sat" : field.names.last ?? "\(field.range.upperBound)"
    let start = field.names.first ?? "\(field.range.lowerBound)"
    return .malformed(
      "\(ScheduleError.quote(term)) runs backwards; \(first)-\(last),\(start)-\(second) goes round")
  }
}

extension Schedule {
  /// Reads an expression of cron, in the local time of `zone`; throws also when nothing of it comes after `now`.
  public init(cron text: String, in zone: TimeZone, now: Moment) throws(ScheduleError) {
    let expression = try CronExpression(text)
    try self.init(
      expression.pattern, expression.clockChange, in: zone, namesZone: false, description: expression.text,
      now: now)
  }
}
