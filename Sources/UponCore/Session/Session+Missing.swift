extension Session {
  /// A message names no more sources than a person reads.
  private static let mostNamed = 20

  /// The awaited sources that have not fired, as messages name them, with what is known of each.
  var missing: [String] {
    shortened(
      unfired.map { feed in
        (feed.lastError ?? feed.source?.progress).map { "\(feed.title) (\($0))" } ?? feed.title
      })
  }

  /// Tells which sources have ended too early for the wait.
  func tellUnsatisfied() {
    if let wanted = tally.wanted, tally.remaining < wanted {
      services.diagnostics.report("sources ended after \(wanted - tally.remaining) of \(wanted) events")
      return
    }
    // A source that has failed has told so.
    let silent = unfired.filter { $0.lastError == nil && (tally.wanted != nil || $0.hasEnded) }
    if silent.isEmpty { return }
    let names = shortened(silent.map(\.title))
    services.diagnostics.report(
      "\(names.listed("and")) ended before \(names.count == 1 ? "it" : "they") fired")
  }

  private var unfired: [Feed] { feeds.known.filter { $0.isAwaited && !$0.hasFired } }

  private func shortened(_ names: [String]) -> [String] {
    guard names.count > Self.mostNamed else { return names }
    return names[..<(Self.mostNamed - 1)] + ["\(names.count - Self.mostNamed + 1) more"]
  }
}
