/// The fields of a record that were asked for, in the order in which they are written.
final class FieldSelection {
  /// What stands in a column.
  enum Column {
    case seq, time, name, kind, event, count
    /// A field of the event.
    case field([UInt8])
    /// The bytes of a field in base64, where its text is not exact.
    case base64(of: [UInt8])
  }

  /// The columns with their names.
  let columns: [(name: [UInt8], column: Column)]

  init(_ names: [String]) {
    columns = names.map { (Array($0.utf8), Self.column($0)) }
  }

  private static func column(_ name: String) -> Column {
    switch name {
    case "seq": return .seq
    case "time": return .time
    case "name": return .name
    case "kind": return .kind
    case "event": return .event
    case "count": return .count
    default:
      let suffix = "_base64"
      return name.hasSuffix(suffix)
        ? .base64(of: Array(name.dropLast(suffix.count).utf8)) : .field(Array(name.utf8))
    }
  }
}

extension Event {
  /// The value of the field of that name, nil if it has none.
  func value(of name: [UInt8]) -> FieldValue? {
    for position in 0..<fieldCount where self[position].key.bytes.elementsEqual(name) {
      return self[position].value
    }
    return nil
  }
}
