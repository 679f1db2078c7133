/// A place in the bytes of a text that is being read.
struct TextCursor {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  var isAtEnd: Bool { position == bytes.count }

  /// The byte that is read next; nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// What has not been read, as text.
  var rest: String { String(decoding: bytes[position...], as: UTF8.self) }

  /// Passes the text over when it stands here.
  mutating func take(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard bytes.count - position >= length else { return false }
    for index in 0..<length where bytes[position + index] != text.utf8Start[index] { return false }
    position += length
    return true
  }

  /// Reads a decimal number of at least `atLeast` and at most `atMost` digits, which no other digit may follow.
  mutating func number(atLeast: Int = 1, atMost: Int = 9) -> Int? {
    let digits = take { $0.isDigit }
    guard (atLeast...atMost).contains(digits.count) else {
      position -= digits.count
      return nil
    }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Passes over the bytes that fit, and returns them.
  mutating func take(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, fits(bytes[position]) { position += 1 }
    return bytes[start..<position]
  }

  /// Whether the next bytes are these, which stay unread.
  func stands(_ text: StaticString) -> Bool {
    var copy = self
    return copy.take(text)
  }
}

extension UInt8 {
  var isDigit: Bool { self >= 48 && self <= 57 }
  var isLetter: Bool { self | 32 >= 97 && self | 32 <= 122 }
}

extension String {
  /// The number with zeros in front where it has fewer digits than `width`.
  init(_ number: Int, width: Int) {
    let digits = String(number)
    self.init(String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits)
  }
}

extension StringProtocol {
  /// Whether this is the other text but for the case of letters of ASCII.
  func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
    utf8.elementsEqual(other.utf8) { left, right in
      left == right || left.isLetter && right.isLetter && left | 32 == right | 32
    }
  }
}
