import Testing

@testable import Schedule

@Suite struct ScheduleTests {
  @Test func `a leap day is found years ahead and years back`() throws {
    let leapDay = try calendar("*-2-29", in: "Europe/Berlin")
    #expect(leapDay.next(1, after: "2026-01-01T00:00:00Z") == ["2028-02-29T00:00:00+01:00"])
    let monday = try calendar("Mon *-2-29", in: "Europe/Berlin")
    #expect(
      monday.next(2, after: "2026-01-01T00:00:00Z") == [
        "2044-02-29T00:00:00+01:00", "2072-02-29T00:00:00+01:00",
      ])
    #expect(monday.previous(before: moment("2026-01-01T00:00:00Z")) == moment("2016-02-29T00:00:00+01:00"))
    // 2100 is no leap year: after that of 2088 the next Sunday is forty years away.
    let sunday = try calendar("Sun *-2-29", in: "Europe/Berlin")
    #expect(sunday.next(1, after: "2088-03-01T00:00:00Z") == ["2128-02-29T00:00:00+01:00"])
  }

  @Test func `the last time is the last of 2199 and the first the first of 1970, in every zone`() throws {
    // Kiritimati left out the last day of 1994, which comes together with the next.
    for (zone, days) in [
      ("UTC", 84_006), ("Pacific/Kiritimati", 84_005), ("Pacific/Niue", 84_006), ("Europe/Berlin", 84_006),
    ] {
      let daily = try cron("@daily", in: zone)
      let last = try #require(daily.previous(before: Moment(microseconds: .max)))
      #expect(daily.zone.text(of: last).hasPrefix("2199-12-31T00:00:00"))
      #expect(daily.next(after: last) == nil)
      let first = try #require(daily.next(after: Moment(microseconds: .min)))
      #expect(daily.zone.text(of: first).hasPrefix("1970-01-01T00:00:00"))
      #expect(daily.previous(before: first) == nil)
      #expect(daily.count(after: Moment(microseconds: .min), through: Moment(microseconds: .max)) == days)
    }
  }

  @Test func `a year that is named bounds the schedule`() throws {
    let schedule = try calendar("2026..2027-12-31 23:59:59")
    #expect(
      schedule.next(5, after: "2026-01-01T00:00:00Z") == [
        "2026-12-31T23:59:59+00:00", "2027-12-31T23:59:59+00:00",
      ])
    #expect(schedule.previous(before: moment("2026-12-31T23:59:59Z")) == nil)
    let error = #expect(throws: ScheduleError.self) {
      try calendar("2026..2027-12-31 23:59:59", now: "2027-12-31T23:59:59Z")
    }
    #expect(error?.reason == .passed)
  }

  @Test func `counting includes the end and not the start`() throws {
    let hourly = try cron("0 * * * *", in: "Europe/Berlin")
    let ten = moment("2026-01-01T10:00:00Z")
    let eleven = moment("2026-01-01T11:00:00Z")
    #expect(hourly.count(after: ten, through: eleven) == 1)
    #expect(hourly.count(after: ten, through: Moment(microseconds: eleven.microseconds - 1)) == 0)
    #expect(hourly.count(after: eleven, through: ten) == 0)
    #expect(hourly.count(after: ten, through: ten) == 0)
    // A year has 8760 hours, whatever the clock shows.
    #expect(hourly.count(after: ten, through: moment("2027-01-01T10:00:00Z")) == 8760)
    let daily = try cron("30 2 * * *", in: "Europe/Berlin")
    #expect(daily.count(after: ten, through: moment("2027-01-01T10:00:00Z")) == 365)
    let every = try cron("* * * * * *", in: "Europe/Berlin")
    #expect(every.count(after: ten, through: moment("2126-01-01T10:00:00Z")) == 36524 * 86400)
  }

  @Test(arguments: [
    ("UTC", 0, "1970-01-01T00:00:00+00:00"), ("UTC", -1, "1969-12-31T23:59:59.999999+00:00"),
    ("Europe/Berlin", 1_798_131_600_000_000, "2026-12-24T18:00:00+01:00"),
    ("Asia/Kathmandu", 1_798_131_600_500_000, "2026-12-24T22:45:00.500000+05:45"),
    ("America/St_Johns", 1_782_000_000_000_001, "2026-06-20T21:30:00.000001-02:30"),
    // Berlin's mean time was 53:28 ahead, Monrovia's 44:30 behind.
    ("Europe/Berlin", -3_000_000_000_000_000, "1874-12-07T19:33:00+00:53"),
    ("Africa/Monrovia", -1_000_000_000_000, "1969-12-20T09:29:20-00:44"),
    ("Etc/GMT-14", 253_402_300_799_000_000, "9999-12-31T13:59:59.999999+14:00"),
    ("UTC", Int64.max, "9999-12-30T23:59:59.999999+00:00"), ("UTC", Int64.min, "0001-01-01T00:00:00+00:00"),
  ])
  func `a moment is written with the offset of its zone at that time`(
    zone: String, microseconds: Int64, text: String
  ) throws {
    #expect(try database.zone(named: zone).text(of: Moment(microseconds: microseconds)) == text)
  }

  @Test func `what is written names the same moment`() throws {
    var random = Seeded(41)
    let zones = try TimeZoneTests.zones.map { try database.zone(named: $0) }
    for _ in 0..<5000 {
      let zone = zones.randomElement(using: &random)!
      let time = Moment(seconds: Int64.random(in: 0...7_258_000_000, using: &random))
      #expect(moment(zone.text(of: time)) == time)
    }
  }

  @Test func `a moment of clock_gettime keeps its order and stops at the ends of time`() {
    #expect(Moment(seconds: 5, microseconds: 7).microseconds == 5_000_007)
    #expect(Moment(microseconds: -1).seconds == -1)
    #expect(Moment(microseconds: 1_999_999).seconds == 1)
    #expect(Moment(seconds: .max).microseconds == .max)
    #expect(Moment(seconds: .min).microseconds == .min)
    #expect(Moment(seconds: 1) < Moment(seconds: 1, microseconds: 1))
  }
}
