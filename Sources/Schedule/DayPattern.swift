/// The days of a month on which a schedule fires.
struct DayPattern: Hashable, Sendable {
  /// How the day of the month and the day of the week go together.
  enum Combination: Hashable, Sendable {
    /// A day must fit both.
    case both
    /// A day must fit one of them: cron's rule for two fields that say something.
    case either
  }

  /// Days counted from the first of the month, which is 1.
  var dates: ValueSet
  /// Days counted back from the last of the month, which is 1.
  var datesFromEnd = ValueSet.empty
  /// Days of the week; Sunday is 0.
  var weekdays = ValueSet(0...6)
  /// Days of the week that are the last of their kind in the month.
  var lastWeekdays = ValueSet.empty
  var combination = Combination.both

  /// The days of one month that fit.
  func days(of month: Int, in year: Int) -> ValueSet {
    let length = CivilDate.length(ofMonth: month, in: year)
    let inMonth = ValueSet(1...length)
    var fitting = dates
    for day in datesFromEnd.values where day <= length { fitting.insert(length + 1 - day) }
    if combination == .both, weekdays.count == 7 { return ValueSet(bits: fitting.bits & inMonth.bits) }

    let first = CivilDate.weekday(ofDay: CivilDate(year: year, month: month, day: 1).dayNumber)
    var byWeek = Self.spread(weekdays, first)
    if !lastWeekdays.isEmpty {
      byWeek.bits |= Self.spread(lastWeekdays, first).bits & ValueSet((length - 6)...length).bits
    }
    let combined = combination == .both ? fitting.bits & byWeek.bits : fitting.bits | byWeek.bits
    return ValueSet(bits: combined & inMonth.bits)
  }

  /// The days 1 to 35 that have one of the weekdays when day 1 has the weekday `first`.
  private static func spread(_ weekdays: ValueSet, _ first: Int) -> ValueSet {
    let week = (weekdays.bits >> UInt64(first) | weekdays.bits << UInt64(7 - first)) & 0x7f
    // The week is repeated five times by adding it up shifted by 0, 7, 14, 21 and 28 days.
    return ValueSet(bits: (week * 0x1020_4081) << 1)
  }
}
