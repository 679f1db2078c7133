import Testing

@testable import Schedule

@Suite struct CronTests {
  @Test(arguments: [
    ("* * * * *", ["2026-03-15T10:21:00+00:00", "2026-03-15T10:22:00+00:00"]),
    ("0 9 * * mon-fri", ["2026-03-16T09:00:00+00:00", "2026-03-17T09:00:00+00:00"]),
    (
      "*/20 8-9 * * *",
      [
        "2026-03-16T08:00:00+00:00", "2026-03-16T08:20:00+00:00", "2026-03-16T08:40:00+00:00",
        "2026-03-16T09:00:00+00:00", "2026-03-16T09:20:00+00:00", "2026-03-16T09:40:00+00:00",
        "2026-03-17T08:00:00+00:00",
      ]
    ),
    ("15 30 10 * * *", ["2026-03-15T10:30:15+00:00", "2026-03-16T10:30:15+00:00"]),
    ("*/30 * * * * *", ["2026-03-15T10:21:00+00:00", "2026-03-15T10:21:30+00:00"]),
    ("0 0 L * *", ["2026-03-31T00:00:00+00:00", "2026-04-30T00:00:00+00:00", "2026-05-31T00:00:00+00:00"]),
    ("0 0 l 2 *", ["2027-02-28T00:00:00+00:00", "2028-02-29T00:00:00+00:00"]),
    (
      "0 0 15,L * *", ["2026-03-31T00:00:00+00:00", "2026-04-15T00:00:00+00:00", "2026-04-30T00:00:00+00:00"]
    ),
    ("0 17 * * 5L", ["2026-03-27T17:00:00+00:00", "2026-04-24T17:00:00+00:00", "2026-05-29T17:00:00+00:00"]),
    ("0 17 * * friL", ["2026-03-27T17:00:00+00:00", "2026-04-24T17:00:00+00:00"]),
    ("0 0 * * 7L", ["2026-03-29T00:00:00+00:00", "2026-04-26T00:00:00+00:00"]),
    ("0 0 29 2 *", ["2028-02-29T00:00:00+00:00", "2032-02-29T00:00:00+00:00"]),
    ("0\t0  1 Jan\t*", ["2027-01-01T00:00:00+00:00"]),
    (
      "0 0 * * fri-sun",
      [
        "2026-03-20T00:00:00+00:00", "2026-03-21T00:00:00+00:00", "2026-03-22T00:00:00+00:00",
        "2026-03-27T00:00:00+00:00",
      ]
    ),
    ("0 0 * * 5-7", ["2026-03-20T00:00:00+00:00", "2026-03-21T00:00:00+00:00", "2026-03-22T00:00:00+00:00"]),
    ("*/60 * * * *", ["2026-03-15T11:00:00+00:00", "2026-03-15T12:00:00+00:00"]),
    ("@Daily", ["2026-03-16T00:00:00+00:00", "2026-03-17T00:00:00+00:00"]),
    ("@weekly", ["2026-03-22T00:00:00+00:00", "2026-03-29T00:00:00+00:00"]),
  ])
  func `an expression comes at these times`(text: String, times: [String]) throws {
    #expect(try cron(text).next(times.count, after: "2026-03-15T10:20:30Z") == times)
  }

  /// The odd rule of cron: days of the month and of the week add up when both say something. A field that begins with a
  /// star says nothing, be it `*/2`, and then a day must fit both.
  @Test(arguments: [
    ("0 0 13 * 5", ["2026-03-20", "2026-03-27", "2026-04-03", "2026-04-10", "2026-04-13"]),
    ("0 0 13 * *", ["2026-04-13", "2026-05-13", "2026-06-13", "2026-07-13", "2026-08-13"]),
    ("0 0 * * 5", ["2026-03-20", "2026-03-27", "2026-04-03", "2026-04-10", "2026-04-17"]),
    ("0 0 */2 * 5", ["2026-03-27", "2026-04-03", "2026-04-17", "2026-05-01", "2026-05-15"]),
    ("0 0 13 * */2", ["2026-06-13", "2026-08-13", "2026-09-13", "2026-10-13", "2026-12-13"]),
    ("0 0 *,13 * 5", ["2026-03-20", "2026-03-27", "2026-04-03", "2026-04-10", "2026-04-17"]),
    ("0 0 1-31/2 * 5", ["2026-03-17", "2026-03-19", "2026-03-20", "2026-03-21", "2026-03-23"]),
    ("0 0 L * 1", ["2026-03-16", "2026-03-23", "2026-03-30", "2026-03-31", "2026-04-06"]),
  ])
  func `days of the month and of the week go together as in cron`(text: String, days: [String]) throws {
    let times = try cron(text).next(5, after: "2026-03-15T10:20:30Z")
    #expect(times == days.map { $0 + "T00:00:00+00:00" })
  }

  @Test(arguments: [
    (
      "* * * *",
      "4 fields instead of five (minute, hour, day of month, month, day of week) or six with seconds first"
    ),
    (
      "0 0 1 1 * * 2026",
      "7 fields instead of five (minute, hour, day of month, month, day of week) or six with "
        + "seconds first; there is none for the year"
    ),
    (
      "",
      "0 fields instead of five (minute, hour, day of month, month, day of week) or six with seconds first"
    ),
    (
      "daily",
      "1 field instead of five (minute, hour, day of month, month, day of week) or six with seconds first"
    ),
    ("61 * * * *", "minute 61 is not one of 0-59"),
    ("60 * * * *", "minute 60 is not one of 0-59"),
    ("* 24 * * *", "hour 24 is not one of 0-23"),
    ("* * 0 * *", "day of month 0 is not one of 1-31 or L"),
    ("* * 32 * *", "day of month 32 is not one of 1-31 or L"),
    ("* * * 13 *", "month 13 is not one of 1-12 or jan-dec"),
    ("* * * foo *", "month 'foo' is not one of 1-12 or jan-dec"),
    ("* * * * 8", "day of week 8 is not one of 0-7 or sun-sat"),
    ("* * * * monday", "'monday' is written mon"),
    ("* * * * L", "day of week 'L' is not one of 0-7 or sun-sat"),
    ("* * * * 5#2", "day of week '5#2' is not one of 0-7 or sun-sat"),
    ("* L * * *", "hour 'L' is not one of 0-23"),
    ("* * ? * *", "day of month '?' is not one of 1-31 or L"),
    ("1- * * * *", "minute '1-' is not one of 0-59"),
    ("*/ * * * *", "minute '*/' is not one of 0-59"),
    ("5/10 * * * *", "the step in '5/10' needs a range: 5-59/10"),
    ("*/0 * * * *", "the step in '*/0' is not one of 1-60"),
    ("*/90 * * * *", "the step in '*/90' is not one of 1-60"),
    ("* * * * fri-mon", "'fri-mon' runs backwards; fri-sat,sun-mon goes round"),
    ("* 22-2 * * *", "'22-2' runs backwards; 22-23,0-2 goes round"),
    ("* * * nov-feb *", "'nov-feb' runs backwards; nov-dec,jan-feb goes round"),
    ("1, * * * *", "the minute '1,' has a comma too many"),
    ("1-2-3 * * * *", "minute '1-2-3' is not one of 0-59"),
    ("-5 * * * *", "minute '-5' is not one of 0-59"),
    ("*5 * * * *", "minute '*5' is not one of 0-59"),
    ("99999999999999999999 * * * *", "minute '99999999999999999999' is not one of 0-59"),
    ("@reboot", "'@reboot' is the source start"),
    ("@every 5m", "'@every' is the source every:DURATION"),
    ("@daily 5", "'@daily' stands alone"),
    ("@often", "'@often' is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"),
    ("0 0 30 2 *", "it never comes in the years 1970 to 2199"),
    ("0 0 31 4,6,9,11 *", "it never comes in the years 1970 to 2199"),
    ("0 0 31 2 */2", "it never comes in the years 1970 to 2199"),
  ])
  func `a mistake is told with what is expected`(text: String, message: String) {
    #expect(refusal { try cron(text) } == message)
  }

  @Test func `a message does not repeat more than 40 letters of a word`() {
    let word = String(repeating: "x", count: 1000)
    #expect(refusal { try cron("* * * * \(word)") }!.utf8.count < 100)
    #expect(refusal { try calendar(word) }!.utf8.count < 250)
    #expect(refusal { try at(word) }!.utf8.count < 120)
  }

  @Test(arguments: [
    ("*/5  *\t* * *", "*/5 * * * *"), ("00 09 * JAN,feb Mon-FRI", "0 9 * 1,2 1-5"), ("@daily", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"), ("0 0 * * 7", "0 0 * * 0"), ("5,4,3,1 * * * *", "1,3-5 * * * *"),
    ("0-59/15 * * * *", "0-45/15 * * * *"), ("*,5 * * * *", "* * * * *"), ("*/2,5 * * * *", "*/2,5 * * * *"),
    ("5,* * * * *", "0-59 * * * *"), ("0 0 l,15 * friL", "0 0 15,L * 5L"),
    ("0 0 * * fri-sun", "0 0 * * 0,5,6"),
    ("30 0 0 * * *", "30 0 0 * * *"), ("0 0 0 * * *", "0 0 0 * * *"), ("1,2 * * * *", "1,2 * * * *"),
    ("*/1 * * * *", "* * * * *"),
  ])
  func `an expression has one spelling`(text: String, spelling: String) throws {
    #expect(try cron(text).description == spelling)
  }
}
