/// One argument as it was typed: raw bytes, nothing repaired.
public struct Word: Hashable, Sendable, ExpressibleByStringLiteral {
  public let bytes: [UInt8]
  /// Where it stands in a file; nil for one that was typed, and for one of a request.
  let origin: Origin?

  public init(_ bytes: [UInt8]) {
    self.init(bytes, from: nil)
  }

  init(_ bytes: [UInt8], from origin: Origin?) {
    self.bytes = bytes
    self.origin = origin
  }

  public init(_ text: String) {
    self.init(Array(text.utf8))
  }

  public init(stringLiteral text: String) {
    self.init(text)
  }

  /// Words are the same wherever they stand.
  public static func == (left: Word, right: Word) -> Bool { left.bytes == right.bytes }

  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  /// Whether both were typed, or read from the same file.
  func isOfSameText(as other: Word) -> Bool { origin?.file == other.origin?.file }

  /// The most characters of a word that a message quotes.
  static let longestQuote = 80

  /// The word as a diagnostic quotes it: escaped, and cut where it is long.
  public var text: String {
    // A character has four bytes at most, which are not worth to be counted in a short word.
    if bytes.count <= Self.longestQuote { return escaped }
    let head = Word(Array(bytes.prefix(4 * Self.longestQuote))).escaped
    if bytes.count <= 4 * Self.longestQuote, head.count <= Self.longestQuote { return head }
    return head.prefix(Self.longestQuote - 3) + "..."
  }

  /// The word with control characters escaped, those for the direction of text and line ends of Unicode among them,
  /// and invalid UTF-8 replaced.
  public var escaped: String {
    if bytes.allSatisfy({ 0x20..<0x7F ~= $0 }) { return String(decoding: bytes, as: UTF8.self) }
    var shown = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0:
        shown += (scalar.value < 0x10 ? "\\x0" : "\\x") + String(scalar.value, radix: 16)
      case 0x61C: shown += "\\u061c"
      case 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
        shown += "\\u" + String(scalar.value, radix: 16)
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
