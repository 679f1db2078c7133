/// The end of a session: what decided it, and how far it has come.
struct Ending {
  /// How far the end has come.
  enum Phase: Int, Comparable {
    case running
    /// Sources are being closed; what they hold back is delivered.
    case closing
    /// Commands run to their end, or are stopped.
    case stopping
    /// `finish` has fired.
    case finishing
    /// Queued records are being written.
    case draining
    case done

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
  }

  /// What decided the end; nil while there is none.
  private(set) var cause: EndingCause?
  private(set) var phase = Phase.running

  var isDecided: Bool { cause != nil }
  /// What becomes of commands; those of a session that goes on run.
  var course: EndingCause.Course { cause?.course ?? .drain }

  /// Decides the end; false where an earlier cause holds.
  ///
  /// Causes of one event are all decided before anything is closed; among them `exit=` says more than that a wait is
  /// satisfied.
  mutating func decide(_ new: EndingCause) -> Bool {
    if let cause {
      let isOfSameEvent = phase == .running && cause == .satisfied
      guard new.overrides && !cause.overrides || isOfSameEvent && new.isExit else { return false }
    }
    cause = new
    return true
  }

  /// Goes on to a later phase.
  mutating func reach(_ next: Phase) {
    precondition(next > phase)
    phase = next
  }
}

extension EndingCause {
  fileprivate var isExit: Bool {
    if case .exit = self { true } else { false }
  }
}
