/// A source at work. Its port owns it, and nothing of it is called after `disarm`.
protocol Source: AnyObject {
  /// Whether `pause` keeps it from making events.
  var isPausable: Bool { get }
  /// Whether the loop goes on for its sake: not for `finish`.
  var keepsAlive: Bool { get }
  /// When it fires next, in nanoseconds of the monotonic clock; nil where nobody knows.
  var nextDue: Int64? { get }
  /// What it is waiting for at the moment, as a message says it.
  var progress: String? { get }
  /// Datagrams that the kernel has dropped so far; nil where there are none to drop.
  var lost: UInt64? { get }
  /// How many directories it watches; nil for one that watches none.
  var directories: Int? { get }
  /// Whether more has to come before it has fired for `-a`, as while one of several processes lives.
  var owesMore: Bool { get }
  /// Whether it goes on after `disarm`, until it calls `lingered()` of its port: a command has to end.
  var lingers: Bool { get }
  /// Where `send` and `print to=` write; nil where that is its connections.
  var receivers: [any Receiver]? { get }
  /// The process that it runs.
  var process: RunningProcess? { get }
  /// Sends the process a signal, by default the one that stops it.
  func signal(_ number: Int32?, group isWhole: Bool)
  /// Whether it goes on as it is where its rules take other events than when it was opened: not where it asked for them.
  var adaptsToRules: Bool { get }
  /// Opens what it watches; offers nothing yet. When it throws, nothing is left open and `disarm` is not called.
  func arm() throws(SourceFailure)
  /// Opens it in the place of `old`, which is disarmed afterwards: nothing that has come there is lost.
  func arm(replacing old: any Source) throws(SourceFailure)
  /// All sources of its command line or request are armed.
  func started()
  /// All other sources have ended, and the commands that ran for them.
  func othersEnded()
  /// Closes it and gives back what it has not taken; legal inside its own delivery.
  func disarm()
  /// Makes no events until `resume`; a source that is not pausable is asked only by a request, and keeps what comes.
  func pause()
  func resume()
  /// Fires at once if its time has come and the loop has not got there yet.
  func fireIfDue()
  /// Adds the fields of its own to a principal event that is fired by hand, and offers it.
  func trigger(_ event: Event, _ offer: () -> Void) throws(SourceFailure)
}

extension Source {
  var isPausable: Bool { false }
  var keepsAlive: Bool { true }
  var nextDue: Int64? { nil }
  var progress: String? { nil }
  var lost: UInt64? { nil }
  var directories: Int? { nil }
  var owesMore: Bool { false }
  var lingers: Bool { false }
  var receivers: [any Receiver]? { nil }
  var process: RunningProcess? { nil }
  var adaptsToRules: Bool { true }
  func signal(_ number: Int32?, group isWhole: Bool) {}
  func arm(replacing old: any Source) throws(SourceFailure) { try arm() }
  func started() {}
  func othersEnded() {}
  func pause() {}
  func resume() {}
  func fireIfDue() {}
  func trigger(_ event: Event, _ offer: () -> Void) throws(SourceFailure) { offer() }
}
