extension Schedule {
  /// How many times lie after `start` and up to `end`, that one included.
  ///
  /// The time that this takes grows with the changes of the clock that lie between, not with what is counted.
  public func count(after start: Moment, through end: Moment) -> Int {
    switch times {
    case .moment(let only): return start < only && only <= end ? 1 : 0
    case .calendar(let pattern, let change):
      let start = max(start, Self.start).microseconds
      let end = min(end, Self.end).microseconds
      guard start < end else { return 0 }
      return switch change {
      case .follow: countFollowing(pattern, after: start, through: end)
      case .once: countOnce(pattern, after: start, through: end)
      }
    }
  }

  private func countFollowing(_ pattern: Pattern, after start: Int64, through end: Int64) -> Int {
    var count = 0
    var from = start + 1
    while from <= end {
      let span = zone.span(at: from.floorDivided(by: .second))
      let below = min(span.end * .second, end + 1)
      count += pattern.count(from: from + span.shift, below: below + span.shift)
      from = below
    }
    return count
  }

  /// Counts the local times that the clock has reached, those that fall together behind a gap as one.
  private func countOnce(_ pattern: Pattern, after start: Int64, through end: Int64) -> Int {
    let firstLocal = zone.latestLocalTime(through: start) + 1
    var count = pattern.count(from: firstLocal, below: zone.latestLocalTime(through: end) + 1)
    var span = zone.span(at: start.floorDivided(by: .second))
    while span.end * .second <= end {
      let next = zone.span(at: span.end)
      let gap = max(firstLocal, span.end * .second + span.shift)
      let together = pattern.count(from: gap, below: span.end * .second + next.shift + 1)
      count -= max(0, together - 1)
      span = next
    }
    return count
  }
}
