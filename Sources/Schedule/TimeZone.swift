/// A time zone: the offsets from UTC that were, are and will be in force in one place.
///
/// The zone is read from the files of the tz database (RFC 9636) by this module and not by `localtime_r`, which knows
/// only the zone of the process: there rules with several zones would change `TZ` to and fro, for all threads
/// and for the commands that are started in between. And `mktime` says neither that a local time does not exist
/// nor that it comes twice, and guesses which of the two is meant from the calls before.
public struct TimeZone: Hashable, Sendable {
  /// The name or rule by which the zone was asked for; empty for that of the system.
  public let name: String
  /// The moments in seconds at which the offset changes, ascending.
  let transitions: [Int64]
  /// The offsets in seconds east of UTC: before the first transition, and after each.
  let offsets: [Int32]
  /// The rule that holds from the last transition on.
  let rule: TimeZoneRule?

  public static let utc = TimeZone(name: "UTC", transitions: [], offsets: [0], rule: nil)

  /// A stretch of time with one offset; all in seconds.
  struct Span {
    let start: Int64
    let end: Int64
    let offset: Int64

    /// The ends of time, about 126,000 years from here, so that microseconds do not overflow.
    static let earliest: Int64 = -4_000_000_000_000
    static let latest: Int64 = 4_000_000_000_000

    /// What is added to a moment in microseconds to have the local time.
    var shift: Int64 { offset * .second }
  }

  /// A time, in microseconds, longer than any two offsets lie apart (52 hours): local times that far apart come
  /// in the order of their moments.
  static let reach: Int64 = 3 * .day

  /// The seconds east of UTC at a moment.
  public func offset(at moment: Moment) -> Int {
    Int(span(at: moment.seconds).offset)
  }

  /// The stretch that holds a moment in seconds.
  func span(at seconds: Int64) -> Span {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    let start = low == 0 ? Span.earliest : transitions[low - 1]
    if low == transitions.count, let rule { return rule.span(at: seconds, from: start) }
    let end = low == transitions.count ? Span.latest : transitions[low]
    return Span(start: start, end: end, offset: Int64(offsets[low]))
  }
}

extension TimeZone {
  /// The latest local time that a clock has shown up to a moment; both in microseconds.
  ///
  /// It is not always the one that the clock shows then: after it was set back it shows times again.
  func latestLocalTime(through moment: Int64) -> Int64 {
    let now = span(at: moment.floorDivided(by: .second))
    var latest = moment + now.shift
    var start = now.start
    while start * .second > moment - Self.reach {
      let before = span(at: start - 1)
      latest = max(latest, (start + before.offset) * .second - 1)
      start = before.start
    }
    return latest
  }

  /// The first moment at which a clock shows a local time or a later one; both in microseconds.
  ///
  /// For a time that comes twice it is the first of them, for one that is skipped the moment after the gap.
  func firstMoment(ofLocalTime local: Int64) -> Int64 {
    var span = span(at: (local - Self.reach).floorDivided(by: .second))
    while true {
      let moment = max(span.start * .second, local - span.shift)
      if moment < span.end * .second || span.end == Span.latest { return moment }
      span = self.span(at: span.end)
    }
  }
}
