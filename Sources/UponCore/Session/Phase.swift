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
