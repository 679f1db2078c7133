import Platform

/// Writes events as records, in any of the formats.
struct RecordText: ~Copyable {
  private var front = RecordFront()
  private var selected = SelectedText()
  private var readable: ReadableText

  /// Makes a writer; `descriptor` is where the records are shown, nil where that is never a terminal.
  init(on descriptor: Int32? = nil) {
    readable = ReadableText(on: descriptor)
  }

  /// Appends one whole record; nothing for an event without data in the format `data`.
  mutating func write(_ event: Event, _ label: Label, as format: RecordFormat, to output: inout ByteQueue) {
    switch format {
    case .json: writeJSON(event, label, to: &output)
    case .tsv: writeTSV(event, label, to: &output)
    case .data:
      if let payload = event.payload { output.append(payload) }
    case .text: readable.write(event, label, to: &output)
    }
  }

  /// Appends one whole record with the fields that were asked for.
  @inline(never)
  mutating func write(
    _ event: Event, _ label: Label, as format: RecordFormat, fields: FieldSelection,
    to output: inout ByteQueue
  ) {
    if format == .tsv {
      selected.writeTSV(event, label, fields, to: &output)
    } else {
      selected.writeJSON(event, label, fields, to: &output)
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
  private static func write(_ key: FieldName, _ bytes: UnsafeRawBufferPointer, to output: inout ByteQueue) {
    output.append(key: key, andQuote: true)
    let isExact = output.append(jsonText: bytes)
    output.append(UInt8(ascii: "\""))
    if !isExact { writeBase64(key, bytes, to: &output) }
  }

  @inline(never)
  private static func writeBase64(
    _ key: FieldName, _ bytes: UnsafeRawBufferPointer, to output: inout ByteQueue
  ) {
    output.append(",\"" as StaticString)
    output.append(key)
    output.append("_base64\":\"" as StaticString)
    output.append(base64: bytes)
    output.append(UInt8(ascii: "\""))
  }

  private func writeTSV(_ event: Event, _ label: Label, to output: inout ByteQueue) {
    output.append(label.tsv)
    if let data = event.data {
      output.append(tsvText: data)
    } else {
      Self.writeColumn(of: event, to: &output)
    }
    output.append(UInt8(ascii: "\n"))
  }

  /// What an event without data is about: a file, the status of a process, when it was due.
  @inline(never)
  private static func writeColumn(of event: Event, to output: inout ByteQueue) {
    for name in ["path", "status", "due"] as [StaticString] {
      for position in 0..<event.fieldCount where event[position].key.isSame(as: name) {
        switch event[position].value {
        case .int(let number): output.append(decimal: number)
        case .uint(let number): output.append(decimal: number)
        case .bytes(let bytes): output.append(tsvText: bytes)
        case .text(let text): output.append(text)
        case .bool: break
        }
        return
      }
    }
  }
}

extension FieldName {
  fileprivate func isSame(as name: StaticString) -> Bool {
    utf8CodeUnitCount == name.utf8CodeUnitCount && memcmp(utf8Start, name.utf8Start, utf8CodeUnitCount) == 0
  }
}

extension ByteQueue {
  mutating func append(_ name: FieldName) {
    append(UnsafeRawBufferPointer(name.bytes))
  }

  /// Appends `,"key":`, and the quote that begins a text.
  @inline(__always)
  fileprivate mutating func append(key: FieldName, andQuote quotes: Bool = false) {
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
