/// A set of local times, by the fields of the calendar, in which the next and the last are found field by field.
///
/// Local times are microseconds from the start of 1970 on the clock of the zone.
struct Pattern: Hashable, Sendable {
  /// The years in ascending order; nil for all of `CivilDate.years`.
  var years: [Int]?
  var months: ValueSet
  var days: DayPattern
  var hours: ValueSet
  var minutes: ValueSet
  var seconds: SecondSet

  /// The first time of the set at or after `local`.
  func next(from local: Int64) -> Int64? {
    let today = local.floorDivided(by: .day)
    guard let day = day(from: today) else { return nil }
    guard day == today else { return day * .day + Int64(timeOfDay(from: 0)!) }
    if let time = timeOfDay(from: Int(local - today * .day)) { return day * .day + Int64(time) }
    return self.day(from: today + 1).map { $0 * .day + Int64(timeOfDay(from: 0)!) }
  }

  /// The last time of the set at or before `local`.
  func previous(through local: Int64) -> Int64? {
    let today = local.floorDivided(by: .day)
    let end = Int(Int64.day - 1)
    guard let day = day(through: today) else { return nil }
    guard day == today else { return day * .day + Int64(timeOfDay(through: end)!) }
    if let time = timeOfDay(through: Int(local - today * .day)) { return day * .day + Int64(time) }
    return self.day(through: today - 1).map { $0 * .day + Int64(timeOfDay(through: end)!) }
  }
}

extension Pattern {
  /// The first day of the set at or after a day counted from 1970.
  private func day(from number: Int64) -> Int64? {
    var date = CivilDate(dayNumber: number)
    while let year = year(from: date.year) {
      if year != date.year { date = CivilDate(year: year, month: 1, day: 1) }
      while let month = months.first(from: date.month) {
        if month != date.month { date.day = 1 }
        if let day = days.days(of: month, in: year).first(from: date.day) {
          return CivilDate(year: year, month: month, day: day).dayNumber
        }
        date = CivilDate(year: year, month: month + 1, day: 1)
      }
      date = CivilDate(year: year + 1, month: 1, day: 1)
    }
    return nil
  }

  /// The last day of the set at or before a day counted from 1970.
  private func day(through number: Int64) -> Int64? {
    var date = CivilDate(dayNumber: number)
    while let year = year(through: date.year) {
      if year != date.year { date = CivilDate(year: year, month: 12, day: 31) }
      while let month = months.last(through: date.month) {
        if month != date.month { date.day = 31 }
        if let day = days.days(of: month, in: year).last(through: date.day) {
          return CivilDate(year: year, month: month, day: day).dayNumber
        }
        date = CivilDate(year: year, month: month - 1, day: 31)
      }
      date = CivilDate(year: year - 1, month: 12, day: 31)
    }
    return nil
  }

  private func year(from year: Int) -> Int? {
    if let years { return years.first { $0 >= year } }
    return year <= CivilDate.years.upperBound ? max(year, CivilDate.years.lowerBound) : nil
  }

  private func year(through year: Int) -> Int? {
    if let years { return years.last { $0 <= year } }
    return year >= CivilDate.years.lowerBound ? min(year, CivilDate.years.upperBound) : nil
  }

  /// The first time of the day at or after `time`; all in microseconds from midnight.
  private func timeOfDay(from time: Int) -> Int? {
    let (hour, minute, rest) = Self.split(time)
    if hours.contains(hour) {
      if minutes.contains(minute), let second = seconds.first(from: rest) {
        return Self.join(hour, minute, second)
      }
      if let minute = minutes.first(from: minute + 1) {
        return Self.join(hour, minute, seconds.first(from: 0)!)
      }
    }
    return hours.first(from: hour + 1).map { Self.join($0, minutes.first(from: 0)!, seconds.first(from: 0)!) }
  }

  /// The last time of the day at or before `time`; all in microseconds from midnight.
  private func timeOfDay(through time: Int) -> Int? {
    let (hour, minute, rest) = Self.split(time)
    let end = 59_999_999
    if hours.contains(hour) {
      if minutes.contains(minute), let second = seconds.last(through: rest) {
        return Self.join(hour, minute, second)
      }
      if let minute = minutes.last(through: minute - 1) {
        return Self.join(hour, minute, seconds.last(through: end)!)
      }
    }
    return hours.last(through: hour - 1).map {
      Self.join($0, minutes.last(through: 59)!, seconds.last(through: end)!)
    }
  }

  private static func split(_ time: Int) -> (hour: Int, minute: Int, rest: Int) {
    (time / 3_600_000_000, time / 60_000_000 % 60, time % 60_000_000)
  }

  private static func join(_ hour: Int, _ minute: Int, _ rest: Int) -> Int {
    (hour * 60 + minute) * 60_000_000 + rest
  }
}

extension Pattern {
  /// How many times of the set lie from `start` to before `end`.
  func count(from start: Int64, below end: Int64) -> Int {
    guard start < end else { return 0 }
    let firstDay = start.floorDivided(by: .day)
    let lastDay = end.floorDivided(by: .day)
    let perDay = hours.count * minutes.count * seconds.count
    return countDays(from: firstDay, below: lastDay) * perDay
      - (has(firstDay) ? countTimes(below: Int(start - firstDay * .day)) : 0)
      + (has(lastDay) ? countTimes(below: Int(end - lastDay * .day)) : 0)
  }

  private func has(_ day: Int64) -> Bool { self.day(from: day) == day }

  private func countTimes(below time: Int) -> Int {
    let (hour, minute, rest) = Self.split(time)
    let inMinute = hours.contains(hour) && minutes.contains(minute) ? seconds.count(below: rest) : 0
    let inHour = hours.contains(hour) ? minutes.count(below: minute) * seconds.count : 0
    return inMinute + inHour + hours.count(below: hour) * minutes.count * seconds.count
  }

  private func countDays(from start: Int64, below end: Int64) -> Int {
    var count = 0
    var date = CivilDate(dayNumber: start)
    let stop = CivilDate(dayNumber: end)
    while let year = year(from: date.year), year <= stop.year {
      if year != date.year { date = CivilDate(year: year, month: 1, day: 1) }
      while let month = months.first(from: date.month), year < stop.year || month <= stop.month {
        if month != date.month { date.day = 1 }
        let days = days.days(of: month, in: year)
        let isLast = year == stop.year && month == stop.month
        count += days.count(below: isLast ? stop.day : 32) - days.count(below: date.day)
        date = CivilDate(year: year, month: month + 1, day: 1)
      }
      date = CivilDate(year: year + 1, month: 1, day: 1)
    }
    return count
  }
}
