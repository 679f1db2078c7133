/// Why a run of upon ends. The cause that is decided first gives the status.
enum EndingCause: Equatable {
  /// No source can fire any more.
  case finished
  /// Sources ended before the wait was satisfied.
  case unsatisfied
  case satisfied
  /// `exit=`, or a request for it.
  case exit(Int32)
  /// A request for an exit status that lets commands run to their end.
  case exitDrained(Int32)
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

  /// What becomes of commands that run and wait.
  enum Course {
    /// What was delivered is finished.
    case drain
    /// What runs is told to stop, and what waits is dropped.
    case stop
  }

  var course: Course {
    switch self {
    case .finished, .unsatisfied, .satisfied, .exitDrained: .drain
    case .exit, .commandDecided, .timedOut, .unrunnable, .outputFailed, .signal, .vanished: .stop
    }
  }

  /// Whether it takes the place of any other: nothing can be written any more, or somebody wants the end now.
  var overrides: Bool {
    switch self {
    case .outputFailed, .signal, .vanished: true
    default: false
    }
  }
}
