import Glibc
import Testing

/// `every`, `after`, and the settings that count time.
@Suite(.everyBackend) struct TimerTests {
  @Test func `ticks lie on the grid, in order and never early`() throws {
    let run = try Shell.run("upon every:5ms now limit=50")
    #expect(run.records.first?.number("number") == 0)
    var last = -1
    for record in run.records {
      #expect(record.number("late_us") >= 0)
      #expect(record.number("number") == last + 1 + record.number("missed"))
      last = record.number("number")
    }
    #expect(run.records.count == 50)
    #expect(run.duration >= .milliseconds(5 * last))
  }

  @Test func `a tick has jitter of at most what was asked for`() throws {
    let run = try Shell.run("upon every:20ms jitter=10ms limit=10")
    #expect(run.records.count == 10)
    #expect(run.records.allSatisfy { $0.number("late_us") >= 0 })
  }

  @Test func `after fires once and never early, also at once`() throws {
    let run = try Shell.run("upon after:0 after:100ms after:50ms after:0.05 name=x -o tsv")
    #expect(run.lines.first == "after:0\ttimeout\t")
    #expect(run.lines.last == "after:100ms\ttimeout\t")
    #expect(run.duration >= .milliseconds(100))
    #expect(try Shell.run("upon after:0").records.first?.number("late_us") ?? -1 >= 0)
  }

  @Test func `what passed while upon was stopped is one record`() throws {
    let upon = try Shell.start("exec upon every:20ms")
    #expect(upon.wait { upon.records.count >= 2 })
    upon.raise(SIGSTOP)
    let clock = ContinuousClock()
    let until = clock.now + .milliseconds(300)
    #expect(upon.wait { clock.now > until })
    let before = upon.records.count
    upon.raise(SIGCONT)
    #expect(upon.wait { upon.records.count > before + 2 })
    #expect(upon.records.filter { $0.number("missed") >= 9 }.count == 1)
    var last = 0
    for record in upon.records {
      #expect(record.number("number") == last + 1 + record.number("missed"))
      last = record.number("number")
    }
  }

  @Test func `debounce delivers the last of a burst, and what is pending at the end`() throws {
    let run = try Shell.run("seq 1 5 | upon stdin debounce=1h | jq -c '[.data,.count]'")
    #expect(run.text == "[\"5\",5]\n")
    let upon = try Shell.start("exec upon -1 stdin debounce=100ms")
    upon.send("a\nb\n")
    let record = try #require(upon.finish().records.first)
    #expect(record.data == "b" && record.count == 2)
  }

  @Test func `a burst without end is delivered after its maximum`() throws {
    let run = try Shell.run("upon every:10ms debounce=100ms,200ms limit=1", within: .seconds(10))
    #expect(run.records.count == 1)
    #expect(run.records.first?.count ?? 0 > 2)
    #expect(run.duration >= .milliseconds(200))
  }

  @Test func `throttle delivers the first at once and then the last`() throws {
    let run = try Shell.run("seq 1 5 | upon stdin throttle=1h | jq -c '[.data,.count]'")
    #expect(run.text == "[\"1\",1]\n[\"5\",4]\n")
  }
}
