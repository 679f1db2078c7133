import Testing

@testable import Schedule

/// Expressions of cron beside croniter, which Debian has as `python3-croniter`; in UTC, because its idea of changes of
/// the clock is another one. Only forward: backward it passes over leap days.
@Suite struct CroniterTests {
  static let chosen = [
    "* * * * *", "0 * * * *", "*/5 * * * *", "*/7 * * * *", "*/13 */5 * * *", "0 0 * * *", "30 2 * * *",
    "0 0 1 * *",
    "0 0 31 * *", "0 0 29 2 *", "0 12 29 2 1", "0 0 1 1 *", "59 23 31 12 *", "0 0 * * 0", "0 0 * * 7",
    "0 0 * * sun",
    "0 0 * * MON-FRI", "0 9-17 * * 1-5", "*/15 9-17 * * 1-5", "0 0 1,15 * *", "0 0 1,15 * 5", "0 0 13 * 5",
    "30 4 1,15 * 5", "5 4 * * sun", "0 0-23/2 * * *", "23 0-20/2 * * *", "0 22 * * 1-5",
    "0 0 1 jan,apr,jul,oct *",
    "0 0 1 1-12/3 *", "1-59/2 * * * *", "0,15,30,45 8,20 * * *", "0 0 28-31 * *", "0 0 30 * *", "0 0 L * *",
    "0 0 1,L * *", "0 18 L 2 *", "0 0 31 1,3,5 *", "0 0 * 2 1", "10-20 3 * 6-8 2,4", "0 5 10-20/5 * *",
    "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually",
  ]

  private static let program = """
    import sys
    from datetime import datetime, timezone
    from croniter import croniter
    for line in sys.stdin:
        start, expression = line.rstrip("\\n").split("\\t")
        times = croniter(expression, datetime.fromtimestamp(int(start), timezone.utc))
        try:
            print(*[int(times.get_next(float)) for _ in range(20)])
        except Exception as error:
            print(repr(error))
    """

  /// A day of the month or of the week that begins with `*` and says more is cronie's own: it is not among them.
  private static func random(_ count: Int) -> [String] {
    var random = Seeded(77)
    var expressions: [String] = []
    while expressions.count < count {
      let expression = RandomExpression.cron(&random)
      let fields = expression.text.split(separator: " ")
      let isOwn = [fields[2], fields[4]].contains { $0.contains("*") && $0 != "*" || $0.contains("L") }
      // To croniter seven days of the week are a `*`; to cronie only the sign is.
      let isWhole = expression.pattern.weekdays == 0x7f || expression.pattern.days == 0xffff_fffe
      if !isOwn, !(isWhole && expression.pattern.either == 1) { expressions.append(expression.text) }
    }
    return expressions
  }

  @Test func `an expression has the times of croniter`() throws {
    let expressions = Self.chosen + Self.random(400)
    let start = moment("2026-03-15T10:20:30Z")
    // Times that never come have no next one to compare.
    var schedules: [(String, Schedule)] = []
    for text in expressions {
      do {
        schedules.append((text, try Schedule(cron: text, in: .utc, now: start)))
      } catch {
        #expect(error.reason == .never, "\(text): \(error)")
      }
    }
    #expect(schedules.count > 400)
    let input = schedules.map { "\(start.seconds)\t\($0.0)\n" }.joined()
    let lines = try output(of: "/usr/bin/python3", ["-c", Self.program], input: input).split(separator: "\n")
    try #require(lines.count == schedules.count, "\(lines.last ?? "")")
    for ((text, schedule), line) in zip(schedules, lines) {
      let times = schedule.times(20, after: start)
      #expect(times.map { String($0.seconds) }.joined(separator: " ") == line, "\(text)")
    }
  }
}
