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

  /// How far a tick is from its grid is jitter and what the loop was late, of which the record tells the latter.
  @Test func `jitter spreads ticks over 0 to D`() throws {
    let run = try Shell.run("upon every:50ms now jitter=50ms limit=42")
    #expect(run.records.count == 42)
    let origin = try #require(run.records.first?.moment) - .microseconds(run.records[0].number("late_us"))
    let jitters = try run.records.dropFirst().filter { $0.number("missed") == 0 }.map { tick in
      let due = try #require(tick.moment) - origin - .microseconds(tick.number("late_us"))
      return due - .milliseconds(50) * tick.number("number")
    }.sorted()
    try #require(jitters.count > 30, "\(jitters)")
    // The clock of a record is read a little behind the timer's, and now and then the machine is away between them.
    let (least, most) = (jitters[2], jitters[jitters.count - 3])
    #expect(least >= .milliseconds(-15) && most <= .milliseconds(65), "\(jitters)")
    #expect(most - least >= .milliseconds(25), "\(jitters)")
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

  @Test func `throttle delivers the first at once and then the last`() throws {
    let run = try Shell.run("seq 1 5 | upon stdin throttle=1h | jq -c '[.data,.count]'")
    #expect(run.text == "[\"1\",1]\n[\"5\",4]\n")
  }
}
