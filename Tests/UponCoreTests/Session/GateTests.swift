import EventLoop
import Testing

@testable import UponCore

/// Debounce, throttle and batch, to the nanosecond.
@Suite struct GateUnitTests {
  /// A gate whose events have a number as data, and what it has let through.
  private final class Held {
    let loop: EventLoop
    private var gate: Gate?
    private let event = Event()
    private(set) var delivered: [String] = []

    init(_ policy: Gate.Policy) throws {
      loop = try EventLoop(verbose: false, clock: ManualClock())
      gate = Gate(policy, loop: loop) { [unowned self] event in
        let data = event.data.map { String(decoding: $0, as: UTF8.self) } ?? "-"
        delivered.append("\(data)×\(event.count)")
      }
    }

    func take(_ text: String, event index: Int = 0, about subject: Person? = nil) {
      var bytes = Array("\(text)\n".utf8)
      bytes.withUnsafeMutableBytes {
        event.begin(index, at: .now, about: subject)
        event.add(data: UnsafeRawBufferPointer(rebasing: $0[..<($0.count - 1)]), lineEnd: 1)
        gate?.take(event)
      }
    }

    func takeBare() {
      event.begin(0, at: .now)
      gate?.take(event)
    }

    func advance(_ nanoseconds: Int64) { loop.advance(by: nanoseconds) }
    func release(_ subject: UInt64) { gate?.release(subject) }
    func releaseAll() { gate?.releaseAll() }
    var isHolding: Bool { gate?.isHolding ?? false }
  }

  private final class Person: Subject {
    let key: UInt64
    init(_ key: UInt64) { self.key = key }
    func reply(onFailure: @escaping (Int32) -> Void) -> Reply? { nil }
  }

  @Test func `debounce keeps the last until it has been quiet, each burst anew`() throws {
    let held = try Held(.debounce(100, limit: nil))
    for burst in 1...2 {
      held.take("a")
      held.advance(99)
      held.take("b")
      held.advance(99)
      #expect(held.delivered.count == burst - 1)
      held.advance(1)
      #expect(held.delivered.count == burst)
    }
    #expect(held.delivered == ["b×2", "b×2"])
    #expect(!held.isHolding)
  }

  @Test func `debounce waits no longer than its limit after the first of a burst`() throws {
    let held = try Held(.debounce(100, limit: 250))
    for time in 1...5 {
      held.take("\(time)")
      held.advance(50)
    }
    #expect(held.delivered == ["5×5"])
    for time in 6...9 {
      held.take("\(time)")
      held.advance(50)
    }
    #expect(held.delivered == ["5×5"], "the limit counts from the first of the new burst")
    held.advance(50)
    #expect(held.delivered == ["5×5", "9×4"])
  }

  @Test func `throttle lets one through in each span, span after span`() throws {
    let held = try Held(.throttle(100))
    for time in 0..<10 {
      held.take("\(time)")
      held.advance(30)
    }
    // At 0, 100, 200 and 300.
    #expect(held.delivered == ["0×1", "3×3", "6×3", "9×3"])
    held.advance(99)
    held.take("x")
    #expect(held.delivered.count == 4)
    held.advance(1)
    #expect(held.delivered.last == "x×1")
    held.advance(100)
    held.take("y")
    #expect(held.delivered.last == "y×1", "a span without an event opens the gate again")
  }

  @Test func `a batch has the bytes of all, after quiet or at its limit`() throws {
    let held = try Held(.batch(100, limit: 250))
    held.take("a")
    held.advance(99)
    held.take("b")
    held.advance(99)
    #expect(held.delivered == [])
    held.advance(1)
    #expect(held.delivered == ["a\nb×2"])
    for time in 1...5 {
      held.take("\(time)")
      held.advance(50)
    }
    #expect(held.delivered == ["a\nb×2", "1\n2\n3\n4\n5×5"])
  }

  @Test func `another event, or one without bytes, delivers first what a batch holds`() throws {
    let held = try Held(.batch(100, limit: 1000))
    held.take("a")
    held.take("b", event: 1)
    #expect(held.delivered == ["a×1"])
    held.takeBare()
    #expect(held.delivered == ["a×1", "b×1", "-×1"])
    held.advance(1000)
    #expect(held.delivered.count == 3)
  }

  @Test func `events about one do not stand for those about another`() throws {
    let held = try Held(.debounce(100, limit: nil))
    let (bob, eve) = (Person(1), Person(2))
    held.take("b", about: bob)
    held.advance(1)
    held.take("e", about: eve)
    held.take("E", about: eve)
    held.release(2)
    #expect(held.delivered == ["E×2"])
    #expect(held.isHolding)
    held.take("e again", about: eve)
    held.releaseAll()
    #expect(held.delivered == ["E×2", "b×1", "e again×1"], "in the order in which they began")
    #expect(!held.isHolding)
    held.advance(1000)
    #expect(held.delivered.count == 3)
  }
}

extension Interval: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { self.init(nanoseconds: value) }
}
