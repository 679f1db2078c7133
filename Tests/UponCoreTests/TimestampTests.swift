import Glibc
import Testing

@testable import UponCore

@Suite struct TimestampTests {
  static func text(_ seconds: Int64, _ microseconds: Int32, with timestamp: inout Timestamp) -> String {
    var queue = ByteQueue()
    timestamp.write(WallTime(seconds: seconds, microseconds: microseconds), to: &queue)
    return String(decoding: queue.bytes, as: UTF8.self)
  }

  @Test func `writes what the standard says`() {
    var timestamp = Timestamp()
    #expect(Self.text(0, 0, with: &timestamp) == "1970-01-01T00:00:00.000000Z")
    #expect(Self.text(951_782_400, 1, with: &timestamp) == "2000-02-29T00:00:00.000001Z")
    #expect(Self.text(4_107_542_399, 999_999, with: &timestamp) == "2100-02-28T23:59:59.999999Z")
    #expect(Self.text(4_107_542_400, 0, with: &timestamp) == "2100-03-01T00:00:00.000000Z")
    #expect(Self.text(-1, 0, with: &timestamp) == "1969-12-31T23:59:59.000000Z")
  }

  @Test func `agrees with the C library in any order`() {
    var timestamp = Timestamp()
    for _ in 0..<20_000 {
      var seconds = Int.random(in: 0...253_402_300_799)
      var parts = tm()
      gmtime_r(&seconds, &parts)
      let microseconds = Int32.random(in: 0...999_999)
      var expected = [CChar](repeating: 0, count: 64)
      strftime(&expected, 64, "%Y-%m-%dT%H:%M:%S.", &parts)
      let fraction = String(microseconds + 1_000_000).dropFirst()
      #expect(
        Self.text(Int64(seconds), microseconds, with: &timestamp)
          == String(decoding: expected.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
          + fraction + "Z")
    }
  }
}
