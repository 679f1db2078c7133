import Testing

/// What decides the end, where several things could.
@Suite(.everyBackend) struct DecidingTests {
  @Test(arguments: [
    ("echo a | upon -q stdin exit=3 stdin exit=4", 3), ("echo a | upon -q stdin exit=4 stdin exit=3", 4),
    // The timers are due in one turn, in this order.
    ("upon -q every:1h now exit=5 every:2h now exit=6 every:3h now exit=7", 5),
    ("upon -q every:1h now exit=7 every:2h now exit=6 every:3h now exit=5", 7),
    ("printf 'a\\nb\\n' | upon -q stdin match=b exit=3 stdin match=a exit=4", 4),
  ])
  func `of two causes of one strength the first decides`(_ script: String, _ status: Int32) throws {
    let run = try Shell.run(script)
    #expect(run.status == .exited(status), "\(run)")
  }

  @Test func `a wait for all does not count a source that ends upon`() throws {
    let idle = try Shell.run("upon -a -o tsv after:50ms signal:USR1 exit=9")
    #expect(idle.lines == ["after:50ms\ttimeout\t"], "\(idle)")
    #expect(idle.status == .exited(0))
    // Nor does it stand for one of the others when it has fired.
    let fired = try Shell.run(
      "(echo a; exec sleep 10) | upon -a -o tsv stdin exit=end:9 after:150ms after:200ms")
    #expect(
      fired.lines == ["stdin\tline\ta", "after:150ms\ttimeout\t", "after:200ms\ttimeout\t"], "\(fired)")
    let ended = try Shell.run(
      "mkfifo f; upon -a -q signal:USR1 exit=7 stdin after:1h <>f & sleep 0.3; kill -USR1 $!; wait $!")
    #expect(ended.status == .exited(7), "\(ended)")
  }

  @Test func `a wait for all does not miss a source that ends upon, when it is over before it fired`() throws
  {
    let run = try Shell.run(": | upon -a -o tsv stdin exit=9 after:100ms; echo $?")
    #expect(run.lines == ["after:100ms\ttimeout\t", "0"], "\(run)")
  }

  @Test func `exit=line fires only for lines that match= lets through`() throws {
    for (settings, lines, status) in [
      ("match=b exit=line:5", "b\n", 5), ("match=x exit=line:5", "", 0),
      ("unmatch='[ab]' exit=line:5", "c\n", 5),
      ("unmatch='[abc]' exit=line:5", "", 0), ("match=b on=end exit=line:5", "", 5),
      ("match=x on=end exit=line:5", "", 0),
    ] {
      let run = try Shell.run("printf 'a\\nb\\nc\\n' | upon -o data stdin \(settings)")
      #expect(run.text == lines, "\(settings): \(run)")
      #expect(run.status == .exited(Int32(status)), "\(settings): \(run)")
    }
  }

  @Test func `removing the last source that is missing satisfies a wait for all`() throws {
    let upon = try Shell.start(
      "exec upon -a --control stdin after:1ms print signal:USR1 signal:USR2 -- echo all")
    #expect(upon.wait(forRecords: 1) { $0.event == "timeout" })
    #expect(upon.ask(#"{"remove":"signal:USR1","id":"1"}"#, id: "1")?.isOK ?? false)
    #expect(upon.ask(#"{"list":true,"id":"2"}"#, id: "2")?.list("sources").count == 1)
    upon.send(#"{"remove":"signal:USR2"}"# + "\n")
    #expect(upon.wait(for: "all\n") != nil)
    #expect(upon.wait { upon.isOver })
    #expect(upon.finish().status == .exited(0))
  }
}
