extension Schedule {
  /// The first moment after another at which the clock shows a time of the pattern.
  ///
  /// The search goes from offset to offset: with one offset, local times are moments moved by it.
  func next(_ pattern: Pattern, after moment: Int64) -> Int64? {
    var start = moment + 1
    while true {
      let span = zone.span(at: start.floorDivided(by: .second))
      let found = pattern.next(from: start + span.shift)
      if let found, found - span.shift < span.end * .second { return found - span.shift }
      start = span.end * .second
      // Times before the one that was found can still come within reach, by a clock that is set back. What comes later
      // is later on the clock too, so that the years to a rare time are passed over at once.
      if start - moment > TimeZone.reach {
        guard let found else { return nil }
        start = max(start, found - TimeZone.reach)
      }
    }
  }

  /// The last moment before another at which the clock shows a time of the pattern.
  func previous(_ pattern: Pattern, before moment: Int64) -> Int64? {
    var end = moment - 1
    while true {
      let span = zone.span(at: end.floorDivided(by: .second))
      let found = pattern.previous(through: end + span.shift)
      if let found, found - span.shift >= span.start * .second { return found - span.shift }
      end = span.start * .second - 1
      if moment - end > TimeZone.reach {
        guard let found else { return nil }
        end = min(end, found + TimeZone.reach)
      }
    }
  }
}
