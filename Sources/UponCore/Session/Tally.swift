/// What has been delivered, what a wait still wants, and whether anything can still fire.
struct Tally {
  /// Delivered events, which is the number of the last one.
  private(set) var delivered: UInt64 = 0
  /// Delivered events until `-n` is satisfied; the largest number without it.
  private(set) var remaining: Int
  /// Armed sources for whose sake the loop goes on.
  private(set) var alive = 0
  /// Sources that `-a` still waits for.
  private(set) var unfired = 0
  /// How many events `-n` wants; nil without it.
  let wanted: Int?
  /// Whether each source is closed when it has fired, as `-a` has it.
  let closesAsTheyFire: Bool

  init(_ wait: Options.Wait) {
    wanted = if case .count(let count) = wait { count } else { nil }
    remaining = wanted ?? .max
    closesAsTheyFire = wait == .all
  }

  /// Whether `-n` has all that it wants.
  var isSatisfied: Bool { remaining == 0 }

  /// Counts an event and returns its number.
  @inline(__always)
  mutating func deliver() -> UInt64 {
    delivered &+= 1
    return delivered
  }

  /// Counts an event towards `-n`; returns whether that has been the last.
  mutating func countDown() -> Bool {
    guard remaining != .max, remaining > 0 else { return false }
    remaining -= 1
    return remaining == 0
  }

  mutating func opened(isCounted: Bool, isAwaited: Bool) {
    if isCounted { alive += 1 }
    if isAwaited { unfired += 1 }
  }

  mutating func closed(isCounted: Bool, isStillAwaited: Bool) {
    if isCounted { alive -= 1 }
    if isStillAwaited { unfired -= 1 }
  }

  /// Takes note that a source has fired for the first time; returns whether `-a` is satisfied by it.
  mutating func fired(isAwaited: Bool) -> Bool {
    guard closesAsTheyFire else { return false }
    if isAwaited { unfired -= 1 }
    return unfired == 0
  }

  /// Whether `-a` has nobody left to wait for, because the last one was taken out.
  var waitsForNobody: Bool { closesAsTheyFire && unfired == 0 && delivered > 0 }
}
