/// Finds who wants to know of a watch: owners by their slot, with a tag each that the owner understands.
///
/// A watch can have several entries, also of one owner.
struct WatchTable {
  struct Entry {
    var watch: Int32
    var owner: Int32
    var tag: Int32
    var next: Int32
  }

  private var entries: ContiguousArray<Entry> = []
  private var heads = ContiguousArray<Int32>(repeating: -1, count: 64)
  private var firstFree: Int32 = -1
  /// How many entries there are.
  private(set) var count = 0

  /// The first entry of a watch, or -1.
  func first(_ watch: Int32) -> Int32 { next(heads[bucket(watch)], watch) }

  /// The entry of the same watch after another, or -1.
  func next(after index: Int32) -> Int32 {
    next(entries[Int(index)].next, entries[Int(index)].watch)
  }

  subscript(index: Int32) -> Entry { entries[Int(index)] }

  /// Whether an entry is there.
  func contains(_ entry: Entry) -> Bool { find(entry.watch, entry.owner, entry.tag) >= 0 }

  private func find(_ watch: Int32, _ owner: Int32, _ tag: Int32) -> Int32 {
    var index = first(watch)
    while index >= 0 && (self[index].owner != owner || self[index].tag != tag) { index = next(after: index) }
    return index
  }

  /// Adds an entry unless it is there.
  mutating func insert(watch: Int32, owner: Int32, tag: Int32) {
    guard find(watch, owner, tag) < 0 else { return }
    let index: Int32
    if count == heads.count { grow() }
    let bucket = bucket(watch)
    let entry = Entry(watch: watch, owner: owner, tag: tag, next: heads[bucket])
    if firstFree >= 0 {
      index = firstFree
      firstFree = entries[Int(index)].next
      entries[Int(index)] = entry
    } else {
      index = Int32(entries.count)
      entries.append(entry)
    }
    heads[bucket] = index
    count += 1
  }

  /// Takes an entry out; returns whether the watch has no other.
  mutating func remove(watch: Int32, owner: Int32, tag: Int32) -> Bool {
    let index = find(watch, owner, tag)
    if index >= 0 { free(index) }
    return index >= 0 && first(watch) < 0
  }

  /// Takes out all entries of a watch.
  mutating func removeAll(of watch: Int32) {
    while case let index = first(watch), index >= 0 { free(index) }
  }

  private mutating func free(_ index: Int32) {
    let bucket = bucket(entries[Int(index)].watch)
    if heads[bucket] == index {
      heads[bucket] = entries[Int(index)].next
    } else {
      var before = Int(heads[bucket])
      while entries[before].next != index { before = Int(entries[before].next) }
      entries[before].next = entries[Int(index)].next
    }
    entries[Int(index)] = Entry(watch: -1, owner: -1, tag: 0, next: firstFree)
    firstFree = index
    count -= 1
  }

  private func next(_ start: Int32, _ watch: Int32) -> Int32 {
    var index = start
    while index >= 0 && entries[Int(index)].watch != watch { index = entries[Int(index)].next }
    return index
  }

  /// Numbers of watches count up.
  private func bucket(_ watch: Int32) -> Int { Int(watch) & (heads.count - 1) }

  private mutating func grow() {
    heads = ContiguousArray(repeating: -1, count: heads.count * 2)
    for index in entries.indices where entries[index].watch >= 0 {
      let bucket = bucket(entries[index].watch)
      entries[index].next = heads[bucket]
      heads[bucket] = Int32(index)
    }
  }
}
