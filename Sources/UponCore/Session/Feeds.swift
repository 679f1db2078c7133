/// The sources of a session, by their names.
///
/// Those that were typed stay known when they have ended; of those that were added later nothing is left.
struct Feeds {
  /// Few are found by looking at each: the first use of a table would cost every start 0.1 ms.
  private var few: [Feed] = []
  private var many: [[UInt8]: Feed] = [:]
  private static let fewest = 16
  private var ended: [Feed] = []
  private var lastOrdinal = 0

  var count: Int { few.count + many.count }

  /// The source of that name that has not ended.
  subscript(name: [UInt8]) -> Feed? {
    many.isEmpty ? few.first { $0.name == name } : many[name]
  }

  /// The sources that have not ended, in the order they were added.
  var inOrder: [Feed] { (few + many.values).sorted { $0.ordinal < $1.ordinal } }

  /// The sources in the order they were added, with those that were typed and have ended.
  var known: [Feed] { (few + many.values + ended).sorted { $0.ordinal < $1.ordinal } }

  /// The next place in the order.
  mutating func nextOrdinal() -> Int {
    lastOrdinal += 1
    return lastOrdinal
  }

  /// Adds a source, in the place of one of the same name.
  mutating func add(_ feed: Feed) {
    if let index = few.firstIndex(where: { $0.name == feed.name }) {
      few[index] = feed
    } else if many.isEmpty, few.count < Self.fewest {
      few.append(feed)
    } else {
      for feed in few { many[feed.name] = feed }
      few = []
      many[feed.name] = feed
    }
  }

  /// Takes out a source that has been closed, unless another has taken its place.
  mutating func remove(_ feed: Feed, keeping isKept: Bool) {
    few.removeAll { $0 === feed }
    if many[feed.name] === feed { many[feed.name] = nil }
    if isKept { ended.append(feed) }
  }
}
