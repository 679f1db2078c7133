/// The times at which something is due: one moment, or the times of a calendar in a zone.
///
/// A schedule is a value and keeps no clock: it says what comes next after a moment, and what came before.
public struct Schedule: Hashable, Sendable, CustomStringConvertible {
  /// What a schedule of the calendar does with times that a change of the clock skips or repeats.
  enum ClockChange: Hashable, Sendable {
    /// It fires whenever the clock shows one of its times: what is skipped is left out, what is repeated comes twice.
    case follow
    /// It fires once for each of its times: for what is skipped at the first moment after the gap, for what comes
    /// twice at the first of the two.
    case once
  }

  enum Times: Hashable, Sendable {
    case moment(Moment)
    case calendar(Pattern, ClockChange)
  }

  let times: Times
  /// The zone in which the expression is meant, and in which its moments are shown.
  public let zone: TimeZone
  /// Whether the expression names its zone itself, so that another one has no effect on it.
  public let namesZone: Bool
  /// The expression in its canonical spelling, which reads back as the same schedule.
  public let description: String

  /// Takes the times of a calendar; throws when none of them is yet to come.
  init(
    _ pattern: Pattern, _ change: ClockChange, in zone: TimeZone, namesZone: Bool, description: String,
    now: Moment
  ) throws(ScheduleError) {
    times = .calendar(pattern, change)
    self.zone = zone
    self.namesZone = namesZone
    self.description = description
    if next(after: now) != nil { return }
    guard let last = previous(before: Moment(microseconds: .max)) else {
      let (first, last) = (CivilDate.years.lowerBound, CivilDate.years.upperBound)
      throw ScheduleError(.never, "it never comes in the years \(first) to \(last)")
    }
    throw ScheduleError(.passed, "it has passed: its last time was \(zone.text(of: last))")
  }

  /// Takes one moment; throws when it is not yet to come.
  init(_ moment: Moment, in zone: TimeZone, namesZone: Bool, description: String, now: Moment)
    throws(ScheduleError)
  {
    times = .moment(moment)
    self.zone = zone
    self.namesZone = namesZone
    self.description = description
    guard moment > now else { throw ScheduleError(.passed, "it has passed: it is \(zone.text(of: now))") }
  }
}

extension Schedule {
  /// The first time after a moment; nil when there is none, or none before the year 2200.
  public func next(after moment: Moment) -> Moment? {
    switch times {
    case .moment(let only): return only > moment ? only : nil
    case .calendar(let pattern, let change):
      guard moment < Self.end else { return nil }
      let after = max(moment, Self.start).microseconds
      let found =
        switch change {
        case .follow: next(pattern, after: after)
        case .once:
          pattern.next(from: zone.latestLocalTime(through: after) + 1).map(zone.firstMoment(ofLocalTime:))
        }
      return found.map(Moment.init(microseconds:))
    }
  }

  /// The last time before a moment; nil when there is none, or none since 1970.
  public func previous(before moment: Moment) -> Moment? {
    switch times {
    case .moment(let only): return only < moment ? only : nil
    case .calendar(let pattern, let change):
      guard moment > Self.start else { return nil }
      let before = min(moment, Self.end).microseconds
      let found =
        switch change {
        case .follow: previous(pattern, before: before)
        case .once:
          pattern.previous(through: zone.latestLocalTime(through: before - 1)).map(
            zone.firstMoment(ofLocalTime:))
        }
      return found.map(Moment.init(microseconds:))
    }
  }

  /// A moment before all local times from 1970 on in any zone.
  static let start = Moment(microseconds: -TimeZone.reach)
  /// A moment after all local times of 2199 in any zone.
  static let end = Moment(
    microseconds: CivilDate(year: CivilDate.years.upperBound + 1, month: 1, day: 1).dayNumber * .day
      + TimeZone.reach)
}

extension Schedule {
  /// The first moment after another at which the clock shows a time of the pattern.
  ///
  /// The search goes from offset to offset: with one offset, local times are moments moved by it.
  private func next(_ pattern: Pattern, after moment: Int64) -> Int64? {
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
  private func previous(_ pattern: Pattern, before moment: Int64) -> Int64? {
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
