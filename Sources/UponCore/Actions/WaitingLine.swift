/// The events of one command that wait for a run, in order, and what has become of those that do not.
struct WaitingLine {
  struct Item {
    var port: Port
    let event: Event
    /// Whether its source is held until it runs.
    var holdsPort: Bool
    /// The place of what it will write among the replies of its connection.
    let reply: Reply?
    /// How many events the one that waits has absorbed.
    var merged: UInt64 = 0
    /// What it unites, where it has absorbed events with all their bytes.
    var united: EventBatch?

    /// How many bytes it keeps.
    var size: Int { event.payload?.count ?? 0 }
  }

  /// So many events of a source that cannot be held back wait; further ones merge into the last of them.
  static let limit = 1000

  /// So many bytes of names wait; of more only that there were too many.
  static let byteLimit = EventBatch.limit

  /// The bytes of names that wait.
  private var nameBytes = 0
  /// From `first` on; what is in front of it has run.
  private var items: ContiguousArray<Item> = []
  private var first = 0
  /// Events dropped since the last run began.
  private(set) var skippedBeforeRun: UInt64 = 0
  /// Events dropped since the last report.
  private(set) var skippedBeforeReport: UInt64 = 0
  private(set) var skipped: UInt64 = 0
  private(set) var merged: UInt64 = 0

  var isEmpty: Bool { first == items.count }
  var count: Int { items.count - first }

  /// Lets an event go by.
  mutating func skip(_ event: Event) {
    skipped &+= event.count
    skippedBeforeRun &+= event.count
    skippedBeforeReport &+= event.count
  }

  mutating func runBegins() {
    skippedBeforeRun = 0
  }

  mutating func reportIsWritten() {
    skippedBeforeReport = 0
  }

  /// Puts the event at the end of the line.
  mutating func append(_ event: Event, _ port: Port, holdsPort: Bool, reply: Reply? = nil) {
    if !holdsPort, isFull(for: event), let position = items[first...].lastIndex(where: { $0.port === port }) {
      return absorb(event, port, at: position)
    }
    let kept = event.kept()
    if kept.isOfNames { nameBytes += kept.payload?.count ?? 0 }
    items.append(Item(port: port, event: kept, holdsPort: holdsPort, reply: reply))
    if holdsPort { port.hold(.commands, for: kept) }
  }

  /// Lets the event stand for the one that waits, if there is one that it may stand for.
  mutating func merge(
    _ event: Event, _ port: Port, _ reply: Reply?, with matches: (Item) -> Bool
  ) {
    guard let position = items[first...].firstIndex(where: matches) else {
      return append(event, port, holdsPort: false, reply: reply)
    }
    reply?.finish()
    absorb(event, port, at: position)
    guard position < items.count, items[position].size >= Self.byteLimit, port.isPausable else { return }
    guard items[position].united != nil, !items[position].holdsPort else { return }
    items[position].holdsPort = true
    port.hold(.commands, for: items[position].event)
  }

  /// Names are few or many by what they take, all others by their number.
  private func isFull(for event: Event) -> Bool {
    event.isOfNames ? nameBytes >= Self.byteLimit : count >= Self.limit
  }

  private mutating func absorb(_ event: Event, _ port: Port, at position: Int) {
    let waiting = items[position].event
    let earlier = waiting.count
    merged &+= earlier - items[position].merged
    if event.keepsAll, waiting.isOfNames == event.isOfNames, items[position].port === port {
      guard unite(event, port, at: position) else { return drop(position, event) }
    } else {
      if waiting.isOfNames { nameBytes -= items[position].size }
      waiting.copy(of: event)
      waiting.count += earlier
      if waiting.isOfNames { nameBytes += items[position].size }
    }
    items[position].port = port
    items[position].merged = earlier
  }

  /// Lets go of one whose names have all come and gone while it waited.
  private mutating func drop(_ position: Int, _ event: Event) {
    skip(event)
    let item = items.remove(at: position)
    if item.holdsPort { item.port.release(.commands, for: item.event) }
    if isEmpty {
      items.removeAll()
      first = 0
    }
  }

  /// Nothing of a batch is lost, and no name: what waits becomes one batch. Returns whether anything is left of it.
  private mutating func unite(_ event: Event, _ port: Port, at position: Int) -> Bool {
    let waiting = items[position].event
    if waiting.isOfNames { nameBytes -= items[position].size }
    let batch = items[position].united ?? EventBatch(of: waiting)
    items[position].united = batch
    batch.take(event)
    if batch.size > Self.byteLimit, let overflow = port.plan.overflow {
      batch.overflow(at: overflow.path, end: overflow.end, index: overflow.event)
    }
    guard batch.describe(in: waiting) else { return false }
    waiting.seq = event.seq
    if waiting.isOfNames { nameBytes += items[position].size }
    return true
  }

  /// Puts back one that could not be run.
  mutating func putBack(_ item: Item) {
    if item.event.isOfNames { nameBytes += item.size }
    if first > 0 {
      first -= 1
      items[first] = item
    } else {
      items.insert(item, at: 0)
    }
  }

  mutating func takeFirst() -> Item {
    let item = items[first]
    if item.event.isOfNames { nameBytes -= item.size }
    first += 1
    if first == items.count {
      items.removeAll(keepingCapacity: items.count <= 16)
      first = 0
    } else if first >= 64, first * 2 >= items.count {
      items.removeFirst(first)
      first = 0
    }
    return item
  }

  /// Takes the first whose event passes; nil where none does.
  mutating func takeFirst(where passes: (Event) -> Bool) -> Item? {
    guard let index = items[first...].firstIndex(where: { passes($0.event) }) else { return nil }
    return index == first ? takeFirst() : items.remove(at: index)
  }

  /// Drops what waits, but for what the spared source has brought; returns how many events that was.
  mutating func clear(sparing spared: Port?) -> UInt64 {
    let before = skipped
    let waiting = items[first...]
    items = []
    first = 0
    nameBytes = 0
    for item in waiting {
      if item.port === spared {
        items.append(item)
        if item.event.isOfNames { nameBytes += item.size }
        continue
      }
      skip(item.event)
      item.event.wasDropped()
      item.reply?.finish()
      if item.holdsPort { item.port.release(.commands, for: item.event) }
    }
    return skipped &- before
  }
}

extension Event {
  /// A copy that outlives the delivery.
  fileprivate func kept() -> Event {
    let event = Event()
    event.copy(of: self)
    return event
  }
}
