import Testing

@testable import UponCore

@Suite struct PatternTests {
  private func outcome(_ pattern: String, _ subject: [UInt8]) throws(ValueError) -> Pattern.Outcome {
    let pattern = try Pattern(Array(pattern.utf8))
    return subject.withUnsafeBytes { pattern.matches($0) }
  }

  @Test func `a pattern is looked for anywhere`() throws {
    #expect(try outcome("ERR(OR)?", Array("an ERROR here".utf8)) == .match)
    #expect(try outcome("^ERR", Array("an ERROR here".utf8)) == .none)
    #expect(try outcome("(?i)error$", Array("an ERROR".utf8)) == .match)
  }

  @Test func `named groups of a match are fields, those that took no part are absent`() throws {
    let pattern = try Pattern(Array(#"(?<user>\S+) failed (?:(?<n>\d+)|(?<m>x))(?<rest>.*)"#.utf8))
    #expect(pattern.hasGroups)
    #expect(Pattern.groupNames(Array("(?<b>x)(?<a>y)(z)".utf8)) == ["b", "a"])
    let event = Event(capacity: 1)
    let copy = Event(capacity: 1)
    let line = Array("bob failed 17".utf8)
    line.withUnsafeBytes { line in
      event.begin(0, at: WallTime())
      event.add(data: line, lineEnd: 0)
      #expect(pattern.matches(line) == .match)
      pattern.addGroups(of: line, to: event)
      #expect(event.fieldCount == 4)
      copy.copy(of: event)
      event.removeFields(from: 1)
      #expect(event.fieldCount == 1)
    }
    #expect(
      EventTests.record(copy).hasSuffix(#","data":"bob failed 17","user":"bob","n":"17","rest":""}"# + "\n"))
  }

  @Test func `a group with bytes that are no text has them in base64`() throws {
    let pattern = try Pattern(Array("=(?<v>.*)".utf8))
    let event = Event()
    ([UInt8(ascii: "="), 0xFF] as [UInt8]).withUnsafeBytes { line in
      event.begin(0, at: WallTime())
      #expect(pattern.matches(line) == .match)
      pattern.addGroups(of: line, to: event)
      #expect(EventTests.record(event).hasSuffix(#","v":"\#u{FFFD}","v_base64":"/w=="}"# + "\n"))
    }
  }

  @Test func `bytes are bytes, whatever they are`() throws {
    #expect(try outcome(#"\xff.\x00"#, [1, 0xFF, 0xC3, 0, 2]) == .match)
    #expect(try outcome("^.$", [0xC3]) == .match)
    #expect(try outcome("é", Array("café".utf8)) == .match)
  }

  @Test func `an empty subject can match`() throws {
    #expect(try outcome("^$", []) == .match)
    #expect(try outcome("a", []) == .none)
    let pattern = try Pattern(Array("^$".utf8))
    #expect(pattern.matches(UnsafeRawBufferPointer(start: nil, count: 0)) == .match)
  }

  @Test func `a match that would cost too much is given up`() throws {
    #expect(try outcome("^(a+)+$", Array(repeating: UInt8(ascii: "a"), count: 60) + [0]) == .gaveUp)
  }

  @Test func `a deep match on a long record has room`() throws {
    #expect(
      try outcome("^(?:a|b)*c", Array(repeating: UInt8(ascii: "a"), count: 5000) + [UInt8(ascii: "c")])
        == .match)
  }

  @Test func `one pattern serves many records`() throws {
    let pattern = try Pattern(Array("b(.)b".utf8))
    for _ in 0..<1000 {
      #expect(Array("abcb".utf8).withUnsafeBytes { pattern.matches($0) } == .match)
      #expect(Array("abcc".utf8).withUnsafeBytes { pattern.matches($0) } == .none)
    }
  }

  @Test(arguments: [
    ("[", "missing terminating ] for character class at offset 1"),
    ("a(", "missing closing parenthesis at offset 2"),
    ("(*UTF)a", "using UTF is disabled by the application at offset 6"),
  ])
  func `a pattern that does not compile is refused with its place`(pattern: String, message: String) {
    #expect(Pattern.check(Array(pattern.utf8)) == message)
    #expect(throws: ValueError(message: message)) { try Pattern(Array(pattern.utf8)) }
  }

  @Test func `a pattern that compiles has nothing wrong with it`() {
    #expect(Pattern.check(Array("a.*b|[c]".utf8)) == nil)
  }
}
