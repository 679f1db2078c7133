import CBruteForce
import Testing

@testable import Schedule

/// Schedules beside a program that looks at every minute of a year, with the clock of the C library.
@Suite struct BruteForceTests {
  /// Years with gaps, folds and leap days; Apia and Kwajalein leave out a day.
  static let years: [(String, String, String)] = [
    ("UTC", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
    ("Europe/Berlin", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ("America/New_York", "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
    ("Australia/Lord_Howe", "2023-12-01T00:00:00Z", "2025-01-01T00:00:00Z"),
    ("Pacific/Apia", "2011-02-01T00:00:00Z", "2012-05-01T00:00:00Z"),
    ("Pacific/Kwajalein", "1993-02-01T00:00:00Z", "1994-02-01T00:00:00Z"),
    ("Antarctica/Troll", "2040-01-01T00:00:00Z", "2041-01-01T00:00:00Z"),
    ("Africa/Casablanca", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ("America/St_Johns", "2006-01-01T00:00:00Z", "2007-01-01T00:00:00Z"),
    ("America/Havana", "2096-01-01T00:00:00Z", "2097-01-01T00:00:00Z"),
    ("Asia/Kathmandu", "1985-06-01T00:00:00Z", "1986-06-01T00:00:00Z"),
    ("America/Scoresbysund", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
    ("Europe/Dublin", "1971-01-01T00:00:00Z", "1972-06-01T00:00:00Z"),
    ("America/Juneau", "1983-01-01T00:00:00Z", "1984-06-01T00:00:00Z"),
  ]

  enum Kind: CaseIterable { case cron, calendar }

  @Test(arguments: Array(Self.years.indices), Kind.allCases)
  func `a random expression comes when a walk through the year finds it`(index: Int, kind: Kind) throws {
    let (name, from, to) = Self.years[index]
    let year = try ZoneYear(name, from, to)
    #expect(name == "UTC" || name == "Asia/Kathmandu" || year.offsets.count > 1)
    let seed = UInt64(1000 + index * 2 + (kind == .cron ? 0 : 1))
    var random = Seeded(seed)
    let now = Moment(seconds: year.from - 1)
    var found = 0
    for _ in 0..<40 {
      let expression =
        kind == .cron
        ? RandomExpression.cron(&random) : RandomExpression.calendar(&random, year: Int(from.prefix(4))!)
      let walked = year.walk(expression.pattern, from: year.from, to: year.to, step: 60, limit: 800_000)
      found += walked.count
      do {
        let schedule =
          kind == .cron
          ? try Schedule(cron: expression.text, in: year.zone, now: now)
          : try Schedule(calendar: expression.text, in: year.zone, now: now, database: database)
        compare(schedule, with: walked, from: year.from, to: year.to, &random)
      } catch {
        // The 30th of February and the like, or years that are over: the walk must not find it either.
        #expect(error.reason != .malformed && walked.isEmpty, "seed \(seed): \(expression.text): \(error)")
      }
    }
    #expect(found > 10_000, "seed \(seed)")
  }

  @Test(arguments: Array(Self.years.indices))
  func `a random expression with seconds comes when a walk around a change of the clock finds it`(
    index: Int
  ) throws {
    let (name, from, to) = Self.years[index]
    let year = try ZoneYear(name, from, to)
    let seed = UInt64(2000 + index)
    var random = Seeded(seed)
    // The first of the starts is that of the walk and no change.
    for change in year.starts.dropFirst(name == "UTC" ? 0 : 1).prefix(4) {
      let start = max(change - 86400, year.from)
      let end = min(start + 3 * 86400, year.to)
      for _ in 0..<10 {
        let expression = RandomExpression.cron(&random, seconds: true)
        let walked = year.walk(expression.pattern, from: start, to: end, step: 1, limit: 300_000)
        do {
          let schedule = try Schedule(cron: expression.text, in: year.zone, now: Moment(seconds: start - 1))
          compare(schedule, with: walked, from: start, to: end, &random)
        } catch {
          #expect(error.reason == .never && walked.isEmpty, "seed \(seed): \(expression.text): \(error)")
        }
      }
    }
  }
}
