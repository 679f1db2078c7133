import Testing

@testable import UponCore

/// Records of bytes, whichever way the bytes come and wherever they lie.
@Suite struct FramingTests {
  /// Frames bytes that come in pieces; `rest` is what becomes of what is left at the end.
  private func records(
    _ text: String, _ form: Framing.Form = .delimited(by: 10), longest: Int = 100, pieces: Int = 1000,
    rest: Framing.Remainder = .record
  ) -> [String] {
    let framing = Framing(form: form, longest: longest)
    var found: [String] = []
    var kept: [UInt8] = []
    var search = Framing.Search()
    func frame(_ remainder: Framing.Remainder) {
      kept.withUnsafeBytes { bytes in
        var start = 0
        while start < bytes.count,
          let record = framing.next(in: bytes.baseAddress! + start, bytes.count - start, &search, remainder)
        {
          let data = String(decoding: bytes[start..<(start + record.length)], as: UTF8.self)
          found.append(data + (record.extent == .part ? "…" : record.extent == .lastPart ? "." : ""))
          start += record.total
          search.consume(record.total)
        }
        kept = Array(bytes[start...])
      }
    }
    var left = Array(text.utf8)[...]
    while !left.isEmpty {
      kept += left.prefix(pieces)
      left = left.dropFirst(pieces)
      frame(.waits)
    }
    frame(rest)
    return found
  }

  @Test(arguments: [1, 2, 3, 7, 1000]) func `lines are the same however they come`(_ pieces: Int) {
    #expect(records("one\ntwo\r\n\n\r\nlast", pieces: pieces) == ["one", "two", "", "", "last"])
    // A CR that no newline follows is data.
    #expect(records("a\rb\n\r", pieces: pieces) == ["a\rb", "\r"])
    #expect(records("x\0y\r\0", .delimited(by: 0), pieces: pieces) == ["x", "y\r"])
  }

  @Test(arguments: [1, 2, 3, 5, 1000]) func `a long line comes in parts, at the exact edge whole`(
    _ pieces: Int
  ) {
    #expect(records("12345\n12345\r\n", longest: 5, pieces: pieces) == ["12345", "12345"])
    #expect(records("123456\n", longest: 5, pieces: pieces) == ["12345…", "6."])
    #expect(records("12345678901\r\nx\n", longest: 5, pieces: pieces) == ["12345…", "67890…", "1.", "x"])
    #expect(records("1234567890\nx\n", longest: 5, pieces: pieces) == ["12345…", "67890.", "x"])
    #expect(records("1234567890\r\n\nx", longest: 5, pieces: pieces) == ["12345…", "67890.", "", "x"])
    #expect(records("123456", longest: 5, pieces: pieces) == ["12345…", "6."])
    #expect(records("1234567890", longest: 5, pieces: pieces) == ["12345…", "67890."])
    #expect(records("12345\r", longest: 5, pieces: pieces) == ["12345…", "\r."])
    #expect(records("1234567\0x\0", .delimited(by: 0), longest: 5, pieces: pieces) == ["12345…", "67.", "x"])
  }

  @Test func `what is left is a record at the end, and a part where it cannot be waited for`() {
    #expect(records("a\nb", rest: .record) == ["a", "b"])
    #expect(records("a\nb", rest: .part) == ["a", "b…"])
    #expect(records("a\nb", rest: .waits) == ["a"])
    #expect(records("a\n1234567", longest: 5, rest: .record) == ["a", "12345…", "67."])
    #expect(records("a\n1234567", longest: 5, rest: .part) == ["a", "12345…", "67…"])
  }

  @Test func `chunks are bytes as they came, at most so many`() {
    #expect(records("abcdefg", .chunk, longest: 3) == ["abc", "def", "g"])
    #expect(records("abcdefg", .chunk, longest: 100, pieces: 2) == ["ab", "cd", "ef", "g"])
  }

  @Test func `no more is taken than the records that are wanted`() {
    let lines = Framing(form: .delimited(by: 10), longest: 5)
    func wanted(_ text: String, _ records: Int, behind: Int = 0, isAll: Bool = false) -> Int {
      Array(text.utf8).withUnsafeBytes {
        lines.wanted(of: $0, behind: behind, atMost: records, isAll: { isAll })
      }
    }
    #expect(wanted("a\nb\nc\n", 1) == 2)
    #expect(wanted("a\nb\nc\n", 2) == 4)
    #expect(wanted("a\nb\nc", .max) == 4)
    #expect(wanted("abc", 1) == 0)
    #expect(wanted("abc", 1, isAll: true) == 3)
    #expect(wanted("abcdef", 1) == 6)
    #expect(wanted("abc", 1, behind: 3) == 3)
    #expect(wanted("abcdefghij", 1) == 7)
  }
}
