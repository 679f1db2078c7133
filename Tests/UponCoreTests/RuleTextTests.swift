import Testing

@testable import UponCore

/// The words of a file of rules, as the shell quotes them.
@Suite struct RuleTextTests {
  /// The words, each behind the number of its line.
  private func read(_ bytes: [UInt8]) throws(UsageError) -> [String] {
    try RuleText.words(bytes, of: Array("f".utf8)).map {
      "\($0.origin?.line ?? 0) " + String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try read(bytes)
      return nil
    } catch {
      return error.message
    }
  }

  @Test(arguments: [
    ("", []), (" \t\n\r\n\n", []), ("# all\n#of it", []), ("a b\tc\nd", ["1 a", "1 b", "1 c", "2 d"]),
    ("a\r\nb\r\n", ["1 a", "2 b"]), ("a\r", ["1 a\r"]), ("a\rb", ["1 a\rb"]), ("\r\r\n", ["1 \r"]),
    ("a\u{B}b\u{C}", ["1 a\u{B}b\u{C}"]), ("é ü\u{A0}x", ["1 é", "1 ü\u{A0}x"]),
    ("last without an end", ["1 last", "1 without", "1 an", "1 end"]),
  ])
  func `blanks and line ends part words`(text: String, words: [String]) throws {
    #expect(try read(Array(text.utf8)) == words)
  }

  @Test(arguments: [
    ("'' \"\"", ["1 ", "1 "]), ("a''b", ["1 ab"]), ("'a b'", ["1 a b"]), ("a' 'b\" \"c", ["1 a b c"]),
    ("'a\nb' c", ["1 a\nb", "2 c"]), ("'a\r\nb'", ["1 a\r\nb"]), (#"'\' b"#, [#"1 \"#, "1 b"]),
    (#"'"'"'"'"'"#, [#"1 "'""#]),
    ("'#' \"#\" a#b ''#c \\#d", ["1 #", "1 #", "1 a#b", "1 #c", "1 #d"]), (#"it\'s"#, ["1 it's"]),
    ("'$x `y`'", ["1 $x `y`"]),
    ("$x* ~ ; | & > ( {a,b}", ["1 $x*", "1 ~", "1 ;", "1 |", "1 &", "1 >", "1 (", "1 {a,b}"]),
  ])
  func `single quotes keep what is in them, and nothing is substituted`(text: String, words: [String]) throws
  {
    #expect(try read(Array(text.utf8)) == words)
  }

  @Test(arguments: [
    (#""$x `y` \$ \` \" \\""#, [#"1 $x `y` $ ` " \"#]), (#""\a\n\'\ ""#, [#"1 \a\n\'\ "#]),
    ("\"a\\\nb\" c", ["1 ab", "2 c"]), ("\"a\\\r\nb\"", ["1 ab"]), ("\"a\nb\" c", ["1 a\nb", "2 c"]),
    ("\"a\r\nb\"", ["1 a\r\nb"]), (#""\\" x"#, [#"1 \"#, "1 x"]),
  ])
  func `in double quotes a backslash stands before what would end or change them`(
    text: String, words: [String]
  )
    throws
  {
    #expect(try read(Array(text.utf8)) == words)
  }

  @Test(arguments: [
    ("a\\\nb", ["1 ab"]), ("a \\\n b", ["1 a", "2 b"]), ("\\\n\\\na", ["3 a"]),
    ("a\\\r\nb c", ["1 ab", "2 c"]),
    ("a\\\n# b", ["1 a#", "2 b"]), ("a \\\n# b\nc", ["1 a", "3 c"]), ("# a\\\nb", ["2 b"]),
    (#"\a\ \\"#, [#"1 a \"#]),
    ("\\\r", ["1 \r"]), ("a\\\n", ["1 a"]),
  ])
  func `a backslash before a line end joins lines, which are counted all the same`(
    text: String, words: [String]
  )
    throws
  {
    #expect(try read(Array(text.utf8)) == words)
  }

  @Test(arguments: [
    ("#!/usr/bin/env -S upon -f\nevery:5s", ["2 every:5s"]), ("a # b 'c\n# d\ne", ["1 a", "3 e"]),
    ("#'\n#\"\na", ["3 a"]), ("# x\r\ny", ["2 y"]), ("a#", ["1 a#"]), ("#", []),
  ])
  func `a comment begins where a word would`(text: String, words: [String]) throws {
    #expect(try read(Array(text.utf8)) == words)
  }

  @Test func `a mark of the byte order is no part of the first word`() throws {
    #expect(try read([0xEF, 0xBB, 0xBF] + Array("a b".utf8)) == ["1 a", "1 b"])
    #expect(try read([0xEF, 0xBB, 0xBF] + Array("#a\nb".utf8)) == ["2 b"])
    #expect(try read([0xEF, 0xBB, 0xBF]) == [])
    #expect(
      try RuleText.words([0x61, 0xFF, 0xEF, 0xBB, 0xBF], of: []).map(\.bytes) == [
        [0x61, 0xFF, 0xEF, 0xBB, 0xBF]
      ])
  }

  @Test(arguments: [
    ("'", "f:1: the quote ' that opens here is not closed"),
    ("a\nb 'c\nd\n\n", "f:2: the quote ' that opens here is not closed"),
    ("a\n\"\n'", "f:2: the quote \" that opens here is not closed"),
    ("'a\nb' \"c\\\"", "f:2: the quote \" that opens here is not closed"),
    ("\"a\\", "f:1: the quote \" that opens here is not closed"),
    ("a\\\n\nb'", "f:3: the quote ' that opens here is not closed"),
    ("a\nb \\", "f:2: nothing follows the backslash at the end"),
    ("a\r\nb\n\u{0}c\n", "f:3: a NUL byte, which no word can have"),
    ("'\u{0}", "f:1: a NUL byte, which no word can have"),
  ])
  func `what is not complete is told where it begins`(text: String, expected: String) {
    #expect(message(Array(text.utf8)) == expected)
  }

  // MARK: Fuzz

  /// A word in one of the ways in which a shell lets it be typed.
  private func typed(_ word: [UInt8], _ random: inout Repeatable) -> [UInt8] {
    var text: [UInt8] = []
    var rest = word[...]
    if rest.isEmpty || Int.random(in: 0..<9, using: &random) == 0 { text += Array("''".utf8) }
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...6, using: &random))
      rest = rest.dropFirst(part.count)
      if Int.random(in: 0..<9, using: &random) == 0 { text += Array("\\\n".utf8) }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: text += Word(Array(part)).shell
      case 1:
        text.append(UInt8(ascii: "\""))
        for byte in part {
          if "$`\"\\".utf8.contains(byte) { text.append(UInt8(ascii: "\\")) }
          text.append(byte)
        }
        text.append(UInt8(ascii: "\""))
      default:
        // A line end cannot be escaped outside of quotes, and a CR in front of one neither.
        for byte in part {
          text += [10, 13].contains(byte) ? [39, byte, 39] : [UInt8(ascii: "\\"), byte]
        }
      }
    }
    return text
  }

  @Test(arguments: [1, 2, 3, 4])
  func `words that are quoted are read again as they were, in whatever way they were quoted`(seed: UInt64)
    throws
  {
    var random = Repeatable(seed)
    let bytes = Array(" \t\r\n\r\n'\"\\$`#;|&é-:=ab".utf8) + [0xFF, 0x80]
    let gaps = [" ", "\t", "\n", "\r\n", " # c 'd\n", " \\\n ", "\n\n#\n"]
    var count = 0
    for _ in 0..<5000 {
      let words = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<Int.random(in: 0...9, using: &random)).map { _ in bytes.randomElement(using: &random)! }
      }
      var text: [UInt8] = []
      var lines: [Int] = []
      for word in words {
        text += Array(gaps.randomElement(using: &random)!.utf8)
        lines.append(1 + text.count { $0 == 10 })
        text += typed(word, &random)
      }
      let read = try RuleText.words(text, of: [])
      #expect(read.map(\.bytes) == words, "\(Word(text).escaped)")
      // A line that is joined in front of the first byte of a word belongs to what stands before it.
      for (word, line) in zip(read, lines) { #expect((line...(line + 1)).contains(word.origin!.line)) }
      count += words.count
    }
    #expect(count > 10_000)
  }

  @Test(arguments: [5, 6])
  func `bytes of any kind are read or refused with a line that there is`(seed: UInt64) {
    var random = Repeatable(seed)
    let bytes = Array("'\"\\#a \n\r".utf8) + [0, 0xEF, 0xBB, 0xBF]
    var refused = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in bytes.randomElement(using: &random)!
      }
      guard let message = message(text) else { continue }
      let line = Int(message.split(separator: ":")[1])
      #expect((1...(1 + text.count { $0 == 10 })).contains(line ?? 0))
      refused += 1
    }
    #expect((5000..<19_000).contains(refused))
  }
}
