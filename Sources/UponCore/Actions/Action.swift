/// What a rule does with an event: prints it, runs a command, or nothing.
class Action {
  /// Whether it writes records, and starts nothing.
  var prints: Bool { false }

  /// Takes an event that is valid until the call returns.
  func take(_ event: Event, from port: Port) {}

  /// Forgets what waits for a port that has gone.
  func forget(_ port: Port) {}

  /// Takes note that no event comes any more; the action may go when it has done what it has begun.
  func retire() {}
}

/// `ignore`: the event only counts.
final class IgnoreAction: Action {}
