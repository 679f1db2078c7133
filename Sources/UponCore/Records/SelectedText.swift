/// Writes the fields of events that were asked for, in the forms that have fields.
struct SelectedText {
  private var timestamp = Timestamp()

  /// Appends one record as a JSON object; a field that the event lacks is absent.
  mutating func writeJSON(
    _ event: Event, _ label: Label, _ selection: FieldSelection, to output: inout ByteQueue
  ) {
    // Each field begins with a comma: that of the first becomes the brace.
    let start = output.count
    for (name, column) in selection.columns {
      switch column {
      case .field(let field):
        guard let value = event.value(of: field) else { continue }
        begin(name, to: &output)
        append(json: value, to: &output)
      case .base64(let field):
        guard case .bytes(let bytes)? = event.value(of: field), !bytes.isText else { continue }
        begin(name, to: &output)
        output.append(UInt8(ascii: "\""))
        output.append(base64: bytes)
        output.append(UInt8(ascii: "\""))
      case .seq, .count:
        begin(name, to: &output)
        appendFront(column, event, label, to: &output)
      case .time, .kind, .event, .name:
        begin(name, to: &output)
        output.append(UInt8(ascii: "\""))
        if case .name = column {
          _ = label.name.withUnsafeBytes { output.append(jsonText: $0) }
        } else {
          appendFront(column, event, label, to: &output)
        }
        output.append(UInt8(ascii: "\""))
      }
    }
    if output.count == start {
      output.append(UInt8(ascii: "{"))
    } else {
      output[start] = UInt8(ascii: "{")
    }
    output.append("}\n" as StaticString)
  }

  /// Appends one record as columns; one that the event lacks is empty.
  mutating func writeTSV(
    _ event: Event, _ label: Label, _ selection: FieldSelection, to output: inout ByteQueue
  ) {
    for (index, (_, column)) in selection.columns.enumerated() {
      if index > 0 { output.append(UInt8(ascii: "\t")) }
      switch column {
      case .field(let field):
        if let value = event.value(of: field) { append(tsv: value, to: &output) }
      case .base64(let field):
        if case .bytes(let bytes)? = event.value(of: field), !bytes.isText { output.append(base64: bytes) }
      default: appendFront(column, event, label, to: &output)
      }
    }
    output.append(UInt8(ascii: "\n"))
  }

  private mutating func appendFront(
    _ column: FieldSelection.Column, _ event: Event, _ label: Label, to output: inout ByteQueue
  ) {
    switch column {
    case .seq: output.append(decimal: event.seq)
    case .time: timestamp.write(event.time, to: &output)
    case .name: label.name.withUnsafeBytes { output.append(tsvText: $0) }
    case .kind: output.append(label.kind)
    case .event: output.append(label.event)
    case .count: output.append(decimal: event.count)
    case .field, .base64: break
    }
  }

  private func begin(_ name: [UInt8], to output: inout ByteQueue) {
    output.append(",\"" as StaticString)
    output.append(name)
    output.append("\":" as StaticString)
  }

  private func append(json value: Event.FieldValue, to output: inout ByteQueue) {
    switch value {
    case .int, .uint, .bool: append(tsv: value, to: &output)
    case .text(let text):
      output.append(UInt8(ascii: "\""))
      output.append(text)
      output.append(UInt8(ascii: "\""))
    case .bytes(let bytes):
      output.append(UInt8(ascii: "\""))
      _ = output.append(jsonText: bytes)
      output.append(UInt8(ascii: "\""))
    }
  }

  private func append(tsv value: Event.FieldValue, to output: inout ByteQueue) {
    switch value {
    case .int(let number): output.append(decimal: number)
    case .uint(let number): output.append(decimal: number)
    case .bool(let bool): output.append(bool ? "true" as StaticString : "false")
    case .text(let text): output.append(text)
    case .bytes(let bytes): output.append(tsvText: bytes)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are UTF-8, so that their text is exact.
  fileprivate var isText: Bool {
    guard let base = baseAddress else { return true }
    var position = 0
    while position < count {
      if self[position] < 0x80 {
        position += 1
        continue
      }
      let (length, isValid) = UTF8Sequence.length(base, position, count)
      if !isValid { return false }
      position += length
    }
    return true
  }
}
