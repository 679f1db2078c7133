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

  @Test func everyByteAtEveryPlaceComesBack() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<20 {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 24)
        bytes[place] = byte
        let (text, exact) = Self.text(bytes)
        #expect(Self.unescaped(text) == String(decoding: bytes, as: UTF8.self))
        #expect(exact == (byte < 0x80))
      }
    }
  }

  @Test func randomBytesAreReplacedAsTheStandardSays() {
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

  @Test func controlCharactersAreEscapedAndNothingElse() {
    #expect(
      Self.text(Array("\u{1}\u{7F}\u{80}\u{9F}\u{A0}é\"\\/".utf8)).text == #"\u0001\u007f\u0080\u009f"#
        + "\u{A0}é\\\"\\\\/")
    #expect(Self.text(Array("\u{8}\t\n\u{C}\r".utf8)).text == #"\b\t\n\f\r"#)
  }

  @Test func base64IsThatOfTheStandard() {
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
