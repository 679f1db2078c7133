import Testing

@testable import UponCore

@Suite struct EventTests {
  static func record(_ event: Event, _ format: RecordFormat = .json) -> String {
    var queue = ByteQueue()
    var text = RecordText()
    text.write(event, Label(name: Array("a\"b".utf8), kind: "fd", event: "line"), as: format, to: &queue)
    return String(decoding: queue.bytes, as: UTF8.self)
  }

  static func filled(_ bytes: UnsafeRawBufferPointer, lineEnd: Int) -> Event {
    let event = Event()
    event.begin(0, at: WallTime(seconds: 1, microseconds: 5), count: 3)
    event.seq = 7
    event.add("conn", .uint(.max))
    event.add("signed", .int(.min))
    event.add("yes", .bool(true))
    event.add("word", .text("plain"))
    event.add(data: UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - lineEnd)]), lineEnd: lineEnd)
    event.add("partial", .bool(false))
    return event
  }

  static let json = #"""
    {"seq":7,"time":"1970-01-01T00:00:01.000005Z","name":"a\"b","kind":"fd","event":"line","count":3,"conn":18446744073709551615,"signed":-9223372036854775808,"yes":true,"word":"plain","data":"a\tb\\","partial":false}

    """#

  @Test func `is written field by field in its order`() {
    Array("a\tb\\\r\n".utf8).withUnsafeBytes { bytes in
      let event = Self.filled(bytes, lineEnd: 2)
      #expect(Self.record(event) == Self.json)
      #expect(Self.record(event, .tsv) == "a\"b\tline\ta\\tb\\\\\n")
      #expect(Self.record(event, .data) == "a\tb\\\r\n")
    }
  }

  private static func record(_ event: Event, _ format: RecordFormat, _ fields: [String]) -> String {
    var queue = ByteQueue()
    var text = RecordText()
    let label = Label(name: Array("a\"b".utf8), kind: "fd", event: "line")
    text.write(event, label, as: format, fields: FieldSelection(fields), to: &queue)
    return String(decoding: queue.bytes, as: UTF8.self)
  }

  @Test func `the fields that were asked for are written in their order`() {
    Array("a\tb\\\r\n".utf8).withUnsafeBytes { bytes in
      let event = Self.filled(bytes, lineEnd: 2)
      #expect(Self.record(event, .json, ["data", "nosuch", "seq"]) == #"{"data":"a\tb\\","seq":7}"# + "\n")
      #expect(Self.record(event, .json, ["nosuch"]) == "{}\n")
      #expect(
        Self.record(event, .json, ["name", "time", "kind", "event", "count", "yes", "word"])
          == #"{"name":"a\"b","time":"1970-01-01T00:00:01.000005Z","kind":"fd","event":"line","count":3,"yes":true,"word":"plain"}"#
          + "\n")
      #expect(
        Self.record(event, .tsv, ["time", "data", "nosuch", "conn"])
          == "1970-01-01T00:00:01.000005Z\ta\\tb\\\\\t\t18446744073709551615\n")
    }
  }

  @Test func `bytes that are no text have a field of their own`() {
    ([UInt8(ascii: "a"), 0xFF, 10] as [UInt8]).withUnsafeBytes { bytes in
      let event = Self.filled(bytes, lineEnd: 1)
      #expect(
        Self.record(event, .json, ["data_base64", "data"]) == #"{"data_base64":"Yf8=","data":"a\#u{FFFD}"}"#
          + "\n")
      #expect(Self.record(event, .tsv, ["data_base64"]) == "Yf8=\n")
    }
    Array("ab\n".utf8).withUnsafeBytes { bytes in
      #expect(Self.record(Self.filled(bytes, lineEnd: 1), .tsv, ["data_base64", "seq"]) == "\t7\n")
    }
  }

  @Test func `an event without data has its path or status in the third column`() {
    let event = Event()
    event.begin(0, at: WallTime())
    event.add("pid", .int(9))
    event.add("status", .int(3))
    #expect(Self.record(event, .tsv) == "a\"b\tline\t3\n")
    Array("x\ty".utf8).withUnsafeBytes { event.add("path", .bytes($0)) }
    #expect(event.fieldCount == 3)
  }

  @Test func `the text for people has columns as wide as what came before`() {
    var queue = ByteQueue()
    var text = RecordText()
    let event = Event()
    for name in ["stdin", "x", "a longer name"] {
      event.begin(0, at: WallTime(seconds: 1, microseconds: 7_000))
      event.add("word", .text("plain"))
      Array("two words".utf8).withUnsafeBytes { bytes in
        event.add("data", .bytes(bytes))
        text.write(event, Label(name: Array(name.utf8), kind: "fd", event: "line"), as: .text, to: &queue)
      }
    }
    let lines = String(decoding: queue.bytes, as: UTF8.self).split(separator: "\n").map {
      String($0.dropFirst(19))
    }
    #expect(
      lines == [
        ".007  stdin  line  word=plain  data=\"two words\"",
        ".007  x      line  word=plain  data=\"two words\"",
        ".007  a longer name  line  word=plain  data=\"two words\"",
      ])
  }

  @Test func `a copy keeps its bytes when the others are gone`() {
    let copy = Event()
    for _ in 0..<3 {
      var bytes = Array("a\tb\\\r\n".utf8)
      bytes.withUnsafeMutableBytes { bytes in
        copy.copy(of: Self.filled(UnsafeRawBufferPointer(bytes), lineEnd: 2))
        for place in bytes.indices { bytes[place] = 0 }
      }
      #expect(Self.record(copy) == Self.json)
      #expect(copy.payload.map { $0.elementsEqual("a\tb\\\r\n".utf8) } == true)
      #expect(copy.data.map { $0.elementsEqual("a\tb\\".utf8) } == true)
    }
  }

  @Test func `without data it is nothing as data and an empty column`() {
    let event = Event()
    event.begin(0, at: WallTime())
    #expect(Self.record(event, .data) == "")
    #expect(Self.record(event, .tsv) == "a\"b\tline\t\n")
  }

  @Test func `bytes that are no text have a companion`() {
    ([0x61, 0xFF] as [UInt8]).withUnsafeBytes { bytes in
      let event = Event()
      event.begin(0, at: WallTime())
      event.add(data: bytes, lineEnd: 0)
      event.add("partial", .bool(true))
      #expect(
        Self.record(event).hasSuffix("\"data\":\"a\u{FFFD}\",\"data_base64\":\"Yf8=\",\"partial\":true}\n"))
    }
  }
}
