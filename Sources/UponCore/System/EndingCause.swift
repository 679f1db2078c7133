/// What decides the end of a run, in rising order of strength: a stronger one takes the place of a weaker.
enum EndingCause: Equatable {
  /// No source can fire any more.
  case finished
  /// Sources ended before the wait was satisfied.
  case unsatisfied
  case satisfied
  case exit(Int32)
  /// A run ended as `until=` or `-e` asks for.
  case commandDecided(Int32)
  /// `-t`.
  case timedOut
  /// PROGRAM could not be run.
  case unrunnable(Int32)
  /// An output could not be written.
  case outputFailed
  case signal(Int32)
  /// The reader of standard output is gone.
  case vanished

  /// Whether running commands are stopped; otherwise they run to their end.
  var isForced: Bool { strength >= 4 }

  var strength: Int {
    switch self {
    case .finished: 0
    case .unsatisfied: 1
    case .satisfied: 2
    case .exit: 3
    case .commandDecided: 4
    case .timedOut: 5
    case .unrunnable: 6
    case .outputFailed: 7
    case .signal: 8
    case .vanished: 9
    }
  }
}
