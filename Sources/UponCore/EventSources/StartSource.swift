extension Kind {
  /// `start`: awk's BEGIN.
  static let start = Kind(
    "start", help: "once, when all sources are armed",
    events: [EventKind("start", .principal, busy: .queue, help: "all sources are armed")],
    plan: { (_, _) throws(UsageError) in StartPlan() })
}

struct StartPlan: SourcePlan {
  func source(for feed: Feed, on services: Services) -> any Source {
    StartSource(feed)
  }
}

/// Fires when the session says so, and ends.
final class StartSource: Source {
  private unowned(unsafe) let feed: Feed
  private let event = Event()

  init(_ feed: Feed) {
    self.feed = feed
  }

  func arm() throws(SourceFailure) {}
  func disarm() {}

  func fire() {
    guard feed.canTake else { return }
    event.begin(0, at: .now)
    feed.offer(event)
    feed.end()
  }
}
