import Schedule

/// The plan of a source that fires at times which can be told beforehand.
protocol TimedPlan: SourcePlan {
  /// The first time after a moment of a source armed at `start`, all in microseconds since 1970; nil when none comes.
  func next(after moment: Int64, start: Int64) -> Int64?
  /// The zone in which its times are shown; nil for that of the process.
  var zone: TimeZone? { get }
}

extension TimedPlan {
  var zone: TimeZone? { nil }
}
