import Testing

@testable import UponCore

@Suite struct ValueFormTests {
  private func parse(_ form: ValueForm, _ text: String) -> Result<Value, ValueError> {
    do {
      return .success(try form.parse(Array(text.utf8)))
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [("1", 1), ("4096", 4096), ("64K", 65_536), ("1M", 1 << 20), ("2G", 2 << 30)])
  func `a size is read in 1024s`(text: String, bytes: Int) {
    #expect(parse(.size, text) == .success(.number(bytes)))
  }

  @Test(arguments: ["", "0", "0K", "K", "-1", "1.5M", "1k", "1KB", "1 K", "M1"])
  func `what is not a size is refused`(text: String) {
    let expected = ValueError(message: "expected a size larger than 0, such as 4096, 64K or 1M")
    #expect(parse(.size, text) == .failure(expected))
  }

  @Test(arguments: ["9223372036854775808", "8589934592G", "99999999999999999999K"])
  func `a size that overflows is refused`(text: String) {
    #expect(parse(.size, text) == .failure(ValueError(message: "too large for a size")))
  }

  @Test func `the largest size is read`() {
    #expect(parse(.size, "8589934591G") == .success(.number(8_589_934_591 << 30)))
  }

  @Test func `a count has its range`() {
    #expect(parse(.count(1...5), "5") == .success(.number(5)))
    let expected = ValueError(message: "expected a whole number from 1 to 5")
    for text in ["0", "6", "+1", "-1", "1.0", "x", "", "99999999999999999999"] {
      #expect(parse(.count(1...5), text) == .failure(expected))
    }
  }

  @Test func `a burst is one duration or two`() {
    let second = Interval(nanoseconds: 1_000_000_000)
    #expect(parse(.burst, "1s") == .success(.burst(second, limit: nil)))
    #expect(parse(.burst, "1s,1m") == .success(.burst(second, limit: Interval(nanoseconds: 60_000_000_000))))
    #expect(parse(.burst, "1s,1s") == .success(.burst(second, limit: second)))
    for text in ["", ",", "1s,", ",1s", "2s,1s", "0", "1s,2s,3s", "x"] {
      #expect(throws: ValueError.self) { try ValueForm.burst.parse(Array(text.utf8)) }
    }
  }

  @Test func `events replace, add or are all`() {
    #expect(parse(.events, "all") == .success(.events(EventSelection(.all))))
    #expect(parse(.events, "line,end") == .success(.events(EventSelection(.replace, ["line", "end"]))))
    #expect(parse(.events, "+end") == .success(.events(EventSelection(.add, ["end"]))))
    #expect(parse(.events, "end,end") == .failure(ValueError(message: "'end' stands twice")))
    for text in ["", "+", ",", "line,", "+,end"] {
      #expect(throws: ValueError.self) { try ValueForm.events.parse(Array(text.utf8)) }
    }
  }

  @Test func `an ending is a status with or without an event`() {
    #expect(parse(.ending, "0") == .success(.ending(event: nil, status: 0)))
    #expect(parse(.ending, "end:255") == .success(.ending(event: "end", status: 255)))
    for text in ["", "256", "-1", ":3", "end:", "end", "end:256", "a:b:3"] {
      #expect(throws: ValueError.self) { try ValueForm.ending.parse(Array(text.utf8)) }
    }
  }

  @Test func `a pattern is compiled to be refused`() {
    #expect(parse(.pattern, "a+") == .success(.bytes(Array("a+".utf8))))
    #expect(
      parse(.pattern, "(") == .failure(ValueError(message: "missing closing parenthesis at offset 1")))
  }

  @Test func `an interval in any spelling has one canonical form`() throws {
    for text in ["1s", "1000ms", "1", "1.0s", "0.5s500ms"] {
      let interval = try Interval(Array(text.utf8), zero: false, in: "every:1s")
      #expect(interval.spelling == Array("1000000000".utf8))
      #expect(interval.nanoseconds == 1_000_000_000)
    }
    #expect(try Interval(Array("inf".utf8), zero: false, in: "every:inf") == .forever)
  }

  @Test func `a zero duration is an error where it means nothing`() {
    #expect(parse(.interval(zero: true), "0") == .success(.interval(Interval(nanoseconds: 0))))
    #expect(
      parse(.interval(zero: false), "0ms")
        == .failure(ValueError(message: "expected a duration longer than 0")))
  }

  @Test func `lists in messages read as sentences`() {
    #expect(["a"].listed("or") == "a")
    #expect(["a", "b"].listed("or") == "a or b")
    #expect(["a", "b", "c"].listed("and") == "a, b and c")
    #expect([].listed("or").isEmpty)
  }
}
