import Testing

@testable import UponCore

/// The line of events that wait for a command.
@Suite struct WaitingLineTests {
  /// A port that counts its holds.
  private final class CountingPort: Port {
    var holds = 0

    init(_ name: String) {
      super.init(name: Array(name.utf8), kind: .start, plan: StartPlan())
    }

    override func hold(_ reason: Hold) { holds += 1 }
    override func release(_ reason: Hold) { holds -= 1 }
  }

  private func event(_ number: Int) -> Event {
    let event = Event()
    event.begin(0, at: .now)
    event.add("number", .int(Int64(number)))
    return event
  }

  private func number(_ item: WaitingLine.Item) -> Int {
    if case .int(let number) = item.event[0].value { Int(number) } else { -1 }
  }

  @Test func `what waits leaves in its order, however far it has been taken`() {
    let port = CountingPort("a")
    var line = WaitingLine()
    var next = 0
    var expected = 0
    for round in 0..<200 {
      for _ in 0..<(round % 7) where line.count < WaitingLine.limit {
        line.append(event(next), port, holdsPort: false)
        next += 1
      }
      for _ in 0..<(round % 5) where !line.isEmpty {
        #expect(number(line.takeFirst()) == expected)
        expected += 1
      }
      #expect(line.count == next - expected)
    }
    while !line.isEmpty {
      #expect(number(line.takeFirst()) == expected)
      expected += 1
    }
    #expect(expected == next)
  }

  @Test func `a thousand wait, and the next stands for the last of its source`() {
    let (port, other) = (CountingPort("a"), CountingPort("b"))
    var line = WaitingLine()
    line.append(event(-5), other, holdsPort: false)
    for number in 1..<WaitingLine.limit { line.append(event(number), port, holdsPort: false) }
    #expect(line.count == WaitingLine.limit)
    #expect(line.merged == 0)
    line.append(event(1001), port, holdsPort: false)
    line.append(event(1002), port, holdsPort: false)
    line.append(event(-6), other, holdsPort: false)
    #expect(line.count == WaitingLine.limit)
    #expect(line.merged == 3)
    var left: [Int] = []
    while !line.isEmpty { left.append(number(line.takeFirst())) }
    #expect(left == [-6] + Array(1..<(WaitingLine.limit - 1)) + [1002])
  }

  @Test func `a source that can be held is held once for each that waits`() {
    let port = CountingPort("a")
    var line = WaitingLine()
    for number in 0..<3 { line.append(event(number), port, holdsPort: true) }
    #expect(port.holds == 3)
    let dropped = line.clear(sparing: nil)
    #expect(dropped == 3)
    #expect(port.holds == 0)
    #expect(line.isEmpty)
    #expect(line.skipped == 3)
  }

  @Test func `one that is merged keeps its place and has the newest fields`() {
    let (port, other) = (CountingPort("a"), CountingPort("b"))
    var line = WaitingLine()
    line.append(event(1), port, holdsPort: false)
    line.append(event(2), other, holdsPort: false)
    for number in [3, 4] { line.merge(event(number), port, nil, with: { $0.port === port }) }
    #expect(line.count == 2)
    #expect(line.merged == 2)
    let first = line.takeFirst()
    #expect(number(first) == 4)
    #expect(first.event.count == 3)
    #expect(first.merged == 2)
    #expect(number(line.takeFirst()) == 2)
  }

  @Test func `a stop drops all but what the spared source has brought`() {
    let (port, spared) = (CountingPort("a"), CountingPort("b"))
    var line = WaitingLine()
    for number in 1...4 { line.append(event(number), number % 2 == 0 ? spared : port, holdsPort: false) }
    #expect(line.clear(sparing: spared) == 2)
    #expect(number(line.takeFirst()) == 2)
    #expect(number(line.takeFirst()) == 4)
    #expect(line.isEmpty)
  }

  @Test func `one that could not run is put back in front, also of an empty line`() {
    let port = CountingPort("a")
    var line = WaitingLine()
    line.append(event(1), port, holdsPort: false)
    line.append(event(2), port, holdsPort: false)
    line.putBack(line.takeFirst())
    #expect(line.count == 2)
    #expect(number(line.takeFirst()) == 1)
    let last = line.takeFirst()
    line.putBack(last)
    #expect(line.count == 1)
    #expect(number(line.takeFirst()) == 2)
  }

  @Test func `what went by is counted until the next run, and until the next report`() {
    var line = WaitingLine()
    let many = event(1)
    many.count = 5
    line.skip(many)
    #expect((line.skipped, line.skippedBeforeRun, line.skippedBeforeReport) == (5, 5, 5))
    line.runBegins()
    line.skip(event(2))
    #expect((line.skipped, line.skippedBeforeRun, line.skippedBeforeReport) == (6, 1, 6))
    line.reportIsWritten()
    line.runBegins()
    #expect((line.skipped, line.skippedBeforeRun, line.skippedBeforeReport) == (6, 0, 0))
  }
}
