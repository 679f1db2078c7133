import Foundation
import Testing

/// What is no request is answered with an error, and nothing changes.
@Suite struct BadRequestTests {
  static let texts: [(String, String)] = [
    ("{", "no JSON"), ("}", "no JSON"), ("{}{}", "no JSON"),
    ("nul", "no JSON"),
    ("[]", "expected one JSON object"), ("1", "expected one JSON object"),
    ("\"list\"", "expected one JSON object"),
    ("{}", "expected one of add, remove"), (#"{"id":1}"#, "expected one of add, remove"),
    (#"{"list":true,}"#, "no JSON"), (#"{'list':true}"#, "no JSON"), (#"{"list":true} x"#, "no JSON"),
    (#"{"list":true,"list":true}"#, "no JSON: column 19: duplicate object key"),
    (#"{"remove":"t","remove":"u"}"#, "no JSON: column"),
    (#"{"remove":"t","id":1,"id":2}"#, "no JSON: column"),
    (#"{"remove":"t","exit":0}"#, "'exit' beside 'remove': one request a line"),
    (#"{"remove":"t","force":true}"#, "'force': unknown key; 'remove' has remove and id"),
    (#"{"add":["every:1s"],"replce":true}"#, "'replce': unknown key; did you mean replace?"),
    (#"{"remve":"t"}"#, "'remve': unknown request; did you mean remove?"),
    (#"{"to":"t"}"#, "'to': unknown request; expected one of"),
    (#"{"remove":1}"#, "'remove': expected a text"), (#"{"remove":null}"#, "'remove': expected a text"),
    (#"{"remove":""}"#, "'remove': expected a text that is not empty"),
    (#"{"list":1}"#, "'list': expected true"),
    (#"{"list":false}"#, "'list': expected true"), (#"{"add":"every:1s"}"#, "'add': expected the words"),
    (#"{"add":[]}"#, "'add': expected the words"),
    (#"{"add":["every:1s",1]}"#, "'add': expected the words"),
    (#"{"add":["every:1s"],"replace":1}"#, "'replace': expected true or false"),
    (#"{"exit":256}"#, "'exit': expected a status"), (#"{"exit":-1}"#, "'exit': expected a status"),
    (#"{"exit":0.0}"#, "'exit': expected a status"), (#"{"exit":true}"#, "'exit': expected a status"),
    (#"{"exit":99999999999999999999}"#, "no JSON: column"), (#"{"exit":0,"id":1e999}"#, "no JSON: column"),
    (#"{"send":"x"}"#, "'to': expected the number of a connection or the name of a source"),
    (#"{"send":"x","to":0}"#, "'to': expected"), (#"{"send":"x","to":1.5}"#, "'to': expected"),
    (#"{"send":"x","to":5}"#, "no connection has the number 5"),
    (#"{"close":"x"}"#, "no source has the name 'x'"),
    (#"{"send_base64":"@@@@","to":1}"#, "'send_base64': expected bytes in base64"),
    (#"{"send_base64":"YQ","to":1}"#, "'send_base64': expected bytes in base64"),
    (#"{"send_base64":"YR==","to":1}"#, "'send_base64': expected bytes in base64"),
    (#"{"trigger":"t","data":"a","data_base64":"YQ=="}"#, "'data_base64' has no effect beside 'data'"),
    (#"{"remove":"\u0000"}"#, "no JSON: column"), (#"{"remove":"\ud800"}"#, "no JSON: column"),
  ]

  static let deep: [(String, String)] = [
    (String(repeating: "[", count: 100_000), "nested more than 64 deep"),
    (#"{"list":true,"id":"# + String(repeating: #"{"a":"#, count: 70), "nested more than 64 deep"),
  ]

  private static func inName(_ bytes: [UInt8]) -> [UInt8] {
    Array(#"{"remove":""#.utf8) + bytes + Array(#""}"#.utf8)
  }

  static let bytes: [([UInt8], String)] = [
    ([0], "no JSON"),
    (Array("{\"list\":true}\u{0}".utf8), "no JSON"),
    (inName([0xFF, 0xFE]), "no JSON"),
    (inName([0xC0, 0x80]), "no JSON"),
    (inName([0xED, 0xA0, 0x80]), "no JSON"),
    ([0xEF, 0xBB, 0xBF] + Array(#"{"list":true}"#.utf8), "no JSON"),
    (Array(repeating: 0x20, count: (1 << 20) + 1), "longer than 1048576 bytes"),
    (Array(repeating: 0x78, count: 3_000_000), "longer than 1048576 bytes"),
  ]

  static let malformed: [([UInt8], String)] =
    (texts + deep).map { (text, reason) in (Array(text.utf8), reason) } + bytes

  @Test func `each is answered with an error and changes nothing`() throws {
    let upon = try Shell.start("exec upon --control stdin every:1h name=t every:2h name=u")
    var input: [UInt8] = []
    for (line, _) in Self.malformed { input += line + [10] }
    upon.send(input + Array(#"{"list":true,"id":"end"}"#.utf8) + [10])
    #expect(upon.wait { upon.replies.contains { $0.text("id") == "end" } })
    let replies = upon.replies
    try #require(replies.count == Self.malformed.count + 1, "\(replies)")
    for (reply, (line, reason)) in zip(replies, Self.malformed) {
      #expect(!reply.isOK && reply.error.hasPrefix(reason), "\(line.prefix(60).map { $0 }): \(reply)")
    }
    #expect(replies.last?.list("sources").map { $0["name"] as? String } == ["t", "u"])
    upon.closeInput()
    #expect(upon.finish().status == .exited(0))
  }

  @Test func `a request of one megabyte is carried out`() throws {
    let upon = try Shell.start("exec upon --control stdin -q")
    let text = String(repeating: "x", count: (1 << 20) - 60)
    #expect(upon.ask(#"{"add":["every:1h","name=\#(text)"],"id":"a"}"#, id: "a")?.isOK ?? false)
    #expect(upon.ask(#"{"remove":"\#(text)","id":"b"}"#, id: "b")?.isOK ?? false)
    upon.closeInput()
    #expect(upon.finish().status == .exited(0))
  }

  /// Whatever comes, upon neither ends nor stops answering.
  @Test func `noise is answered`() throws {
    let upon = try Shell.start("exec upon --control stdin every:1h name=t")
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "{", "}", "[", "]", "\"", "\\", ":", ",", "list", "true", "1", "e9", "\\u12", "\u{1}", "ü", "add", " ",
    ]
    var count = 0
    for _ in 0..<500 {
      let line = (0..<Int.random(in: 1...12, using: &random)).map { _ in pieces.randomElement(using: &random)!
      }
      upon.send(line.joined() + "\n")
      // A line of blanks asks for nothing.
      if line.contains(where: { $0 != " " }) { count += 1 }
    }
    #expect(upon.ask(#"{"list":true,"id":"end"}"#, id: "end")?.list("sources").count == 1)
    #expect(upon.replies.count == count + 1)
    upon.closeInput()
    #expect(upon.finish().status == .exited(0))
  }
}
