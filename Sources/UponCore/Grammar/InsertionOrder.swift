/// Byte strings, each once, and its index in the order in which they were inserted.
struct InsertionOrder {
  /// Up to so many it is cheaper to look at each: the first use of a table costs a start as much as all of its parsing.
  private static let few = 16

  private struct Key: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) {
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  private var keys: [[UInt8]] = []
  private var table: [Key: Int] = [:]

  /// The index of a string that is there already; otherwise nil, and it is added behind the others.
  mutating func insert(_ key: [UInt8]) -> Int? {
    if keys.count < Self.few {
      if let index = keys.firstIndex(of: key) { return index }
    } else {
      if table.isEmpty {
        for (index, key) in keys.enumerated() { table[Key(bytes: key)] = index }
      }
      let index = table[Key(bytes: key), default: keys.count]
      if index < keys.count { return index }
      table[Key(bytes: key)] = index
    }
    keys.append(key)
    return nil
  }
}
