/// A date of the proleptic Gregorian calendar.
struct CivilDate: Hashable {
  var year: Int
  var month: Int
  var day: Int

  /// The years in which schedules look for times, those of `systemd.time(7)`: what does not come in them never comes.
  static let years = 1970...2199

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date of a day counted from 1970-01-01.
  ///
  /// Years begin in March here, so that the leap day ends its year and months need no table.
  init(dayNumber: Int64) {
    let shifted = dayNumber + 719_468  // from 0000-03-01
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = Int(shifted - era * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
  }

  /// The days from 1970-01-01 to this date; a day past the end of its month counts on into the next.
  var dayNumber: Int64 {
    let fromMarch = Int64(month <= 2 ? year - 1 : year)
    let era = fromMarch.floorDivided(by: 400)
    let yearOfEra = fromMarch - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  static func length(ofMonth month: Int, in year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day of the week of a day counted from 1970-01-01, which was a Thursday; Sunday is 0.
  static func weekday(ofDay dayNumber: Int64) -> Int {
    let fromSunday = dayNumber + 4
    return Int(fromSunday - fromSunday.floorDivided(by: 7) * 7)
  }
}
