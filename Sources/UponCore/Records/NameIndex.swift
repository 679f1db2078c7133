import Platform

/// Byte strings, each once, by their place in the order in which they were added.
struct NameIndex: ~Copyable {
  private var bytes = ByteQueue(capacity: 1024)
  private var ranges: ContiguousArray<Range<Int>> = []
  /// Open addressing: the place of a name, or -1.
  private var table: ContiguousArray<Int> = []

  var count: Int { ranges.count }

  /// How many bytes all names have.
  var size: Int { bytes.count }

  /// The bytes at a place; valid until a name is added.
  subscript(position: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes.bytes[ranges[position]])
  }

  mutating func removeAll() {
    bytes.removeAll()
    ranges.removeAll(keepingCapacity: ranges.count <= 256)
    table = []
  }

  /// The place of a name; -1 where it is not there.
  func find(_ name: UnsafeRawBufferPointer) -> Int {
    guard !table.isEmpty else { return -1 }
    var slot = Self.hash(name) & (table.count - 1)
    while table[slot] >= 0 {
      let known = self[table[slot]]
      if known.count == name.count, let one = known.baseAddress, let two = name.baseAddress,
        memcmp(one, two, name.count) == 0
      {
        return table[slot]
      }
      slot = (slot + 1) & (table.count - 1)
    }
    return -1
  }

  /// Adds a name that is not there yet; returns its place, which is the last.
  mutating func insert(_ name: UnsafeRawBufferPointer) -> Int {
    if (ranges.count + 1) * 2 > table.count { grow() }
    ranges.append(bytes.count..<(bytes.count + name.count))
    bytes.append(name)
    seat(ranges.count - 1)
    return ranges.count - 1
  }

  private mutating func seat(_ position: Int) {
    var slot = Self.hash(self[position]) & (table.count - 1)
    while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
    table[slot] = position
  }

  private mutating func grow() {
    table = ContiguousArray(repeating: -1, count: max(table.count * 2, 16))
    for position in ranges.indices { seat(position) }
  }

  /// FNV-1a.
  private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32) & Int.max
  }
}
