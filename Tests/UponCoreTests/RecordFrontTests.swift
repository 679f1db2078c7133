import Testing

@testable import UponCore

@Suite struct RecordFrontTests {
  private static func text(_ front: inout RecordFront, _ event: Event, _ label: Label) -> String {
    var queue = ByteQueue()
    front.write(event, label, to: &queue)
    return String(decoding: queue.bytes, as: UTF8.self)
  }

  private static func expected(_ seq: UInt64, _ second: Int, _ name: String, _ count: UInt64) -> String {
    "{\"seq\":\(seq),\"time\":\"1970-01-01T00:00:0\(second).000000Z\",\"name\":\"\(name)\",\"kind\":\"every\","
      + "\"event\":\"tick\",\"count\":\(count)"
  }

  /// The text of the last record is used again, so every number of digits and every carry has its turn.
  @Test func `counts on through every carry`() {
    var front = RecordFront()
    let label = Label(name: Array("a".utf8), kind: "every", event: "tick")
    let event = Event()
    for seq in (1...1_010 as ClosedRange<UInt64>).map({ $0 }) + [9_998, 9_999, 10_000, 10_001, 7, 8] {
      event.begin(0, at: WallTime())
      event.seq = seq
      let text = Self.text(&front, event, label)
      #expect(text == Self.expected(seq, 0, "a", 1))
    }
  }

  @Test func `takes over each thing that changes`() {
    var front = RecordFront()
    var seq: UInt64 = 0
    let event = Event()
    for name in ["a", "b", "a"] {
      let label = Label(name: Array(name.utf8), kind: "every", event: "tick")
      for second in [1, 1, 2, 1] {
        for count in [1, 1, 3, 1] as [UInt64] {
          seq += 1
          event.begin(0, at: WallTime(seconds: Int64(second), microseconds: 0), count: count)
          event.seq = seq
          let text = Self.text(&front, event, label)
          #expect(text == Self.expected(seq, second, name, count))
        }
      }
    }
  }
}
