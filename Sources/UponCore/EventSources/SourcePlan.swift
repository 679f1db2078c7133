/// A source that has been checked and not yet opened.
protocol SourcePlan: Sendable {
  /// The place of the principal event in the kind's table.
  var principal: Int { get }
  /// The events that can happen under these settings.
  var available: EventSet { get }
  /// The events whose records carry data, which `match=` and `unmatch=` look at.
  var carriesData: EventSet { get }
  /// What stands behind the data of a record that is delivered.
  var recordEnd: [UInt8] { get }
  /// The descriptor of the caller that it watches.
  var inherited: Int32? { get }
  /// Whether a command inherits that descriptor and reads or writes it; the source waits until it has ended.
  var handsOver: Bool { get }
  /// Whether `limit=` counts connections, and the source ends when the last of them is over.
  var limitsConnections: Bool { get }
  /// The command that gets its connections.
  var taker: ConnectionTaker? { get }
  /// The same with each connection given to a command; nil for a kind that has none to give.
  func giving(to taker: ConnectionTaker, of source: Word) throws(UsageError) -> (any SourcePlan)?
  /// Why an event of the kind cannot happen, where the table does not say it.
  func absence(of event: Int) -> String?
  /// The events to whose peer a command can reply.
  var takesReply: EventSet { get }
  /// Makes the source; nothing is opened before it is armed.
  func source(for feed: Feed, on services: Services) -> any Source
}

extension SourcePlan {
  var principal: Int { 0 }
  var available: EventSet { EventSet(0) }
  var carriesData: EventSet { [] }
  var recordEnd: [UInt8] { [] }
  var inherited: Int32? { nil }
  var handsOver: Bool { false }
  var limitsConnections: Bool { false }
  var taker: ConnectionTaker? { nil }
  func giving(to taker: ConnectionTaker, of source: Word) throws(UsageError) -> (any SourcePlan)? { nil }
  func absence(of event: Int) -> String? { nil }
  var takesReply: EventSet { [] }
}

/// A source at work. Its feed owns it.
protocol Source: AnyObject {
  /// Whether `pause` keeps it from making events.
  var isPausable: Bool { get }
  /// Whether the loop goes on for its sake: not for `finish`.
  var keepsAlive: Bool { get }
  /// When it fires next, in nanoseconds of the monotonic clock; nil where nobody knows.
  var nextDue: Int64? { get }
  /// Opens what it watches.
  func arm() throws(SourceFailure)
  /// Opens it in the place of `old`, which is disarmed afterwards: nothing that has come there is lost.
  func arm(replacing old: any Source) throws(SourceFailure)
  /// Closes it and gives back what it has not taken; legal inside its own delivery.
  func disarm()
  /// Makes no events; a source that is not pausable is asked only by a request.
  func pause()
  func resume()
  /// What it is waiting for at the moment, as a message says it.
  var progress: String? { get }
  /// Datagrams that the kernel has dropped so far; nil where there are none to drop.
  var lost: UInt64? { get }
  /// Adds the fields of its own to a principal event that is fired by hand, and offers it.
  func trigger(_ event: Event, _ offer: () -> Void) throws(SourceFailure)
}

/// A source that fires when its time has come.
protocol TimedSource: Source {
  /// Fires at once if its time has come and the loop has not got there yet.
  func fireIfDue()
}

extension Source {
  var isPausable: Bool { false }
  var keepsAlive: Bool { true }
  var nextDue: Int64? { nil }
  func arm(replacing old: any Source) throws(SourceFailure) { try arm() }
  func pause() {}
  func resume() {}
  var progress: String? { nil }
  var lost: UInt64? { nil }
  func trigger(_ event: Event, _ offer: () -> Void) throws(SourceFailure) { offer() }
}
