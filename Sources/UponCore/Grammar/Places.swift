/// Byte strings in the order they came, each once, and the place of each.
struct Places {
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

  /// The place of a string that is there already; otherwise nil, and it is added behind the others.
  mutating func insert(_ key: [UInt8]) -> Int? {
    if keys.count < Self.few {
      if let place = keys.firstIndex(of: key) { return place }
    } else {
      if table.isEmpty {
        for (place, key) in keys.enumerated() { table[Key(bytes: key)] = place }
      }
      let place = table[Key(bytes: key), default: keys.count]
      if place < keys.count { return place }
      table[Key(bytes: key)] = place
    }
    keys.append(key)
    return nil
  }
}
