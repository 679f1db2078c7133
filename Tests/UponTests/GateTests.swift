import Testing

/// debounce and throttle: what is held back, how long, and when it comes after all.
@Suite struct GateTests {
  @Test(arguments: ["debounce=1h", "throttle=1h"])
  func `what is held back of connections that are closed comes at the source's end`(gate: String) throws {
    let run = try Network().run(
      Network.servers + Network.clients + """
        serves upon tcp-listen:7000 on=close \(gate) limit=3 > out
        say 'a\\n'; say 'bb\\n'; say 'ccc\\n'; wait $listener; cat out
        """)
    #expect(run.records.map { $0.number("conn") } == [1, 2, 3], "\(run)")
    #expect(run.records.map { $0.number("bytes_in") } == [2, 3, 4], "\(run)")
    #expect(run.records.map(\.count) == [1, 1, 1])
  }

  @Test func `what is held back of closed connections comes when upon is told to end`() throws {
    let run = try Network().run(
      Network.servers + Network.clients + """
        serves upon -v tcp-listen:7000 on=close debounce=1h > out 2> log
        say 'a\\n'; say 'bb\\n'
        while [ "$(ss -Htn state all 'sport = :7000' | grep -vc LISTEN)" != 0 ]; do sleep 0.02; done
        test -s out && echo early
        kill $listener; wait $listener; echo $?; cat out
        """)
    #expect(run.lines.first == "143", "\(run)")
    #expect(run.records.map { $0.number("bytes_in") } == [2, 3], "\(run)")
  }

  /// The first of all comes at once, each other one a span after the one before.
  @Test func `throttle delivers at most one in each span, span after span`() throws {
    let window = try TimeWindow()
    let run = try Shell.run("upon every:10ms now throttle=150ms limit=7")
    let numbers = run.records.map { $0.number("number") }
    try #require(numbers.count == 7, "\(run)")
    #expect(numbers.first == 0)
    // A record stands for the ticks of its span, and has the number of the last of them.
    for (earlier, later) in zip(numbers, numbers.dropFirst()) { #expect(later - earlier >= 13, "\(run)") }
    try window.expect(run.duration, in: .milliseconds(6 * 150) ... .milliseconds(6 * 150 + 100), "\(run)")
  }

  @Test func `throttle lets the first after a silent span through at once`() throws {
    let upon = try Shell.start("exec upon stdin throttle=200ms")
    let window = try TimeWindow()
    for (place, line) in ["a", "b"].enumerated() {
      upon.pass(.milliseconds(place * 400))
      let began = ContinuousClock.now
      upon.send(line + "\n")
      #expect(upon.wait(forRecords: place + 1))
      try window.expect(ContinuousClock.now - began, in: .zero ... .milliseconds(100))
    }
    #expect(upon.finish().records.map(\.count) == [1, 1])
  }

  @Test func `debounce waits for its span of quiet, and for no more`() throws {
    let window = try TimeWindow()
    let upon = try Shell.start("exec upon stdin debounce=200ms every:1h now")
    #expect(upon.wait(forRecords: 1))
    upon.send("a\n")
    upon.pass(.milliseconds(100))
    let began = ContinuousClock.now
    upon.send("b\n")
    #expect(upon.wait(forRecords: 2))
    try window.expect(ContinuousClock.now - began, in: .milliseconds(199) ... .milliseconds(290))
    let record = try #require(upon.records.last)
    #expect(record.data == "b" && record.count == 2)
  }

  @Test func `a burst without end is delivered after its maximum, again and again`() throws {
    let window = try TimeWindow()
    let run = try Shell.run("upon every:10ms debounce=100ms,200ms limit=3")
    #expect(run.records.count == 3, "\(run)")
    // Each maximum begins with the first tick behind the delivery before.
    try window.expect(run.duration, in: .milliseconds(3 * 210) ... .milliseconds(3 * 210 + 100), "\(run)")
    #expect(run.records.map(\.count).reduce(0, +) <= (run.records.last?.number("number") ?? 0), "\(run)")
    #expect(run.records.allSatisfy { $0.count > 2 }, "\(run)")
  }
}
