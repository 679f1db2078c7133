extension Kind {
  /// `finish`: awk's END.
  static let finish = Kind(
    "finish", help: "once, when the loop ends in order",
    events: [EventKind("finish", .principal, busy: .queue, help: "the other sources have ended")],
    plan: { (_, _) throws(UsageError) in FinishPlan() })
}

struct FinishPlan: SourcePlan {
  func source(for feed: Feed, on services: Services) -> any Source {
    FinishSource(feed)
  }
}

/// Fires when the session has closed the other sources; does not keep the loop alive.
final class FinishSource: Source {
  let keepsAlive = false
  private unowned(unsafe) let feed: Feed
  private let event = Event()

  init(_ feed: Feed) {
    self.feed = feed
  }

  func arm() throws(SourceFailure) {}
  func disarm() {}

  func fire() {
    event.begin(0, at: .now)
    feed.offer(event)
  }
}
