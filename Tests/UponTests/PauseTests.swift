import Glibc
import Testing

/// Sources that rest by request: what holds them beside, and how they go on.
@Suite struct PauseTests {
  @Test func `a pause holds though a command that held the source has ended`() throws {
    let upon = try Shell.start(
      """
      mkfifo in go; exec upon --control stdin fd:3 name=in do 'read x <go; echo ran $UPON_DATA' \
      every:20ms name=t 3<>in 4<>go
      """)
    #expect(upon.wait(forRecords: 1))
    _ = try Shell.run("printf '1\\n2\\n' >in", directory: upon.directory)
    // The first runs, and the second waits in line and holds the source.
    #expect(upon.ask(#"{"list":true,"id":"l1"}"#, id: "l1") != nil)
    #expect(upon.wait { self.state(of: "in", upon) == "held" })
    #expect(upon.ask(#"{"pause":"in","id":"p"}"#, id: "p")?.isOK ?? false)
    for number in 1...2 {
      _ = try Shell.run("echo >go", directory: upon.directory)
      #expect(upon.wait(for: "ran \(number)\n") != nil)
    }
    _ = try Shell.run("echo 3 >in; echo >go", directory: upon.directory)
    let ticks = upon.records.count { $0.event == "tick" }
    #expect(upon.wait { upon.records.count { $0.event == "tick" } >= ticks + 10 })
    #expect(state(of: "in", upon) == "paused")
    #expect(!upon.output.text.contains("ran 3"))
    upon.send(#"{"resume":"in"}"# + "\n")
    #expect(upon.wait(for: "ran 3\n") != nil)
    upon.closeInput()
    #expect(upon.finish().lines.filter { $0.hasPrefix("ran") } == ["ran 1", "ran 2", "ran 3"])
  }

  /// What a list says of a source; asked anew each time.
  private func state(of name: String, _ upon: Running) -> String? {
    let id = "s\(upon.replies.count)"
    let list = upon.ask(#"{"list":true,"id":"\#(id)"}"#, id: id)?.list("sources") ?? []
    return list.first { $0["name"] as? String == name }?["state"] as? String
  }

  /// Real-time signals are queued by the kernel one by one, so that the number is exact.
  @Test func `count tells how many signals came in a pause`() throws {
    let upon = try Shell.start(
      "exec upon --control stdin signal:RTMIN+1,RTMIN+2 name=s")
    #expect(upon.ask(#"{"pause":"s","id":"p"}"#, id: "p")?.isOK ?? false)
    for _ in 1...5 { upon.raise(35) }
    for _ in 1...3 { upon.raise(36) }
    #expect(upon.ask(#"{"list":true,"id":"l"}"#, id: "l")?.list("sources").first?["events"] as? Int == 0)
    upon.send(#"{"resume":"s"}"# + "\n")
    let signals = { upon.records.filter { $0.event == "signal" } }
    #expect(upon.wait { signals().count == 2 })
    #expect(signals().map(\.count) == [5, 3])
    #expect(signals().map { $0.text("signal") } == ["RTMIN+1", "RTMIN+2"])
    // What was kept is told once: a second pause has only what comes in it.
    #expect(upon.ask(#"{"pause":"s","id":"q"}"#, id: "q")?.isOK ?? false)
    upon.raise(35)
    upon.send(#"{"resume":"s"}"# + "\n")
    #expect(upon.wait { signals().count == 3 })
    #expect(signals().last?.count == 1)
    upon.closeInput()
    #expect(upon.finish().status == .exited(0))
  }

  @Test func `after resume the next tick lies on the grid, and what passed is missed`() throws {
    let window = try TimeWindow()
    let upon = try Shell.start("exec upon --control stdin every:400ms now name=t")
    let ticks = { upon.records.filter { $0.event == "tick" } }
    #expect(upon.wait { ticks().count == 2 })
    #expect(upon.ask(#"{"pause":"t","id":"p"}"#, id: "p")?.isOK ?? false)
    // It goes on half way between two points of the grid.
    upon.pass(.milliseconds(1000))
    #expect(upon.ask(#"{"resume":"t","id":"r"}"#, id: "r")?.isOK ?? false)
    let resumed = ContinuousClock.now
    let before = ticks().count
    #expect(upon.wait { ticks().count > before })
    try window.expect(ContinuousClock.now - resumed, in: .zero ... .milliseconds(300))
    #expect(upon.wait { ticks().count >= before + 2 })
    upon.closeInput()
    let run = upon.finish()
    let all = run.records.filter { $0.event == "tick" }
    let origin = try #require(all.first?.moment) - .microseconds(all[0].number("late_us"))
    var last = -1
    for tick in all {
      #expect(tick.number("number") == last + 1 + tick.number("missed"), "\(run)")
      last = tick.number("number")
      // When it was due, on the clock of the records: what is late is in the record.
      let due = try #require(tick.moment) - origin - .microseconds(tick.number("late_us"))
      let off = due - .milliseconds(400) * last
      #expect(off > .milliseconds(-50) && off < .milliseconds(50), "tick \(last): \(off): \(run)")
    }
    #expect(all.count { $0.number("missed") >= 2 } == 1, "\(run)")
  }

  @Test func `replacing a paused listener lets its clients go on`() throws {
    let run = try Controlled.run(
      """
      c = Client()
      a = connect("web")
      until(lambda: c.connections())
      c.ok(pause="unix-listen:web")
      a.sendall(b"one\\n")
      assert c.source("unix-listen:web")["state"] == "paused"
      c.ok(add=["unix-listen:web", "on=line,close"], replace=True)
      assert c.source("unix-listen:web")["state"] == "armed"
      until(lambda: c.source("unix-listen:web")["events"] == 1)
      a.sendall(b"two\\n")
      until(lambda: c.source("unix-listen:web")["events"] == 2)
      b = connect("web"); b.sendall(b"three\\n"); b.close(); a.close()
      until(lambda: not c.connections())
      until(lambda: c.source("unix-listen:web")["events"] == 5)
      c.send(exit=0)
      """, "unix-listen:web on=line,close")
    #expect(run.lines.last == "0 0", "\(run)")
    #expect(
      run.records.amounts { $0.event + $0.data } == ["lineone": 1, "linetwo": 1, "linethree": 1, "close": 2])
    #expect(run.records.filter { $0.event == "line" }.map { $0.number("conn") } == [1, 1, 2], "\(run)")
  }
}
