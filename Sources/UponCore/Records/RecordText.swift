import Platform

/// Writes events as records, in one of the three formats.
struct RecordText: ~Copyable {
  private var front = RecordFront()

  /// Appends one whole record; nothing for an event without data in the format `data`.
  mutating func write(_ event: Event, _ label: Label, as format: RecordFormat, to output: inout ByteQueue) {
    switch format {
    case .json: writeJSON(event, label, to: &output)
    case .tsv: writeTSV(event, label, to: &output)
    case .data:
      if let payload = event.payload { output.append(payload) }
    }
  }

  @inline(__always)
  private mutating func writeJSON(_ event: Event, _ label: Label, to output: inout ByteQueue) {
    front.write(event, label, to: &output)
    for position in 0..<event.fieldCount { Self.write(event[position], to: &output) }
    output.append("}\n" as StaticString)
  }

  @inline(__always)
  private static func write(_ field: Event.Field, to output: inout ByteQueue) {
    if case .bytes(let bytes) = field.value { return write(field.key, bytes, to: &output) }
    output.append(key: field.key)
    switch field.value {
    case .int(let value): output.append(decimal: value)
    case .uint(let value): output.append(decimal: value)
    case .bool(let value): output.append(value ? "true" as StaticString : "false")
    case .text(let text):
      output.append(UInt8(ascii: "\""))
      output.append(text)
      output.append(UInt8(ascii: "\""))
    case .bytes: break
    }
  }

  @inline(__always)
  private static func write(_ key: StaticString, _ bytes: UnsafeRawBufferPointer, to output: inout ByteQueue)
  {
    output.append(key: key, andQuote: true)
    let isExact = output.append(jsonText: bytes)
    output.append(UInt8(ascii: "\""))
    if !isExact { writeBase64(key, bytes, to: &output) }
  }

  @inline(never)
  private static func writeBase64(
    _ key: StaticString, _ bytes: UnsafeRawBufferPointer, to output: inout ByteQueue
  ) {
    output.append(",\"" as StaticString)
    output.append(key)
    output.append("_base64\":\"" as StaticString)
    output.append(base64: bytes)
    output.append(UInt8(ascii: "\""))
  }

  private func writeTSV(_ event: Event, _ label: Label, to output: inout ByteQueue) {
    output.append(label.tsv)
    if let data = event.data { output.append(tsvText: data) }
    output.append(UInt8(ascii: "\n"))
  }
}

extension ByteQueue {
  /// Appends `,"key":`, and the quote that begins a text.
  @inline(__always)
  fileprivate mutating func append(key: StaticString, andQuote quotes: Bool = false) {
    let size = key.utf8CodeUnitCount
    let target = room(for: size + 6)
    target.storeBytes(of: UInt16(littleEndian: 0x222C), as: UInt16.self)  // ,"
    memcpy(target + 2, key.utf8Start, size)
    target.storeBytes(of: UInt32(littleEndian: 0x223A22), toByteOffset: size &+ 2, as: UInt32.self)  // ":"
    commit(size &+ (quotes ? 5 : 4))
  }

  /// Appends bytes as one column: backslash, tab and line feed are escaped, all others stand as they are.
  mutating func append(tsvText bytes: UnsafeRawBufferPointer) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): append("\\\\" as StaticString)
      case UInt8(ascii: "\t"): append("\\t" as StaticString)
      case UInt8(ascii: "\n"): append("\\n" as StaticString)
      default: append(byte)
      }
    }
  }
}
