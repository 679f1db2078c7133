import JSON

extension ByteQueue {
  /// Appends a value as JSON, in one line.
  mutating func append(json value: JSONValue) {
    switch value {
    case .object(let members):
      append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(jsonString: member.key)
        append(UInt8(ascii: ":"))
        append(json: member.value)
      }
      append(UInt8(ascii: "}"))
    case .array(let elements):
      append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(json: element)
      }
      append(UInt8(ascii: "]"))
    case .text(let text): append(jsonString: text)
    default: append(value.shown)
    }
  }

  /// Appends a text with its quotes.
  mutating func append(jsonString bytes: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    _ = append(jsonText: bytes)
    append(UInt8(ascii: "\""))
  }

  mutating func append(jsonString text: String) {
    var text = text
    text.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
  }

  mutating func append(jsonString bytes: [UInt8]) {
    bytes.withUnsafeBytes { append(jsonString: $0) }
  }
}
