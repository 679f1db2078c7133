/// The sources of a session, by their names.
///
/// Those that were typed stay known when they have ended; of those that were added later nothing is left.
struct Feeds {
  private var live: [[UInt8]: Feed] = [:]
  private var ended: [Feed] = []
  private var lastOrdinal = 0

  var count: Int { live.count }

  /// The source of that name that has not ended.
  subscript(name: [UInt8]) -> Feed? { live[name] }

  /// The sources that have not ended, in the order they were added.
  var inOrder: [Feed] { live.values.sorted { $0.ordinal < $1.ordinal } }

  /// The same with those that were typed and have ended.
  var known: [Feed] { (live.values + ended).sorted { $0.ordinal < $1.ordinal } }

  /// The next place in the order.
  mutating func nextOrdinal() -> Int {
    lastOrdinal += 1
    return lastOrdinal
  }

  /// Adds a source, in the place of one of the same name.
  mutating func add(_ feed: Feed) {
    live[feed.name] = feed
  }

  /// Takes out a source that has been closed, unless another has taken its place.
  mutating func remove(_ feed: Feed, keeping isKept: Bool) {
    if live[feed.name] === feed { live[feed.name] = nil }
    if isKept { ended.append(feed) }
  }
}
