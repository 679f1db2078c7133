@testable import Schedule

let database = TimeZoneDatabase(directory: nil)

/// A moment written in RFC 3339, with `Z` or an offset.
func moment(_ text: String) -> Moment {
  do {
    let schedule = try Schedule(at: text, in: .utc, now: Moment(microseconds: .min))
    return schedule.next(after: Moment(microseconds: .min))!
  } catch {
    fatalError("\(text): \(error)")
  }
}

func cron(_ text: String, in zone: String = "UTC", now: String = "2026-01-01T00:00:00Z") throws -> Schedule {
  try Schedule(cron: text, in: database.zone(named: zone), now: moment(now))
}

func calendar(_ text: String, in zone: String = "UTC", now: String = "2026-01-01T00:00:00Z") throws
  -> Schedule
{
  try Schedule(calendar: text, in: database.zone(named: zone), now: moment(now), database: database)
}

func at(_ text: String, in zone: String = "UTC", now: String = "2026-01-01T00:00:00Z") throws -> Schedule {
  try Schedule(at: text, in: database.zone(named: zone), now: moment(now))
}

extension Schedule {
  /// The texts of the next `count` times.
  func next(_ count: Int, after start: String) -> [String] {
    times(count, after: moment(start)).map(zone.text(of:))
  }

  func times(_ count: Int, after start: Moment) -> [Moment] {
    var times: [Moment] = []
    while times.count < count, let next = next(after: times.last ?? start) { times.append(next) }
    return times
  }
}

/// The phrase with which an expression is refused; nil when it is not.
func refusal(_ parse: () throws -> Schedule) -> String? {
  do {
    _ = try parse()
    return nil
  } catch {
    return "\(error)"
  }
}
