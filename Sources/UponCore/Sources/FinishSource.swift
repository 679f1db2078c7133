extension Kind {
  /// `finish`: awk's END.
  static let finish = Kind(
    "finish", help: "once, when the loop ends in order",
    events: [EventKind("finish", .principal, busy: .queue, help: "the other sources have ended")],
    read: { (_, _) throws(UsageError) in CheckedAddress([]) { (_) throws(UsageError) in FinishPlan() } })
}

struct FinishPlan: SourcePlan {
  func source(for port: Port, on services: Services) -> any Source {
    FinishSource(port)
  }
}

/// Fires when the session has closed the other sources; does not keep the loop alive.
final class FinishSource: Source {
  let keepsAlive = false
  private unowned(unsafe) let port: Port
  private let event = Event()

  init(_ port: Port) {
    self.port = port
  }

  func arm() throws(SourceFailure) {}
  func disarm() {}

  func othersEnded() {
    event.begin(0, at: .now)
    port.offer(event)
  }
}
