import Testing

/// Judges how long something takes: not less than asked, and not more than asked and what this machine itself costs.
///
/// What the machine costs is measured from the beginning to the judgement: a shell beside the test sleeps again and
/// again for 20 ms, and tells how much later than that it was back. That has all in it of which a command of upon is
/// made: a process that starts, a timer that is late, a parent that hears of the end.
///
///     let window = try TimeWindow()
///     let run = try Shell.run("upon after:100ms")
///     try window.expect(run.duration, in: .milliseconds(100) ... .milliseconds(200))
final class TimeWindow {
  /// What is late on a machine that does nothing else.
  private static let least: Duration = .milliseconds(25)
  /// So many things in a row are as late as the latest one that was measured.
  private static let steps = 4

  private let probe: Running

  init() throws {
    probe = try Shell.start(
      """
      while :; do
        before=$EPOCHREALTIME; sleep 0.02; after=$EPOCHREALTIME
        echo $((${after/[.,]/} - ${before/[.,]/} - 20000))
      done
      """, in: "bash")
    guard probe.wait(for: "\n") != nil else { throw HarnessError("no delay could be measured") }
  }

  /// What the machine may add, by what it has cost until now.
  func allowance() throws -> Duration {
    // One that begins now has the end of what is judged in it.
    for _ in 0..<2 {
      let count = probe.output.count
      guard probe.wait(until: { probe.output.count > count }) else {
        throw HarnessError("no delay was measured")
      }
    }
    let delays = probe.output.text.split(separator: "\n").compactMap { Int($0) }
    return Self.least + .microseconds(delays.max() ?? 0) * Self.steps
  }

  /// Checks a span: not before the lower bound, not after the upper one and the allowance.
  func expect(
    _ taken: Duration, in bounds: ClosedRange<Duration>, _ comment: @autoclosure () -> Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let allowance = try allowance()
    #expect(
      taken >= bounds.lowerBound, "too early: \(comment()?.rawValue ?? "")", sourceLocation: sourceLocation)
    #expect(
      taken <= bounds.upperBound + allowance, "too late, with \(allowance): \(comment()?.rawValue ?? "")",
      sourceLocation: sourceLocation)
  }
}
