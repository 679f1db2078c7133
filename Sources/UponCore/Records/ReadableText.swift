import Platform

/// Writes events for people: local time, name and event in columns, then the fields.
///
/// `2026-11-23 08:00:00.123  stdin  line  data="GET / HTTP/1.1"`
struct ReadableText {
  /// Colours, for a terminal.
  private enum Style {
    case plain, faint, bold, event, failure

    /// The sequence that a terminal reads (ECMA-48, SGR).
    var sequence: StaticString {
      switch self {
      case .plain: "\u{1B}[0m"
      case .faint: "\u{1B}[2m"
      case .bold: "\u{1B}[1m"
      case .event: "\u{1B}[36m"
      case .failure: "\u{1B}[31m"
      }
    }
  }

  /// Where it is shown; nil where that is never a terminal.
  private let descriptor: Int32?
  /// Whether it is in colour, once the first line has asked.
  private var isColoured: Bool?
  private var second = Int64.min
  /// The date and the time of that second.
  private var moment: [UInt8] = []
  /// How wide the columns have been so far; what is longer than `widest` does not count.
  private var widths = (name: 0, event: 0)
  private static let widest = 40

  init(on descriptor: Int32? = nil) {
    self.descriptor = descriptor
  }

  mutating func write(_ event: Event, _ label: Label, to output: inout ByteQueue) {
    writeFront(event.time, label.name, label.event, to: &output)
    if event.count != 1 {
      begin("count", to: &output)
      output.append(decimal: event.count)
    }
    for position in 0..<event.fieldCount {
      begin(event[position].key, to: &output)
      append(event[position].value, to: &output)
    }
    output.append(UInt8(ascii: "\n"))
  }

  /// Appends the columns that every line has.
  mutating func writeFront(_ time: WallTime, _ name: [UInt8], _ event: String, to output: inout ByteQueue) {
    if isColoured == nil { isColoured = descriptor.map(Self.showsColour) ?? false }
    if time.seconds != second { format(time.seconds) }
    let milliseconds = Int(time.microseconds) / 1000
    put(.faint, to: &output)
    output.append(moment)
    output.append(UInt8(ascii: "."))
    for divisor in [100, 10, 1] {
      output.append(UInt8(truncatingIfNeeded: milliseconds / divisor % 10) + UInt8(ascii: "0"))
    }
    put(.plain, to: &output)
    widths.name = append(column: Word(name).escaped, .bold, width: widths.name, to: &output)
    let style = event == "error" ? Style.failure : .event
    widths.event = append(column: event, style, width: widths.event, to: &output)
  }

  /// Appends a column and returns how wide it is for the next line.
  private func append(
    column text: String, _ style: Style, width: Int, to output: inout ByteQueue
  ) -> Int {
    output.append("  " as StaticString)
    put(style, to: &output)
    output.append(text)
    put(.plain, to: &output)
    let count = text.unicodeScalars.count
    let width = count <= Self.widest ? max(width, count) : width
    for _ in 0..<max(width - count, 0) { output.append(UInt8(ascii: " ")) }
    return width
  }

  private mutating func format(_ seconds: Int64) {
    second = seconds
    var time = time_t(seconds)
    var parts = tm()
    localtime_r(&time, &parts)
    let numbers = [
      Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour),
      Int(parts.tm_min), Int(parts.tm_sec),
    ]
    var text = ""
    for (number, mark) in zip(numbers, ["", "-", "-", " ", ":", ":"]) {
      text += mark + (number < 10 ? "0" : "") + String(number)
    }
    moment = Array(text.utf8)
  }

  private func begin(_ name: FieldName, to output: inout ByteQueue) {
    output.append("  " as StaticString)
    put(.faint, to: &output)
    output.append(name)
    output.append(UInt8(ascii: "="))
    put(.plain, to: &output)
  }

  private func append(_ value: Event.FieldValue, to output: inout ByteQueue) {
    switch value {
    case .int(let number): output.append(decimal: number)
    case .uint(let number): output.append(decimal: number)
    case .bool(let bool): output.append(bool ? "true" as StaticString : "false")
    case .text(let text): output.append(text)
    case .bytes(let bytes):
      // Quoted as in JSON where it would not be one word.
      let isWord =
        !bytes.isEmpty
        && bytes.allSatisfy {
          0x21...0x7E ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "=")
        }
      if !isWord { output.append(UInt8(ascii: "\"")) }
      _ = output.append(jsonText: bytes)
      if !isWord { output.append(UInt8(ascii: "\"")) }
    }
  }

  private func put(_ style: Style, to output: inout ByteQueue) {
    if isColoured == true { output.append(style.sequence) }
  }
}

extension ReadableText {
  /// Whether what is written to the descriptor is shown in colour: on a terminal, unless `NO_COLOR` is set.
  private static func showsColour(_ descriptor: Int32) -> Bool {
    if let wish = getenv("NO_COLOR"), wish.pointee != 0 { return false }
    return isatty(descriptor) == 1
  }
}
