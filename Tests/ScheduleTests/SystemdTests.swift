import Testing

@testable import Schedule

/// Calendar events beside `systemd-analyze calendar`, which reads them as timers of systemd do.
@Suite struct SystemdTests {
  /// The examples of `systemd.time(7)`.
  static let examples = [
    "Sat,Thu,Mon..Wed,Sat..Sun", "Mon,Sun 12-*-* 2,1:23", "Wed *-1", "Wed..Wed,Wed *-1", "Wed, 17:48",
    "Wed..Sat,Tue 12-10-15 1:2:3", "*-*-7 0:0:0", "10-15", "monday *-12-* 17:00", "Mon,Fri *-*-3,1,2 *:30:45",
    "12,14,13,12:20,10,30", "12..14:10,20,30", "mon,fri *-1/2-1,3 *:30:45", "03-05 08:05:40", "08:05:40",
    "05:40",
    "Sat,Sun 12-05 08:05:40", "Sat,Sun 08:05:40", "2003-03-05 05:40", "05:40:23.4200004/3.1700005",
    "2003-02..04-05",
    "2003-03-05 05:40 UTC", "2003-03-05", "03-05", "hourly", "daily", "daily UTC", "monthly", "weekly",
    "weekly Pacific/Auckland", "yearly", "annually", "*:2/3", "minutely", "quarterly", "semiannually",
    "Thu,Fri 2012-*-1,5 11:12:13", "*-02~03", "Mon *-05~07/1",
  ]

  /// What a reader of the page could ask next.
  static let chosen = [
    // Words, in any case
    "DAILY", "Weekly", "semi-annually", "biannually", "bi-annually", "hourly UTC", "monthly Asia/Tokyo",
    "minutely utc",
    // Weekdays
    "Mon", "Mon,", "tuesday", "MON..FRI", "Mon..Fri,Sun", "Mon,Wed,Fri 9:00", "Sat..Sun 10:00", "Mon..Sun",
    "Fri-Sun",
    "Monday..Wednesday,Sun 1-2..3 utc", "Mon..Tue", "Sun,Sun,Sun", "Thu, 6:00",
    // Dates
    "*-*-*", "*-*-31", "*-*-30 12:00", "*-2-29", "Mon *-2-29", "02-29", "*-*-1..7", "Mon *-*-1..7 8:00",
    "Fri *-*-13", "*-1,4,7,10-1", "*-1/3-1", "*-*-1/2", "*-*-2/2", "*-*-5/10", "*-*-1..10/3", "*-6..8-15",
    "2026-*-1", "2027-1-1", "2026..2028-1-1", "2026/2-1-1", "2030..2190/10-1-1", "2100-2-28", "70-1-1",
    "69-1-1",
    "99-12-31", "26-5-5", "1..1-5", "*-12-24..26", "*-*-29", "2024/4-2-29", "2199-12-31", "2028-02-29",
    // Days from the end of the month
    "*-*~1", "*-*~01 23:59", "*-*~2", "*-*~3", "*-2~1", "*-2~28", "*-*~28/27", "*-*~7/1", "Fri *-*~7/1 17:00",
    "*-*~01..06/2", "*-*~1..3", "*-*~1,5..9", "*-*~10..20/5", "*-2~*", "Sun *-10~7/1 3:00", "02~01",
    "*-*~28/9",
    "Mon *-*~1",
    // Times
    "0:0", "00:00:00", "23:59:59", "*:*", "*:0", "*:0/15", "*:5/15", "*:1/7", "*:0..30/10", "0/2:0", "1/2:30",
    "0/6:0",
    "9..17:0", "9..17:0/30", "Mon..Fri 9..17:0/15", "8,12,18:30", "*:*:0/10", "*:*:5/25", "*:*:*",
    "0:0:0..10",
    "12:34:56", "*:*:0,30", "0..23:59", "5..5/3:0", "1..2/5:0", "1..6/5:0", "22..23:58..59:58..59", "0:5/54",
    // Fractions
    "*:*:0/0.5", "*:*:0/2.5", "0:0:0.5..3.5/0.25", "1:2:3.456789", "1:2:3.4567894", "1:2:3.4567895",
    "0:0:0.0000004",
    "*:0:59.5", "*:*:1.25,7.75/20", "0:0:5..5.5/0.5", "*:*:0.1,0.2,0.3", "12:00:00.999999",
    // Zones; their hours are not those in which clocks change
    "12:00 Europe/Berlin", "*-*-1 9:00 America/New_York", "Mon 18:30 Asia/Kathmandu",
    "5..7:0/20 Australia/Lord_Howe",
    "*-1/3-1 0:0 Asia/Tokyo", "Sun *-*~7/1 12:00 America/St_Johns", "2026-07-01 12:00 Pacific/Chatham",
    "*-*-31 23:30:15 America/Argentina/Buenos_Aires", "daily Asia/Kolkata", "weekly UTC", "12:00 Etc/GMT+5",
    // Moments and spaces
    "@0", "@1700000000", "@1800000000", "@4102444800", "Mon  *-*-*   12:00", "1-2  3:00", "000000001-02",
  ]

  struct Answer {
    var normal = ""
    var times: [String] = []
  }

  /// Reads the blocks that are printed one after another for several expressions.
  static func answers(_ expressions: [String], base: String, iterations: Int) throws -> [Answer] {
    let text = try output(
      of: "systemd-analyze",
      ["calendar", "--iterations=\(iterations)", "--base-time=\(base)", "--"] + expressions,
      environment: ["TZ": "UTC"])
    var answers: [Answer] = []
    for line in text.split(separator: "\n") {
      guard let colon = line.firstRange(of: ": ") else { continue }
      let label = line[..<colon.lowerBound].drop { $0 == " " }
      let value = String(line[colon.upperBound...])
      if label == "Normalized form" {
        answers.append(Answer(normal: value))
      } else if label.hasPrefix("Iter. #") || label == "Next elapse" && value != "never" {
        // Sun 2026-03-29 01:00:00 UTC
        let words = value.split(separator: " ")
        answers[answers.count - 1].times.append("\(words[1])T\(words[2])")
      }
    }
    return answers
  }

  // None of these is near the end of an hour: there a repetition that is cut off, as `*:*:5/25` after 18:59:55, makes
  // systemd 252 leave out the first time of the next hour.
  @Test(arguments: [
    "2026-01-01 00:00:00", "2012-10-14 20:15:30", "2027-12-31 12:34:56", "2096-02-28 18:30:30",
  ])
  func `an expression has the normal form and the times of systemd`(base: String) throws {
    let expressions = Self.examples + Self.chosen
    #expect(Self.chosen.count >= 127)
    let answers = try Self.answers(expressions, base: base + " UTC", iterations: 12)
    try #require(answers.count == expressions.count)
    let start = moment(base.replacing(" ", with: "T") + "Z")
    var compared = 0
    for (text, answer) in zip(expressions, answers) {
      var times: [String] = []
      do {
        let schedule = try Schedule(calendar: text, in: .utc, now: start, database: database)
        #expect(schedule.description == answer.normal, "\(text)")
        times = schedule.times(12, after: start).map { String(TimeZone.utc.text(of: $0).prefix(19)) }
      } catch {
        #expect(error.reason == .passed || error.reason == .never, "\(text): \(error)")
      }
      // systemd leaves out the zone in which it shows a time, and the fraction.
      #expect(times == answer.times, "\(text) after \(base)")
      compared += times.count
    }
    #expect(compared > 1500)
  }

  /// What systemd refuses too.
  static let malformed = [
    "foo", "", "12", "~3", "*-*-~3", "Sat..Mon", "*/2:00", "0:60", "24:00", "12..2:0", "5/30:0", "*,5:0",
    "0:0:0/60",
    "1:2:3:4", "2026-1-1T10:00", "13-1", "1-32", "0-1", "1-0", "*-*~29", "*-*~28/28", "*-*~1/1", "1969-1-1",
    "2200-1-1",
    "100-1-1", "@9999999999", "@x", "@", "Europe/Berlin", "Mon Tue", "Mon,,Tue", "Mon, Tue", "Mo", "Mon..",
    "1-2 3",
    "1:00 2-3", "01-2:00", "0:0/0", "0:0:0/0", "1:", ":1", "-1", "1-", "1--1", "*-*-*-*", "1:2 Mars/Base",
    "0:5/55",
    "0:0:59.9/0.2", "0:0:60", "daily daily", "1,:0", ",1:0", "1..:0", "..1:0", "0:0:0.", "0:0:.5", "*-*-1/31",
    "+1:00",
    "1:00 UTC UTC", "Mon..Wed..Fri", "2026-*~*-1",
  ]

  @Test func `what systemd cannot read is refused`() throws {
    for text in Self.malformed {
      #expect(try Self.answers([text], base: "2026-01-01", iterations: 1).isEmpty, "systemd reads \(text)")
      let error = #expect(throws: ScheduleError.self, "\(text)") { try calendar(text) }
      #expect(error?.reason == .malformed || error?.reason == .zone, "\(text)")
    }
  }
}
