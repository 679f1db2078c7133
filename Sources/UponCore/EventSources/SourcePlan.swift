/// A source that has been checked and not yet opened.
protocol SourcePlan: Sendable {
  /// The place of the principal event in the kind's table.
  var principal: Int { get }
  /// The events that can happen under these settings.
  var available: EventSet { get }
  /// The events whose records carry data, which `match=` and `unmatch=` look at.
  var carriesData: EventSet { get }
  /// The descriptor of the caller that it watches.
  var inherited: Int32? { get }
  /// Whether a command inherits that descriptor and reads or writes it; the source waits until it has ended.
  var handsOver: Bool { get }
  /// Makes the source; nothing is opened before it is armed.
  func source(for feed: Feed, on services: Services) -> any Source
}

extension SourcePlan {
  var carriesData: EventSet { [] }
  var inherited: Int32? { nil }
  var handsOver: Bool { false }
}

/// A source at work. Its feed owns it.
protocol Source: AnyObject {
  /// Whether `pause` keeps it from making events.
  var isPausable: Bool { get }
  /// Whether the loop goes on for its sake: not for `finish`.
  var keepsAlive: Bool { get }
  /// Opens what it watches.
  func arm() throws(SourceFailure)
  /// Closes it and gives back what it has not taken; legal inside its own delivery.
  func disarm()
  func pause()
  func resume()
  /// What it is waiting for at the moment, as a message says it.
  var progress: String? { get }
}

extension Source {
  var isPausable: Bool { false }
  var keepsAlive: Bool { true }
  func pause() {}
  func resume() {}
  var progress: String? { nil }
}
