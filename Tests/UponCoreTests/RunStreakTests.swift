import Testing

@testable import UponCore

/// Runs that follow each other without a pause.
@Suite struct RunStreakTests {
  private static let millisecond: Int64 = 1_000_000

  /// The runs at which it was told, of so many that each last 10 ms and follow after a pause.
  private func told(_ streak: inout RunStreak, from start: Int64, runs: Int, pause: Int64) -> [Int] {
    var now = start
    var told: [Int] = []
    for number in 1...runs {
      if streak.begins(at: now) { told.append(number) }
      now += 10 * Self.millisecond
      streak.ended(at: now)
      now += pause
    }
    return told
  }

  @Test func `the tenth in a row is told, and none after it`() {
    var streak = RunStreak()
    #expect(told(&streak, from: 0, runs: 100, pause: 20 * Self.millisecond) == [10])
  }

  @Test func `a pause begins the row anew`() {
    var streak = RunStreak()
    #expect(told(&streak, from: 0, runs: 9, pause: 0) == [])
    #expect(told(&streak, from: 10_000 * Self.millisecond, runs: 20, pause: 700 * Self.millisecond) == [])
    #expect(told(&streak, from: 30_000 * Self.millisecond, runs: 10, pause: 500 * Self.millisecond) == [10])
  }
}
