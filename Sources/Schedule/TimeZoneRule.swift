/// The rule of a `TZ` string, as of POSIX with the extensions of RFC 9636: two offsets and the days of the change.
struct TimeZoneRule: Hashable, Sendable {
  /// A day of each year.
  enum Day: Hashable, Sendable {
    /// `Jn`: day 1 to 365; the 29th of February is not counted.
    case withoutLeapDay(Int)
    /// `n`: day 0 to 365; the 29th of February is counted.
    case ofYear(Int)
    /// `Mm.w.d`: the w-th weekday d of month m, 5 for the last; Sunday is 0.
    case weekday(month: Int, week: Int, day: Int)

    func dayNumber(in year: Int) -> Int64 {
      switch self {
      case .withoutLeapDay(let day):
        let leap = CivilDate.isLeap(year) && day >= 60 ? 1 : 0
        return CivilDate(year: year, month: 1, day: 1).dayNumber + Int64(day - 1 + leap)
      case .ofYear(let day):
        return CivilDate(year: year, month: 1, day: 1).dayNumber + Int64(day)
      case .weekday(let month, let week, let day):
        let first = CivilDate(year: year, month: month, day: 1).dayNumber
        let ahead = (day - CivilDate.weekday(ofDay: first) + 7) % 7 + (week - 1) * 7
        let isPast = ahead >= CivilDate.length(ofMonth: month, in: year)
        return first + Int64(isPast ? ahead - 7 : ahead)
      }
    }
  }

  /// The moment of each year at which the clock is changed, in seconds of local time after the start of a day.
  struct Change: Hashable, Sendable {
    let day: Day
    let time: Int64
  }

  /// Daylight saving: its offset, when it starts (by standard time) and when it ends (by its own).
  struct Daylight: Hashable, Sendable {
    let offset: Int64
    let start: Change
    let end: Change
  }

  /// The seconds east of UTC outside daylight saving.
  let standard: Int64
  let daylight: Daylight?

  /// The stretch that holds a moment, cut off at `earliest`; in seconds.
  func span(at seconds: Int64, from earliest: Int64) -> TimeZone.Span {
    var start = earliest
    var end = TimeZone.Span.latest
    var offset = standard
    guard let daylight else { return TimeZone.Span(start: start, end: end, offset: offset) }

    // A change may lie up to a week before or after the day it is named by, so in the year before or after.
    let year = CivilDate(dayNumber: (seconds + standard).floorDivided(by: 86400)).year
    var last = Int64.min
    func consider(_ change: Change, of year: Int, from before: Int64, to after: Int64) {
      let moment = change.day.dayNumber(in: year) * 86400 + change.time - before
      // Where daylight saving never ends, its end and its next start are one moment, and the later year holds.
      if moment <= seconds, moment >= last {
        last = moment
        offset = after
      } else if moment > seconds {
        end = min(end, moment)
      }
    }
    for year in (year - 2)...(year + 2) {
      consider(daylight.start, of: year, from: standard, to: daylight.offset)
      consider(daylight.end, of: year, from: daylight.offset, to: standard)
    }
    start = max(start, last)
    return TimeZone.Span(start: start, end: end, offset: offset)
  }
}
