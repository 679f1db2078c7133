import Testing

@testable import Schedule

@Suite struct InverseTests {
  /// Random schedules of both kinds in zones whose clocks change.
  static func schedules(_ seed: UInt64, _ count: Int) throws -> [Schedule] {
    var random = Seeded(seed)
    let zones = try [
      "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kolkata",
      "Africa/Casablanca",
    ].map { try database.zone(named: $0) }
    let now = moment("2005-01-01T00:00:00Z")
    var schedules: [Schedule] = []
    while schedules.count < count {
      let zone = zones[Int.random(in: 0..<zones.count, using: &random)]
      let withSeconds = Int.random(in: 0..<4, using: &random) == 0
      let isCron = Bool.random(using: &random)
      let text =
        isCron
        ? RandomExpression.cron(&random, seconds: withSeconds).text
        : RandomExpression.calendar(&random, year: 2030).text
      let schedule =
        isCron
        ? try? Schedule(cron: text, in: zone, now: now)
        : try? Schedule(calendar: text, in: zone, now: now, database: database)
      if let schedule { schedules.append(schedule) }
    }
    return schedules
  }

  @Test func `what comes next is what came before, from the other side`() throws {
    var random = Seeded(31)
    var compared = 0
    for schedule in try Self.schedules(30, 1000) {
      for _ in 0..<20 {
        let start = Moment(seconds: Int64.random(in: 0...7_258_000_000, using: &random))
        guard let next = schedule.next(after: start) else { continue }
        if next <= start { Issue.record("\(schedule): \(next) is not after \(start)") }
        let back = schedule.previous(before: next)
        // Nothing lies between, so what came before is at or before the start, and leads to the same time.
        if let back, back > start { Issue.record("\(schedule): \(back) lies between \(start) and \(next)") }
        if let back, schedule.next(after: back) != next {
          Issue.record("\(schedule): \(back) does not lead to \(next)")
        }
        let just = Moment(microseconds: next.microseconds - 1)
        if schedule.next(after: just) != next {
          Issue.record("\(schedule): \(next) is not next a microsecond before")
        }
        if schedule.previous(before: Moment(microseconds: next.microseconds + 1)) != next {
          Issue.record("\(schedule): \(next) is not the last a microsecond later")
        }
        if schedule.count(after: start, through: next) != 1 || schedule.count(after: next, through: next) != 0
        {
          Issue.record("\(schedule) does not count one from \(start) to \(next)")
        }
        compared += 1
      }
    }
    #expect(compared > 10_000)
  }

  @Test func `the spelling of an expression reads back as the same schedule`() throws {
    let now = moment("2005-01-01T00:00:00Z")
    for schedule in try Self.schedules(32, 2000) {
      let isCalendar = schedule.description.contains(":")
      let again =
        isCalendar
        ? try Schedule(calendar: schedule.description, in: schedule.zone, now: now, database: database)
        : try Schedule(cron: schedule.description, in: schedule.zone, now: now)
      if again != schedule { Issue.record("\(schedule) reads back as \(again)") }
    }
    for text in SystemdTests.examples + SystemdTests.chosen {
      guard let schedule = try? calendar(text) else { continue }
      #expect(try calendar(schedule.description) == schedule)
    }
    for text in [
      "18:30", "18:30:15", "2026-12-24 18:00", "2026-12-24T18:00:05-05:30", "2026-12-24", "@1800000000",
    ] {
      let schedule = try at(text)
      #expect(try at(schedule.description) == schedule)
    }
  }

  @Test func `equal schedules have equal spellings`() throws {
    #expect(try cron("0 0 * * 7") == cron("00 0 * * sun"))
    #expect(try cron("@daily") == cron("0 0 * * *"))
    #expect(try cron("0 0-23 * * *") != cron("0 * * * *"))
    #expect(try calendar("daily") == calendar("0:0"))
    #expect(try calendar("daily") != calendar("daily UTC"))
    #expect(try cron("@daily", in: "Europe/Berlin") != cron("@daily"))
  }

  @Test func `random texts never crash the readers`() {
    var random = Seeded(33)
    let pieces = [
      "*", "/", ",", "-", "..", "~", ":", " ", "@", "0", "1", "5", "12", "59", "60", "2026", "2199", "L",
      "fri", "mon",
      "jan", "daily", "UTC", "Europe/Berlin", "+", "T", "Z", ".", "99999999999999999999", "ä", "\u{0}", "0.5",
      "*/2",
      "*-*-* ", "18:30", "* * * *", "2026-12-24", "Mon..Fri", "\t", "#", "7",
    ]
    let now = moment("2026-01-01T00:00:00Z")
    // What is no zone is looked for in the whole folder, which takes longer than all the rest.
    let nowhere = TimeZoneDatabase(directory: "/nonexistent")
    var read = 0
    for round in 0..<100_000 {
      let database = round % 100 == 0 ? database : nowhere
      let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random)!
      }.joined()
      let schedules = [
        try? Schedule(cron: text, in: .utc, now: now), try? Schedule(at: text, in: .utc, now: now),
        try? Schedule(calendar: text, in: .utc, now: now, database: database),
      ]
      for case let schedule? in schedules {
        read += 1
        if schedule.next(after: now) == nil { Issue.record("\(text) never comes") }
      }
      _ = TimeZoneRule(text)
    }
    #expect(read > 500)
  }
}
