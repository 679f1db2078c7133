import Testing

@testable import Schedule

/// What the contract says of times that a change of the clock skips or repeats, at the exact moments.
@Suite struct DaylightSavingTests {
  @Test(arguments: [
    // Berlin skips 2:00 to 3:00 on 29 March 2026.
    ("30 2 * * *", ["28T02:30:00+01:00", "29T03:00:00+02:00", "30T02:30:00+02:00"]),
    ("0 2 * * *", ["28T02:00:00+01:00", "29T03:00:00+02:00", "30T02:00:00+02:00"]),
    ("0 3 * * *", ["28T03:00:00+01:00", "29T03:00:00+02:00", "30T03:00:00+02:00"]),
    ("59 1 * * *", ["28T01:59:00+01:00", "29T01:59:00+01:00", "30T01:59:00+02:00"]),
    // Those that fall together are one, also with the time at which the gap ends.
    (
      "*/20 2 * * *",
      [
        "28T02:00:00+01:00", "28T02:20:00+01:00", "28T02:40:00+01:00", "29T03:00:00+02:00",
        "30T02:00:00+02:00",
      ]
    ),
    (
      "0,30 2-3 * * *",
      [
        "28T02:00:00+01:00", "28T02:30:00+01:00", "28T03:00:00+01:00", "28T03:30:00+01:00",
        "29T03:00:00+02:00", "29T03:30:00+02:00", "30T02:00:00+02:00",
      ]
    ),
    // A day of which nothing else is left.
    ("30 2 29 3 *", ["29T03:00:00+02:00"]),
    // Hours that begin with a star are those that there are.
    ("0 */2 29 3 *", ["29T00:00:00+01:00", "29T04:00:00+02:00", "29T06:00:00+02:00"]),
    ("30 * 29 3 *", ["29T00:30:00+01:00", "29T01:30:00+01:00", "29T03:30:00+02:00"]),
    ("15 *,2 29 3 *", ["29T00:15:00+01:00", "29T01:15:00+01:00", "29T03:15:00+02:00"]),
    // A range of all hours is no star.
    ("30 0-23 29 3 *", ["29T00:30:00+01:00", "29T01:30:00+01:00", "29T03:00:00+02:00", "29T03:30:00+02:00"]),
  ])
  func `in spring a time that is skipped comes at the first moment after the gap`(
    text: String, times: [String]
  ) throws {
    let schedule = try cron(text, in: "Europe/Berlin")
    #expect(schedule.next(times.count, after: "2026-03-27T23:59:59Z") == times.map { "2026-03-" + $0 })
    let first = moment("2026-03-27T23:59:59Z")
    #expect(schedule.count(after: first, through: moment("2026-03-" + times.last!)) == times.count)
  }

  @Test(arguments: [
    // Berlin repeats 2:00 to 3:00 on 25 October 2026.
    ("30 2 * * *", ["24T02:30:00+02:00", "25T02:30:00+02:00", "26T02:30:00+01:00"]),
    ("0 2 * * *", ["24T02:00:00+02:00", "25T02:00:00+02:00", "26T02:00:00+01:00"]),
    ("0 3 * * *", ["24T03:00:00+02:00", "25T03:00:00+01:00", "26T03:00:00+01:00"]),
    (
      "*/30 2 * * *",
      [
        "24T02:00:00+02:00", "24T02:30:00+02:00", "25T02:00:00+02:00", "25T02:30:00+02:00",
        "26T02:00:00+01:00",
      ]
    ),
    ("30 */2 25 10 *", ["25T00:30:00+02:00", "25T02:30:00+02:00", "25T02:30:00+01:00", "25T04:30:00+01:00"]),
    (
      "0 * 25 10 *",
      [
        "25T00:00:00+02:00", "25T01:00:00+02:00", "25T02:00:00+02:00", "25T02:00:00+01:00",
        "25T03:00:00+01:00",
      ]
    ),
  ])
  func `in autumn a time that comes twice fires once, unless the hours begin with a star`(
    text: String, times: [String]
  ) throws {
    let schedule = try cron(text, in: "Europe/Berlin")
    #expect(schedule.next(times.count, after: "2026-10-23T23:59:59Z") == times.map { "2026-10-" + $0 })
    let first = moment("2026-10-23T23:59:59Z")
    #expect(schedule.count(after: first, through: moment("2026-10-" + times.last!)) == times.count)
  }

  @Test func `a calendar event keeps to the same rules`() throws {
    let fixed = try calendar("*-*-* 2:30 Europe/Berlin")
    #expect(
      fixed.next(2, after: "2026-03-28T12:00:00Z") == [
        "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00",
      ])
    let steps = try calendar("*-3-29 0/2:00 Europe/Berlin")
    #expect(
      steps.next(3, after: "2026-03-28T12:00:00Z") == [
        "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00",
      ])
    let hourly = try calendar("hourly Europe/Berlin")
    #expect(
      hourly.next(3, after: "2026-10-25T00:00:00Z") == [
        "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00", "2026-10-25T04:00:00+01:00",
      ])
  }

  @Test func `half an hour at Lord Howe is skipped and repeated as an hour elsewhere`() throws {
    // 2:00 becomes 2:30 on 4 October 2026; 2:00 becomes 1:30 on 5 April.
    let spring = try cron("15 2 * * *", in: "Australia/Lord_Howe")
    #expect(
      spring.next(2, after: "2026-10-03T00:00:00Z") == [
        "2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00",
      ])
    let autumn = try cron("45 1 * * *", in: "Australia/Lord_Howe")
    #expect(
      autumn.next(2, after: "2026-04-04T00:00:00Z") == [
        "2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30",
      ])
    let hourly = try cron("45 * * * *", in: "Australia/Lord_Howe")
    #expect(
      hourly.next(3, after: "2026-04-04T14:00:00Z") == [
        "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30", "2026-04-05T02:45:00+10:30",
      ])
  }

  @Test func `the day that Apia left out comes at the start of the next, once`() throws {
    let noon = try cron("0 12 * * *", in: "Pacific/Apia", now: "2011-12-01T00:00:00Z")
    #expect(
      noon.next(3, after: "2011-12-29T12:00:00Z") == [
        "2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00",
      ])
    let friday = try cron("0 * 30 12 *", in: "Pacific/Apia", now: "2011-12-01T00:00:00Z")
    #expect(friday.next(1, after: "2011-12-29T12:00:00Z") == ["2012-12-30T00:00:00+14:00"])
  }

  @Test func `midnight that does not exist is the first moment of the day`() throws {
    // Havana goes from 0:00 to 1:00.
    let daily = try cron("@daily", in: "America/Havana")
    #expect(
      daily.next(2, after: "2026-03-07T12:00:00Z") == [
        "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00",
      ])
  }
}
