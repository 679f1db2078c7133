import Testing

@testable import UponCore

@Suite struct JSONTextTests {
  static func text(_ bytes: [UInt8]) -> (text: String, exact: Bool) {
    var queue = ByteQueue()
    let exact = bytes.withUnsafeBytes { queue.append(jsonText: $0) }
    return (String(decoding: queue.bytes, as: UTF8.self), exact)
  }

  /// What a parser makes of the inside of a JSON string.
  static func unescaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let mark = rest.popFirst() else {
        result.append(scalar)
        continue
      }
      switch mark {
      case "b": result.append("\u{8}")
      case "t": result.append("\t")
      case "n": result.append("\n")
      case "f": result.append("\u{C}")
      case "r": result.append("\r")
      case "u":
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        rest = rest.dropFirst(4)
        result.append(Unicode.Scalar(UInt32(digits, radix: 16)!)!)
      default: result.append(mark)
      }
    }
    return String(result)
  }

  /// Text is copied in blocks, of which the last overlaps: each byte at each place of texts of many lengths.
  @Test func `every byte at every place comes back`() {
    for count in [1, 7, 8, 15, 16, 17, 31, 32, 33, 47, 48, 50, 64, 70] {
      for byte in UInt8.min...UInt8.max where count < 50 || byte % 8 == 2 {
        for place in 0..<count {
          var bytes = (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
          bytes[place] = byte
          let (text, exact) = Self.text(bytes)
          guard Self.unescaped(text) == String(decoding: bytes, as: UTF8.self), exact == (byte < 0x80) else {
            Issue.record("byte \(byte) at \(place) of \(count)")
            continue
          }
        }
      }
    }
  }

  @Test func `long texts come back across the end of a round`() {
    for filler in ["a", "\"", "\u{1}", "é", "€", "🎉", "ab\t"] {
      for shift in 0..<5 {
        let expected = String(repeating: "x", count: shift) + String(repeating: filler, count: 9000)
        let (text, exact) = Self.text(Array(expected.utf8))
        #expect(exact && Self.unescaped(text) == expected)
      }
    }
  }

  @Test func `random bytes are replaced as the standard says`() {
    var random = SystemRandomNumberGenerator()
    // Leads, continuations and their limits, so that almost every sequence of the table comes up.
    let alphabet: [UInt8] = [
      0x22, 0x5C, 0x0A, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
      0xEF, 0xF0,
      0xF1, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        alphabet.randomElement(using: &random)!
      }
      let expected = String(decoding: bytes, as: UTF8.self)
      let (text, exact) = Self.text(bytes)
      #expect(Self.unescaped(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
      #expect(exact == Array(expected.utf8).elementsEqual(bytes))
    }
  }

  @Test func `control characters are escaped and nothing else`() {
    #expect(
      Self.text(Array("\u{1}\u{7F}\u{80}\u{9F}\u{A0}é\"\\/".utf8)).text == #"\u0001\u007f\u0080\u009f"#
        + "\u{A0}é\\\"\\\\/")
    #expect(Self.text(Array("\u{8}\t\n\u{C}\r".utf8)).text == #"\b\t\n\f\r"#)
  }

  @Test func `what turns the direction of text or ends a line of JavaScript is escaped`() {
    let controls: [UInt32] = [0x61C, 0x200E, 0x200F] + Array(0x2028...0x202E) + Array(0x2066...0x2069)
    for value in [0x600, 0x61B, 0x61D, 0x2000, 0x200D, 0x2010, 0x2027, 0x202F, 0x2065, 0x206A, 0x3028]
      + controls
    {
      let character = String(Character(UnicodeScalar(value)!))
      let (text, exact) = Self.text(Array(character.utf8))
      let digits = String(value, radix: 16)
      let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      #expect(text == (controls.contains(value) ? escape : character))
      #expect(exact && Self.unescaped(text) == character)
    }
  }

  @Test func `base64 is that of the standard`() {
    for (plain, coded) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ] {
      var queue = ByteQueue()
      Array(plain.utf8).withUnsafeBytes { queue.append(base64: $0) }
      let text = String(decoding: queue.bytes, as: UTF8.self)
      #expect(text == coded)
    }
    var queue = ByteQueue()
    ([0xFB, 0xEF, 0xFF] as [UInt8]).withUnsafeBytes { queue.append(base64: $0) }
    let text = String(decoding: queue.bytes, as: UTF8.self)
    #expect(text == "++//")
  }
}
