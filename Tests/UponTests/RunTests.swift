import Testing

/// `run:`: the lines of a command, and its end.
@Suite(.everyBackend) struct RunTests {
  @Test func `its lines come in order, and the exit behind them`() throws {
    let run = try Shell.run("upon run:'echo a; echo b; printf c; exit 3'")
    #expect(run.records.map { $0.event } == ["line", "line", "line", "exit"], "\(run)")
    #expect(run.records.prefix(3).map { $0.data } == ["a", "b", "c"])
    #expect(run.records.last?.number("status") == 3)
    #expect(run.records.last.map { $0.number("pid") > 1 && $0.number("duration_us") > 0 } == true)
    #expect(run.status == .exited(123))
  }

  @Test func `with -1 its status is that of upon`() throws {
    #expect(try Shell.run("upon -q -1 run:'exit 0'").status == .exited(0))
    #expect(try Shell.run("upon -q -1 run:'echo a; exit 3'").status == .exited(3))
    #expect(try Shell.run("upon -q -1 run:'kill -9 $$'").status == .exited(137))
    #expect(try Shell.run("upon -q -1 -t 100ms run:'exec sleep 1000'").status == .exited(124))
  }

  @Test func `a match counts, and a run that ends without one leaves the wait unsatisfied`() throws {
    let run = try Shell.run("upon -1 run:'seq 3; exec sleep 1000' match=2")
    #expect(run.lines.first == "1" && run.records.first?.data == "2", "\(run)")
    #expect(run.status == .exited(0))
    #expect(try Shell.run("upon -q -1 run:'seq 3' match=7").status == .exited(1))
    #expect(try Shell.run("upon -q -1 run:'seq 3; exit 4' match=7").status == .exited(4))
  }

  @Test func `-a waits for the exit of each`() throws {
    let run = try Shell.run("upon -a run:'echo a; sleep 0.2' run:'exit 2' | jq -r .event | sort")
    #expect(run.lines == ["exit", "exit", "line"], "\(run)")
  }

  @Test func `twenty at once, and which failed`() throws {
    let run = try Shell.run(
      "set --; for i in $(seq 20); do set -- \"$@\" run:\"echo $i; exit $((i % 7 == 0))\" name=j$i; done; { upon -a \"$@\"; echo $? >status; } | jq -r 'select(.status==1).name' | sort; cat status"
    )
    #expect(run.lines == ["j14", "j7", "123"], "\(run)")
  }

  @Test func `what no rule takes goes through, in order`() throws {
    let run = try Shell.run(
      "upon -o data run:'seq 1000' match='^5..$' | sort -n | uniq | wc -l; upon run:'seq 3; echo e >&2' on=exit | tail -1 | jq .status"
    )
    #expect(run.lines.map(\.folded) == ["1000", "0"], "\(run)")
    #expect(run.errorText == "e\n")
  }

  @Test func `standard error goes through, or is an event`() throws {
    let both = try Shell.run("upon -o data run:'echo o; echo e >&2' on=+stderr | sort")
    #expect(both.lines == ["e", "o"], "\(both)")
    let named = try Shell.run("upon -o tsv run:'echo e >&2' name=r on=stderr")
    #expect(named.lines == ["r\tstderr\te"], "\(named)")
    #expect(named.errorText == "")
    #expect(try Shell.run("upon -q run:'echo e >&2'").errorText == "e\n")
  }

  @Test func `closing stops it, prints what it writes until then, and starts nothing`() throws {
    let run = try Shell.run(
      """
      upon -1 run:'trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.02; done' match=ready
      upon -n 1 run:'trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.02; done' on=line,exit do 'echo got $UPON_DATA'
      """)
    #expect(run.records.map { $0.event } == ["line", "exit"], "\(run)")
    #expect(run.records.last?.number("status") == 5)
    #expect(run.lines.filter { $0 == "bye" }.count == 2)
    #expect(run.lines.filter { $0.hasPrefix("got") } == ["got ready"])
  }

  /// Nobody can resume it then.
  @Test func `removed while it is paused it is stopped, and its exit is told`() throws {
    let upon = try Shell.start("exec upon --control stdin run:'echo up; exec sleep 1000' name=r after:1h")
    #expect(upon.wait(forRecords: 1) { $0.event == "line" })
    #expect(upon.ask(#"{"pause":"r","id":"1"}"#, id: "1")?.isOK ?? false)
    #expect(upon.ask(#"{"remove":"r","id":"2"}"#, id: "2")?.isOK ?? false)
    #expect(upon.wait(forRecords: 1) { $0.event == "exit" && $0.text("signal") == "TERM" })
    upon.send("{\"exit\":3,\"drain\":true}\n")
    #expect(upon.finish().status == .exited(3))
  }

  @Test func `what does not obey is killed after its grace, and nothing is left`() throws {
    let run = try Shell.run(
      "upon -1 run:'trap \"\" TERM; sleep 1000 & echo $!; wait' grace=50ms on=line -o tsv | cut -f3 | { read p; sleep 0.3; grep -qs \"^State:[^Z]*$\" /proc/$p/status && echo there || echo gone; }"
    )
    #expect(run.lines == ["gone"], "\(run)")
  }

  @Test func `its end is noticed though something it has started holds the pipe`() throws {
    let run = try Shell.start("exec upon run:'{ sleep 1; echo late; } & echo early; exit 3'")
    try #require(run.wait(for: "\"exit\"") != nil)
    #expect(!run.output.text.contains("late\""))
    let end = run.finish()
    #expect(end.records.map { $0.event } == ["line", "exit", "line"], "\(end)")
    #expect(end.records.last?.data == "late")
  }

  @Test func `restart begins again after a pause that doubles`() throws {
    let run = try Shell.run(
      "upon -n 4 run:'exit 1' restart retry=40ms,1s on=exit | jq -r .time | cut -c18-26")
    let times = run.lines.compactMap { Double($0) }
    try #require(times.count == 4, "\(run)")
    let gaps = zip(times.dropFirst(), times).map { ($0 - $1 + 60).truncatingRemainder(dividingBy: 60) }
    for (gap, least) in zip(gaps, [0.04, 0.08, 0.16]) { #expect(gap >= least, "\(gaps)") }
  }

  @Test func `restart=fail ends with a success, until=ok too, and failures before it do not count`() throws {
    for settings in ["restart=fail", "restart until=ok", "restart=fail until=ok"] {
      let run = try Shell.run(
        "upon run:'echo x >>n; test $(wc -l <n) = 3' \(settings) retry=1ms on=exit | jq .status; upon -q run:'echo x >>m; test $(wc -l <m) = 3' \(settings) retry=1ms; echo $?"
      )
      #expect(run.lines == ["1", "1", "0", "0"], "\(settings) \(run)")
    }
  }

  @Test func `a command that is not there fails as with do`() throws {
    let run = try Shell.run(
      "upon run:'exec /nosuch' 2>/dev/null; echo $?; upon run:true shell=/nosuch | jq -c '[.status, has(\"pid\")]'"
    )
    #expect(run.records.map { $0.number("status") } == [127], "\(run)")
    #expect(run.lines.suffix(2) == ["123", "[127,false]"])
    #expect(run.errorText == "upon: run:true: true: /nosuch: No such file or directory\n")
  }

  @Test func `a slow consumer makes the command wait`() throws {
    let slow = try Shell.run(
      "mkfifo go; upon run:'seq 1000000; : >written' name=r do 'read -r x <go' limit=2 & sleep 0.5; test -e written && echo all || echo waits; kill $!; wait"
    )
    #expect(slow.lines.contains("waits"), "\(slow)")
  }

  @Test func `a pipe is written by send and ended by close`() throws {
    let run = try Shell.run(
      #"""
      { printf '{"send":"one\\n","to":"r"}\n{"send":"two\\n","to":"r"}\n{"close":"r"}\n'; sleep 0.3; } |
        upon -o data --control stdin run:'tr a-z A-Z; echo end' name=r stdin=pipe on=line
      """#)
    #expect(run.lines == ["ONE", "TWO", "end"], "\(run)")
  }

  @Test func `replaced by the same command it keeps the process, by another the old one is over first`()
    throws
  {
    let run = try Shell.run(
      #"""
      c='echo up $$; trap "sleep 0.1; echo down; exit" TERM; while :; do sleep 0.02; done'
      upon -o data --control unix:s run:"$c" name=r on=line & sleep 0.3
      uponctl s add --replace run:"$c" name=r on=line; sleep 0.2
      uponctl s add --replace run:'echo other' name=r on=line; sleep 0.5; uponctl s exit 0; wait
      """#)
    let said = run.lines.filter { ["up", "down", "other"].contains($0.prefix { $0 != " " }) }
    #expect(said.map { $0.prefix { $0 != " " } } == ["up", "down", "other"], "\(run)")
  }

  @Test func `detached it is left running, and what it writes then is passed on`() throws {
    let run = try Shell.run(
      "upon -1 -t 10s -o data run:'echo ready; sleep 0.3; echo later; : >end' match=ready detach -- echo next; until test -e end; do sleep 0.02; done"
    )
    #expect(run.lines == ["next", "later"], "\(run)")
  }

  @Test(arguments: [
    ("run:' '", "'run: ': COMMAND is empty"),
    ("run:ls restart=often", "'restart=often': expected always or fail"),
    ("run:ls retry=1s", "'retry=1s': has no effect without restart"),
    ("run:ls until=ok", "'until=ok': has no effect without restart"),
    ("run:ls restart until=exit", "'until=exit': nothing would be restarted"),
    ("run:ls stdin=data", "'stdin=data': expected none, pipe or inherit"),
  ])
  func `bad input is told`(words: String, message: String) throws {
    let run = try Shell.run("upon \(words)")
    #expect(run.status == .exited(64))
    #expect(run.errorText.hasPrefix("upon: \(message)"), "\(run)")
  }
}
