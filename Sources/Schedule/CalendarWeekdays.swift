/// The days of the week in a calendar expression: `Mon`, `sat,sunday`, `Mon..Fri`.
struct CalendarWeekdays {
  /// The days by number; Sunday is 0.
  let days: ValueSet

  static let every = CalendarWeekdays(days: ValueSet(0...6))

  /// The days in the order of the week, which begins on a Monday.
  private static let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  private init(days: ValueSet) { self.days = days }

  /// Reads a list of days and ranges; nil when it is none, or when a range runs backwards.
  init?(_ word: String) {
    var days = ValueSet.empty
    // A comma at the end is allowed, because the day before a time is often written `Wed, 17:48`.
    for term in (word.hasSuffix(",") ? word.dropLast() : word[...]).split(
      separator: ",", omittingEmptySubsequences: false)
    {
      var cursor = TextCursor(term)
      guard let first = Self.day(&cursor) else { return nil }
      var last = first
      if cursor.take("..") || cursor.take("-") {
        guard let end = Self.day(&cursor), end >= first else { return nil }
        last = end
      }
      guard cursor.isAtEnd else { return nil }
      for day in first...last { days.insert((day + 1) % 7) }
    }
    self.days = days
  }

  private static func day(_ cursor: inout TextCursor) -> Int? {
    let word = String(decoding: cursor.take { $0.isLetter }, as: UTF8.self)
    return names.firstIndex { $0.equalsIgnoringCase(word) || $0.prefix(3).equalsIgnoringCase(word) }
  }

  /// The list in the normal form of systemd: three letters, and a range for three days or more.
  var text: String {
    let fromMonday = ValueSet(days.values.map { ($0 + 6) % 7 })
    let terms = fromMonday.runs.map { run in
      let first = Self.shortName(run.lowerBound)
      return run.count == 1 ? first : "\(first)..\(Self.shortName(run.upperBound))"
    }
    return terms.joined(separator: ",")
  }

  private static func shortName(_ day: Int) -> String {
    names[day].prefix(1).uppercased() + names[day].dropFirst().prefix(2)
  }
}
