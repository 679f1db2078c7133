import Testing

@testable import UponCore

/// Numbers that look random and are the same in every run.
struct Repeatable: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct IntervalTests {
  @Test(arguments: [
    ("0", 0), ("250ms", 250_000_000), ("1.5s", 1_500_000_000), ("90", 90_000_000_000),
    ("2m", 120_000_000_000),
    ("1h30m", 5_400_000_000_000), ("1d", 86_400_000_000_000), ("10us", 10_000), ("1w", 604_800_000_000_000),
    (".5s", 500_000_000), ("0.1", 100_000_000), ("1.000000001s", 1_000_000_001), ("00", 0), ("0.0us", 0),
    ("1s500ms", 1_500_000_000), ("9223372036.854775807s", Int64.max), ("0.3s", 300_000_000),
  ])
  func `a duration is read exactly`(text: String, nanoseconds: Int64) {
    #expect(Interval(Array(text.utf8))?.nanoseconds == nanoseconds)
  }

  @Test(arguments: ["0.0001us", "0.00000000000000000000000000000000001s", "0.0000000001", "0.001us"])
  func `a duration too small to count is rounded up to one nanosecond`(text: String) {
    #expect(Interval(Array(text.utf8))?.nanoseconds == 1)
  }

  @Test func `rounding up happens once, not digit by digit`() {
    #expect(Interval(Array("0.0011us".utf8))?.nanoseconds == 2)
    #expect(Interval(Array("0.0010000000000000000000us".utf8))?.nanoseconds == 1)
    #expect(Interval(Array("1.99999999999999999999999999999s".utf8))?.nanoseconds == 2_000_000_000)
  }

  @Test(arguments: ["inf", "300000000000w", "99999999999999999999999999", "9223372036854775807s1us"])
  func `a huge duration is for ever`(text: String) {
    #expect(Interval(Array(text.utf8)) == .forever)
  }

  @Test(arguments: [
    "", "nan", "-1s", "+1s", "5x", "1h30", "s", ".", "1.", "1.s", "1..5s", "1.5.5s", "5 s", " 5s", "5s ",
    "infs", "INF",
    "5S", "1e3", "0x10", "5s,", "ms", "5ss", "1h-30m", "1_000", "٣s",
  ])
  func `what is not a duration is refused`(text: String) {
    #expect(Interval(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    (200_000_000, "200ms"), (5_400_000_000_000, "1h30m"), (0, "0s"), (1, "0.001us"), (1500, "1.5us"),
    (1_500_000_000, "1.5s"), (90_000_000_000, "1m30s"), (604_800_000_000_000, "1w"),
    (86_400_000_000_000, "1d"), (Int64.max, "inf"), (1_050_000_000, "1.05s"), (10_000_000_000, "10s"),
  ])
  func `a duration is written in its shortest form`(nanoseconds: Int64, text: String) {
    #expect(Interval(nanoseconds: nanoseconds).description == text)
  }

  @Test func `what is written reads back as the same duration`() {
    var random = Repeatable(1)
    for _ in 0..<20_000 {
      let bits = Int.random(in: 1...63, using: &random)
      let value = Int64.random(in: 0...(Int64.max >> (63 - bits)), using: &random)
      let interval = Interval(nanoseconds: value)
      if Interval(Array(interval.description.utf8)) != interval { Issue.record("\(value) gave \(interval)") }
    }
    let longest = Interval(nanoseconds: Int64.max - 1)
    #expect(Interval(Array(longest.description.utf8)) == longest)
  }

  @Test func `random bytes never crash the reader`() {
    var random = Repeatable(2)
    let alphabet = Array("0123456789.smhdwu-inf".utf8)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...24, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
      if let interval = Interval(bytes), interval.nanoseconds < 0 { Issue.record("\(bytes)") }
    }
  }
}
