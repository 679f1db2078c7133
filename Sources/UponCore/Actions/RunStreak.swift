/// Runs that follow each other without a pause, as those of a command that writes into what it watches do.
struct RunStreak {
  /// So many in a row are told.
  private static let most = 10
  /// A batch waits no longer than this for the end of a burst.
  private static let pause: Int64 = 600_000_000

  private var lastEnd: Int64?
  private var count = 0
  private var isTold = false

  /// Takes note that a run begins; returns whether it is time to tell.
  mutating func begins(at now: Int64) -> Bool {
    let isInRow = lastEnd.map { now - $0 < Self.pause } ?? false
    count = isInRow ? count + 1 : 1
    guard count == Self.most, !isTold else { return false }
    isTold = true
    return true
  }

  mutating func ended(at now: Int64) {
    lastEnd = now
  }
}
