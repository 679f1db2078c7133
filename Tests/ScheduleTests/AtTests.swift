import Testing

@testable import Schedule

@Suite struct AtTests {
  @Test(arguments: [
    ("18:30", "2026-03-15T18:30:00+01:00", "18:30"),
    ("8:05", "2026-03-16T08:05:00+01:00", "08:05"),
    ("18:30:15", "2026-03-15T18:30:15+01:00", "18:30:15"),
    ("11:20:30", "2026-03-16T11:20:30+01:00", "11:20:30"),
    ("11:20:31", "2026-03-15T11:20:31+01:00", "11:20:31"),
    ("00:00", "2026-03-16T00:00:00+01:00", "00:00"),
    ("2026-12-24T18:00", "2026-12-24T18:00:00+01:00", "2026-12-24T18:00"),
    ("2026-12-24t18:00:00", "2026-12-24T18:00:00+01:00", "2026-12-24T18:00"),
    ("2026-12-24 18:00:01", "2026-12-24T18:00:01+01:00", "2026-12-24T18:00:01"),
    ("2026-07-24", "2026-07-24T00:00:00+02:00", "2026-07-24"),
    ("2026-12-24T18:00Z", "2026-12-24T19:00:00+01:00", "2026-12-24T18:00Z"),
    ("2026-12-24T18:00:30-05:30", "2026-12-25T00:30:30+01:00", "2026-12-24T18:00:30-05:30"),
    ("2026-12-24 18:00+01:00", "2026-12-24T18:00:00+01:00", "2026-12-24T18:00+01:00"),
    ("@1800000000", "2027-01-15T09:00:00+01:00", "@1800000000"),
    ("2028-02-29", "2028-02-29T00:00:00+01:00", "2028-02-29"),
    ("2199-12-31T23:59:59", "2199-12-31T23:59:59+01:00", "2199-12-31T23:59:59"),
  ])
  func `a time is one moment and has one spelling`(text: String, time: String, spelling: String) throws {
    let schedule = try at(text, in: "Europe/Berlin", now: "2026-03-15T11:20:30+01:00")
    #expect(schedule.next(5, after: "2026-03-15T10:20:30Z") == [time])
    #expect(schedule.description == spelling)
    #expect(schedule.next(after: moment(time)) == nil)
    #expect(schedule.previous(before: moment(time)) == nil)
    #expect(schedule.previous(before: Moment(microseconds: .max)) == moment(time))
    #expect(schedule.count(after: moment("2026-01-01T00:00:00Z"), through: moment(time)) == 1)
    #expect(schedule.count(after: moment(time), through: Moment(microseconds: .max)) == 0)
  }

  @Test(arguments: [
    ("25:00", "hour 25 is not one of 0-23"), ("24:00", "hour 24 is not one of 0-23"),
    ("12:60", "minute 60 is not one of 0-59"), ("12:00:60", "second 60 is not one of 0-59"),
    ("2026-13-01", "month 13 is not one of 1-12"), ("2026-02-29", "2026-02 has no day 29"),
    ("2026-04-31T10:00", "2026-04 has no day 31"), ("2026-04-00", "2026-04 has no day 0"),
    ("1969-12-31", "year 1969 is not one of 1970-2199"), ("2200-01-01", "year 2200 is not one of 1970-2199"),
    ("2026-12-24T18:00+24:00", "offset hour 24 is not one of 0-23"),
    ("2026-12-24T18:00+01:60", "offset minute 60 is not one of 0-59"),
    ("@", "after @ the seconds since 1970 are expected"),
    ("@-5", "after @ the seconds since 1970 are expected"),
    ("@1.5", "after @ the seconds since 1970 are expected"),
    ("@9999999999999", "after @ the seconds since 1970 are expected"),
    ("2020-01-01", "it has passed: it is 2026-01-01T00:00:00+00:00"),
    ("2026-01-01", "it has passed: it is 2026-01-01T00:00:00+00:00"),
    ("@1767225600", "it has passed: it is 2026-01-01T00:00:00+00:00"),
    ("", "'' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    ("noon", "'noon' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    ("1830", "'1830' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    ("18:3", "'18:3' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    ("18:30Z", "'18:30Z' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    ("2026-12-24T", "'2026-12-24T' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    (
      "2026-12-24T18:00+1",
      "'2026-12-24T18:00+1' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"
    ),
    ("2026-1-1", "'2026-1-1' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
    ("18:30 ", "'18:30 ' is not a time such as 18:30, 2026-12-24T18:00 or @1798131600"),
  ])
  func `a mistake is told with what is expected`(text: String, message: String) {
    #expect(refusal { try at(text) } == message)
  }

  @Test func `the second after now is not over and now is`() throws {
    #expect(throws: Never.self) { try at("@1767225601") }
    let error = #expect(throws: ScheduleError.self) { try at("@1767225600") }
    #expect(error?.reason == .passed)
  }

  @Test func `a clock without a sensible time is no reason to crash`() {
    for now in [Int64.min, -1, 0, Int64.max] {
      for text in ["18:30", "2026-12-24", "@5"] {
        _ = try? Schedule(at: text, in: database.zone(named: "Europe/Berlin"), now: Moment(microseconds: now))
      }
      _ = try? Schedule(cron: "* * * * *", in: .utc, now: Moment(microseconds: now))
    }
  }

  @Test func `a time that names its offset does not depend on the zone`() throws {
    #expect(try at("2026-12-24T18:00Z").namesZone)
    #expect(try at("@1800000000").namesZone)
    #expect(try !at("2026-12-24T18:00").namesZone)
    #expect(try !at("18:30").namesZone)
  }

  @Test(arguments: [
    // The clock goes from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
    ("02:30", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"),
    ("02:00", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"),
    ("03:00", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"),
    ("01:59:59", "2026-03-29T00:00:00+01:00", "2026-03-29T01:59:59+01:00"),
    ("02:30", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"),
    // Its first time is over, the second is none of its own.
    ("02:30", "2026-10-25T02:45:00+02:00", "2026-10-26T02:30:00+01:00"),
    ("02:30", "2026-10-25T02:15:00+01:00", "2026-10-26T02:30:00+01:00"),
    ("2026-10-25T02:30", "2026-10-01T00:00:00+02:00", "2026-10-25T02:30:00+02:00"),
    ("2026-03-29T02:30", "2026-03-01T00:00:00+01:00", "2026-03-29T03:00:00+02:00"),
    ("2026-10-25T02:30+01:00", "2026-10-01T00:00:00+02:00", "2026-10-25T02:30:00+01:00"),
  ])
  func `a time that is skipped is the moment after the gap, one that comes twice the first`(
    text: String, now: String, time: String
  ) throws {
    let schedule = try at(text, in: "Europe/Berlin", now: now)
    #expect(schedule.next(2, after: now) == [time])
  }

  @Test func `the day that Apia left out is over at the start of the next`() throws {
    let schedule = try at("18:30", in: "Pacific/Apia", now: "2011-12-30T05:00:00Z")
    #expect(schedule.next(1, after: "2011-12-30T05:00:00Z") == ["2011-12-31T00:00:00+14:00"])
  }
}
