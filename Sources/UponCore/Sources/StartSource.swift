extension Kind {
  /// `start`: awk's BEGIN.
  static let start = Kind(
    "start", help: "once, when all sources are armed",
    events: [EventKind("start", .principal, busy: .queue, help: "all sources are armed")],
    read: { (_, _) throws(UsageError) in CheckedAddress([]) { (_) throws(UsageError) in StartPlan() } })
}

struct StartPlan: SourcePlan {
  var firesAtStart: Bool { true }

  func source(for port: Port, on services: Services) -> any Source {
    StartSource(port)
  }
}

/// Fires when the session says so, and ends.
final class StartSource: Source {
  private unowned(unsafe) let port: Port
  private let event = Event()

  init(_ port: Port) {
    self.port = port
  }

  func arm() throws(SourceFailure) {}
  func disarm() {}

  func started() {
    guard port.canTake else { return }
    event.begin(0, at: .now)
    port.offer(event)
    port.end()
  }
}
