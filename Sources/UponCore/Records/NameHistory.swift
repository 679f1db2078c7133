import Platform

/// What has become of names, each once, in the order in which they came first.
///
/// A name that came and went is left out; one that another name was made of is told with it.
final class NameHistory {
  private struct Entry {
    var first: NameChange
    var last: NameChange
    /// Whether an event that is delivered was about it.
    var isTold = false
    /// Whether it has gone by becoming another, and nothing has happened to it since.
    var isSource = false
    /// The entry of the name that it was before, -1 without.
    var source = -1
    var index = 0
    var type: StaticString?
    /// When it was last changed, in the order of events.
    var order = 0

    var isVisible: Bool { isTold && !(first == .new && last == .gone) }
  }

  /// The names with their ends.
  private var table = NameIndex()
  /// One for each name.
  private var entries: ContiguousArray<Entry> = []
  private var order = 0
  /// The names that are to be told, one behind the other.
  private var text = ByteQueue(capacity: 1024)
  /// The entry that is told alone.
  private var single = -1
  private var isOverflown = false

  var size: Int { table.size }

  func removeAll() {
    table.removeAll()
    text.removeAll()
    entries.removeAll(keepingCapacity: entries.count <= 256)
    (order, single, isOverflown) = (0, -1, false)
  }

  // MARK: Adding

  /// Adds what one event says of its name.
  func add(_ event: Event) {
    guard let payload = event.payload, let change = event.change else { return }
    if change == .all { return overflow(payload, index: event.index) }
    if isOverflown { return }
    var (type, from): (StaticString?, UnsafeRawBufferPointer?) = (nil, nil)
    for position in 0..<event.nameFields {
      switch event[position].value {
      case .text(let text): type = text
      case .bytes(let bytes) where event[position].key.isSame(as: "from"): from = bytes
      default: break
      }
    }
    guard let from else {
      _ = put(payload, change, event.index, type)
      return
    }
    var source = ByteQueue(capacity: from.count + 1)
    source.append(from)
    source.append(payload.last ?? UInt8(ascii: "\n"))
    let origin = put(source.bytes, .gone, event.index, type)
    // A new file that takes a name most likely takes it from an older one: that was there before.
    let position = put(payload, entries[origin].first == .new ? .changed : change, event.index, type)
    entries[origin].isSource = true
    entries[position].source = origin
  }

  /// Takes note of a name that has come.
  func note(_ event: Event) {
    guard let payload = event.payload, event.change == .new, !isOverflown, table.find(payload) < 0 else {
      return
    }
    let position = insert(payload, .new)
    entries[position].index = event.index
  }

  /// Adds what another history knows, which happened after all that this one knows.
  func add(_ other: NameHistory) {
    if isOverflown { return }
    for entry in other.entries.indices { add(entry, of: other) }
    // The order is that of the last changes, which may be another than that of the first ones.
    order += other.order
    isOverflown = other.isOverflown
  }

  private func add(_ number: Int, of other: NameHistory) {
    let entry = other.entries[number]
    let name = other.table[number]
    if entry.last == .all { return overflow(name, index: entry.index) }
    var position = table.find(name)
    if position < 0 { position = insert(name, entry.first) }
    entries[position].last = entry.last
    entries[position].isTold = entries[position].isTold || entry.isTold
    entries[position].isSource = entry.isSource
    entries[position].index = entry.index
    entries[position].type = entry.type
    entries[position].order = order + entry.order
    entries[position].source = entry.source < 0 ? -1 : table.find(other.table[entry.source])
  }

  /// Forgets all names: one stands for them.
  func overflow(at path: [UInt8], end: UInt8, index: Int) {
    (path + [end]).withUnsafeBytes { overflow($0, index: index) }
  }

  private func overflow(_ name: UnsafeRawBufferPointer, index: Int) {
    // The name may be one of this history.
    let copy = Array(name)
    removeAll()
    copy.withUnsafeBytes { _ = put($0, .all, index, nil) }
    isOverflown = true
  }

  private func put(
    _ name: UnsafeRawBufferPointer, _ change: NameChange, _ index: Int, _ type: StaticString?
  ) -> Int {
    var position = table.find(name)
    if position < 0 { position = insert(name, change) }
    // A move that is not the last word is told as what has gone, and this.
    if case let source = entries[position].source, source >= 0, change == .gone {
      entries[source].isSource = false
      entries[position].source = -1
    }
    order += 1
    entries[position].last = change
    entries[position].isTold = true
    entries[position].isSource = false
    entries[position].index = index
    if type != nil || change == .gone { entries[position].type = type }
    entries[position].order = order
    return position
  }

  private func insert(_ name: UnsafeRawBufferPointer, _ first: NameChange) -> Int {
    entries.append(Entry(first: first, last: first))
    return table.insert(name)
  }

  // MARK: Telling

  /// Gathers the names that are to be told; returns the event of the last of them, nil where none is.
  func gather() -> Int? {
    text.removeAll()
    single = -1
    var (visible, last) = (0, -1)
    for (position, entry) in entries.enumerated() where entry.isVisible {
      if !entry.isSource {
        visible += 1
        single = position
      }
      if last < 0 || entry.order > entries[last].order, !entry.isSource { last = position }
    }
    guard last >= 0 else { return nil }
    let sources = entries.count { $0.isVisible && $0.isSource }
    let isOne = visible == 1 && (sources == 0 || sources == 1 && entries[single].source >= 0)
    if !isOne { single = -1 }
    for position in entries.indices where entries[position].isVisible && (!isOne || position == single) {
      text.append(table[position])
    }
    return entries[last].index
  }

  /// Adds what was gathered to the event.
  func describe(in event: Event) {
    let shown = UnsafeRawBufferPointer(rebasing: text.bytes.dropLast())
    if single >= 0 {
      let entry = entries[single]
      event.add("path", .bytes(shown))
      if let type = entry.type { event.add("type", .text(type)) }
      if entry.source >= 0, entries[entry.source].isVisible {
        let source = table[entry.source]
        event.add("from", .bytes(UnsafeRawBufferPointer(rebasing: source.dropLast())))
      }
    }
    event.add("data", .bytes(shown))
    event.set(payload: text.bytes, lineEnd: 1)
  }
}
