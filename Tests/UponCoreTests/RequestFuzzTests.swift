import JSON
import Testing

@testable import UponCore

/// Requests of random bytes: what is read, is read the same however it comes, and nothing ends the process.
@Suite struct RequestFuzzTests {
  private static let pieces = [
    "{", "}", "[", "]", "\"", "\\", ":", ",", "\n", "\r\n", " ", "\t", "true", "false", "null", "1", "-1",
    "1e9", "0.5",
    "\\u0000", "\\ud800", "\u{1}", "ü", "\"add\"", "\"every:1s\"", "\"remove\"", "\"list\":true", "\"id\":1",
    "{\"list\":true,\"id\":2}", "{\"add\":[\"every:1s\",\"do\",\"x\"]}\n", "{\"exit\":3}", "\"send\":\"x\"",
    "\"to\":7", "\"data_base64\":\"eA==\"", "[[[[", "]]]]",
  ]

  private static func read(_ bytes: [UInt8]) throws -> JSONValue {
    try bytes.withUnsafeBytes { try JSONValue(reading: $0) }
  }

  /// The lines of a text as they are defined: what stands before each line end, and what is left at the end.
  private func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var parts = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    if parts.last?.isEmpty == true { parts.removeLast() }
    return parts
  }

  @Test(arguments: [1, 2, 3])
  func `lines are the same in whatever pieces they come`(seed: UInt64) {
    var random = Repeatable(seed)
    var count = 0
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        Self.pieces.randomElement(using: &random)!
      }
      let bytes = Array(text.joined().utf8)
      var queue = RequestLines()
      var found: [[UInt8]] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let size = Int.random(in: 1...min(rest.count, 7), using: &random)
        Array(rest.prefix(size)).withUnsafeBytes { queue.append($0) }
        rest = rest.dropFirst(size)
        while let line = queue.next() { if case .text(let text) = line { found.append(Array(text)) } }
      }
      if case .text(let text)? = queue.last() { found.append(Array(text)) }
      #expect(found == lines(bytes))
      count += found.count
    }
    #expect(count > 3000)
  }

  @Test(arguments: [4, 5, 6])
  func `a request is refused with a reason or is one that can be carried out`(seed: UInt64) throws {
    var random = Repeatable(seed)
    var read = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Self.pieces.randomElement(using: &random)!
      }
      let bytes = Array((Bool.random(using: &random) ? "{" + text.joined() + "}" : text.joined()).utf8)
      let value: JSONValue
      do {
        value = try Self.read(bytes)
      } catch {
        let reason = (error as? JSONValue.Malformed)?.reason ?? ""
        #expect(!reason.isEmpty)
        continue
      }
      read += 1
      // What has been read is written so that it reads the same.
      var queue = ByteQueue()
      queue.append(json: value)
      #expect(try Self.read(Array(queue.bytes)).line == value.line)
      guard let members = value.members else { continue }
      do throws(Request.Refusal) {
        _ = try Request.read(members)
      } catch {
        #expect(!error.reason.isEmpty)
      }
    }
    #expect(read > 200, "\(read) were JSON")
  }
}
