import Testing

@testable import Schedule

@Suite struct CalendarTests {
  @Test(arguments: [
    (
      "foo",
      "'foo' is neither a weekday (Mon, Sat,Sun, Mon..Fri) nor one of minutely, hourly, daily, weekly, monthly, "
        + "quarterly, semiannually, yearly"
    ),
    ("", "a date, a time or a word such as daily is expected"),
    ("12", "'12' is neither a date such as 2026-12-24 or *-*-01 nor a time such as 18:30"),
    ("25:00", "hour 25 is not one of 0-23"), ("0:60", "minute 60 is not one of 0-59"),
    ("0:0:60", "second 60 is not one of 0-59"), ("*-13-1", "month 13 is not one of 1-12"),
    ("*-*-32", "day 32 is not one of 1-31"), ("*-*~29", "day from the end 29 is not one of 1-28"),
    ("2200-1-1", "year 2200 is not one of 1970-2199"),
    ("*/2:00", "'*/2' has a step behind *; 0/2 steps"), ("*-*/2-1", "'*/2' has a step behind *; 1/2 steps"),
    ("*-*-*/2", "'*/2' has a step behind *; 1/2 steps"),
    ("12..2:00", "the range of hours in '12..2' runs backwards"),
    ("0:0/60", "the step in '0/60' leads out of the minutes at once"),
    ("0:0/0", "behind / in '0/0' a number above 0 is expected"),
    ("1-2:00", "the range of hours in '1-2' is written with .. for -"),
    ("9-17:00", "the range of hours in '9-17' is written with .. for -"),
    ("9,;17:00", "hour '9,;17' is not a number, a range A..B or a list with commas"),
    ("10:00 2026-1-1", "'2026-1-1' stands behind the time"),
    ("Sat..Mon", "'Sat..Mon' is neither a weekday"),
    ("1:00 Mars/Base", "there is no time zone 'Mars/Base'; a name such as Europe/Berlin is expected"),
    ("1:00 Berlin", "there is no time zone 'Berlin'; did you mean Europe/Berlin?"),
    ("1:00 ../../etc/passwd", "'../../etc/passwd' stands behind the time"),
    ("*-2-30", "it never comes in the years 1970 to 2199"),
    ("2003-03-05", "it has passed: its last time was 2003-03-05T00:00:00+00:00"),
    ("@1700000000", "it has passed: its last time was 2023-11-14T22:13:20+00:00"),
    ("@1700000000 UTC", "'@1700000000 UTC' needs no time zone"),
    ("*:*:0/0.0005", "'00/0.000500' is more than a thousand times a second"),
  ])
  func `a mistake is told with what is expected`(text: String, message: String) throws {
    let refusal = try #require(refusal { try calendar(text) })
    #expect(refusal.hasPrefix(message), "\(refusal)")
  }

  @Test func `a thousand times a second are allowed, each counted once`() throws {
    let schedule = try calendar("*:*:0/0.001,0/0.5")
    #expect(
      schedule.next(3, after: "2026-01-01T00:00:59Z") == [
        "2026-01-01T00:00:59.001000+00:00", "2026-01-01T00:00:59.002000+00:00",
        "2026-01-01T00:00:59.003000+00:00",
      ])
    let day = (moment("2026-05-01T00:00:00Z"), moment("2026-05-02T00:00:00Z"))
    #expect(schedule.count(after: day.0, through: day.1) == 86_400_000)
  }

  @Test func `fractions are exact forward and backward`() throws {
    let schedule = try calendar("*:*:0.25,10/20.5")
    let texts = ["00:00:30.500000", "00:00:51", "00:01:00.250000", "00:01:10", "00:01:30.500000"]
    let times = texts.map { "2026-01-01T\($0)+00:00" }
    #expect(schedule.next(5, after: "2026-01-01T00:00:10Z") == times)
    var last = Moment(microseconds: moment("2026-01-01T00:01:30Z").microseconds + 500_001)
    for time in times.reversed() {
      let previous = try #require(schedule.previous(before: last))
      #expect(TimeZone.utc.text(of: previous) == time)
      last = previous
    }
  }

  @Test func `a zone in the expression wins over that of the setting and is told`() throws {
    let berlin = try calendar("12:00 Europe/Berlin", in: "Asia/Tokyo")
    #expect(berlin.namesZone && berlin.zone.name == "Europe/Berlin")
    #expect(berlin.next(1, after: "2026-07-01T00:00:00Z") == ["2026-07-01T12:00:00+02:00"])
    let tokyo = try calendar("12:00", in: "Asia/Tokyo")
    #expect(!tokyo.namesZone && tokyo.next(1, after: "2026-07-01T00:00:00Z") == ["2026-07-01T12:00:00+09:00"])
    let utc = try calendar("@1800000000", in: "Asia/Tokyo")
    #expect(utc.namesZone && utc.next(2, after: "2026-07-01T00:00:00Z") == ["2027-01-15T08:00:00+00:00"])
  }

  @Test func `a zone is looked for only where one is named`() throws {
    let nowhere = TimeZoneDatabase(directory: "/nonexistent")
    let now = moment("2026-01-01T00:00:00Z")
    #expect(throws: Never.self) { try Schedule(calendar: "Mon 12:00", in: .utc, now: now, database: nowhere) }
    #expect(throws: Never.self) {
      try Schedule(calendar: "Mon 12:00 utc", in: .utc, now: now, database: nowhere)
    }
    #expect(throws: ScheduleError.self) {
      try Schedule(calendar: "Mon 12:00 Europe/Berlin", in: .utc, now: now, database: nowhere)
    }
  }
}
