import Testing

/// The settings of a command: how many, what else, how long, and what ends with it.
@Suite(.everyBackend) struct OverlapTests {
  @Test func `so many run at once as are asked for, and no more`() throws {
    let run = try Shell.run(
      """
      seq 12 | upon stdin do 'mkdir run.$UPON_SEQ; ls -d run.* | wc -l; sleep 0.05; rmdir run.$UPON_SEQ' jobs=4
      """)
    let most = run.lines.compactMap { Int($0.folded) }.max()
    #expect(run.lines.count == 12)
    #expect(most.map { (2...4).contains($0) } == true)
  }

  @Test(arguments: [("queue", 6...6), ("skip", 1...1), ("merge", 2...2)])
  func `an event that finds it running waits, is dropped or merges`(
    _ policy: String, _ runs: ClosedRange<Int>
  ) throws {
    let run = try Shell.run(
      "seq 6 | upon stdin do 'echo $UPON_DATA $UPON_COUNT; exec sleep 0.2' busy=\(policy)")
    #expect(runs.contains(run.lines.count))
    #expect(run.lines.first == "1 1")
    #expect(run.lines.last == ["queue": "6 1", "skip": "1 1", "merge": "6 5"][policy])
    #expect(run.status == .exited(0))
  }

  @Test func `restart stops the one that runs and then runs for the last event`() throws {
    let run = try Shell.start(
      "exec upon stdin do 'echo $UPON_DATA $UPON_COUNT; exec sleep 1000' busy=restart")
    run.send("1\n")
    try #require(run.wait(for: "1 1\n") != nil)
    run.send("2\n3\n4\n")
    try #require(run.wait(for: "4 3\n") != nil)
    run.raise(15)
    let end = run.finish()
    #expect(end.lines == ["1 1", "4 3"])
    #expect(end.errorText == "")
  }

  @Test func `a run that takes too long is ended, with what it left in its group`() throws {
    let run = try Shell.run(
      """
      upon start do 'sleep 1000 & echo $! >pid; wait' timeout=50ms; echo $?
      \(gone("$(cat pid)"))
      """)
    #expect(run.lines == ["123", "gone"])
    #expect(
      run.errorText
        == "upon: start: sleep 1000 & echo $! >pid; wait: timed out after 50ms, killed by signal TERM\n")
  }

  @Test func `what a command leaves behind has its grace time, and no longer`() throws {
    // The command obeys at once; its child, who notes that it was told, needs a moment, or does not obey at all.
    let window = try TimeWindow()
    let obeying = try Shell.run(
      #"""
      upon start do 'trap "" TERM; (trap "sleep 0.1; echo done >left; exit" TERM; echo $BASHPID >pid;       while :; do sleep 0.01; done) & trap "exit 0" TERM; while :; do sleep 0.01; done'       timeout=400ms grace=50s shell=/bin/bash
      cat left; \#(gone("$(cat pid)"))
      """#, in: "bash")
    #expect(obeying.lines == ["done", "gone"], "\(obeying)")
    try window.expect(obeying.duration, in: .milliseconds(500) ... .milliseconds(650), "\(obeying)")
    let stubborn = try Shell.run(
      #"""
      upon start do '(trap "" TERM; echo $BASHPID >pid; while :; do sleep 0.01; done) &       trap "exit 0" TERM; while :; do sleep 0.01; done' timeout=400ms grace=200ms shell=/bin/bash
      \#(gone("$(cat pid)"))
      """#, in: "bash")
    #expect(stubborn.lines == ["gone"], "\(stubborn)")
    try window.expect(stubborn.duration, in: .milliseconds(600) ... .milliseconds(700), "\(stubborn)")
  }

  @Test func `a restart waits for the whole group, and there are never two`() throws {
    let run = try Shell.start(
      #"""
      exec upon stdin do '(trap "sleep 0.05; echo end $UPON_DATA; exit" TERM; echo begin $UPON_DATA; \
      while :; do sleep 0.01; done) & trap "exit 0" TERM; wait' busy=restart grace=50s
      """#)
    for number in 1...4 {
      run.send("\(number)\n")
      try #require(run.wait(for: "begin \(number)\n") != nil, "\(number)")
    }
    run.raise(15)
    let end = run.finish()
    #expect(end.lines == (1...4).flatMap { ["begin \($0)", "end \($0)"] })
    #expect(end.status == .killed(by: 15))
  }

  @Test func `at the end nothing is left running, whatever it does`() throws {
    let run = try Shell.start(
      #"""
      exec upon start or every:1h do '(trap "" TERM; echo $BASHPID; while :; do sleep 0.01; done) &       trap "exit 0" TERM; while :; do sleep 0.01; done' grace=100ms shell=/bin/bash       start do 'echo $$; kill -STOP $$' start do 'trap "" TERM; echo $$; exec sleep 1000' grace=100ms
      """#)
    try #require(run.wait { run.output.count { $0 == 10 } == 3 })
    let pids = run.output.text.split(separator: "\n").joined(separator: " ")
    run.raise(15)
    #expect(run.finish().status == .killed(by: 15))
    #expect(try Shell.run("for pid in \(pids); do \(gone("$pid")); done").lines == ["gone", "gone", "gone"])
  }

  /// A script that waits until a process is gone, or dead and not yet reaped.
  private func gone(_ pid: String) -> String {
    "while grep -q 'State:.[^ZX]' /proc/\(pid)/status; do :; done 2>/dev/null; echo gone"
  }

  /// The record tells how long the process itself has lived, from its start to its exit. What is ignored where upon
  /// is started is so in the command from its first moment.
  @Test(arguments: [(100, 300), (300, 100), (50, 600)])
  func `KILL comes grace= after the stop signal and not later`(timeout: Int, grace: Int) throws {
    let window = try TimeWindow()
    let run = try Shell.run(
      "trap '' TERM; upon start do 'exec sleep 1000' timeout=\(timeout)ms grace=\(grace)ms report"
    )
    let record = try #require(run.records.first, "\(run)")
    #expect(record.text("signal") == "KILL" && record.text("stopped") == "timeout", "\(run)")
    let whole: Duration = .milliseconds(timeout + grace)
    try window.expect(
      .microseconds(record.number("duration_us")), in: whole...whole + .milliseconds(20), "\(run)")
  }

  @Test func `one that ignores the stop signal gets KILL after the grace time, a stopped one wakes to die`()
    throws
  {
    let window = try TimeWindow()
    let ignoring = try Shell.run(
      "trap '' INT; upon start do 'while :; do sleep 0.01; done' timeout=50ms stop=INT grace=50ms")
    #expect(ignoring.errorText.hasSuffix("timed out after 50ms, killed by signal KILL\n"))
    try window.expect(ignoring.duration, in: .milliseconds(100) ... .milliseconds(200), "\(ignoring)")
    let stopped = try Shell.run("upon start do 'kill -STOP $$' timeout=50ms")
    #expect(stopped.errorText.hasSuffix("timed out after 50ms, killed by signal TERM\n"))
    try window.expect(stopped.duration, in: .milliseconds(50) ... .milliseconds(150), "\(stopped)")
    let obeying = try Shell.run(
      "upon -1 start do 'trap \"exit 0\" TERM; while :; do sleep 0.01; done' timeout=300ms")
    #expect(obeying.status == .exited(124))
  }

  @Test func `the run that is waited for ends upon with its status`() throws {
    let retry = try Shell.run(
      "upon -t 20s every:5ms now do 'echo x >>tries; test $(wc -l <tries) -ge 3' until=ok; echo $?; wc -l <tries"
    )
    #expect(retry.lines.map(\.folded) == ["0", "3"])
    #expect(try Shell.run("upon every:1ms do 'exit 6' until=exit").status == .exited(6))
    #expect(
      try Shell.run("seq 5 | upon stdin do 'read n; test $n -lt 3 || exit $n' until=fail").status
        == .exited(3))
    #expect(try Shell.run("upon start or every:1h do 'kill -KILL $$' until=exit").status == .exited(137))
  }

  @Test func `runs in its folder, by its shell`() throws {
    let run = try Shell.run(
      "mkdir sub; upon start do 'pwd; echo ${BASH_VERSION:+bash}' dir=sub shell=/bin/bash")
    #expect(run.lines.first?.hasSuffix("/sub") == true)
    #expect(run.lines.last == "bash")
    let missing = try Shell.run("upon start do pwd dir=nowhere")
    #expect(missing.status == .exited(125))
    #expect(missing.errorText == "upon: dir=nowhere: No such file or directory\n")
    let shell = try Shell.run("seq 3 | upon stdin do pwd shell=/nowhere")
    #expect(shell.status == .exited(123))
    #expect(shell.errorText == "upon: stdin: pwd: /nowhere: No such file or directory\n")
  }

  @Test(arguments: [("skip", "ran 7 5 0 1\n"), ("merge", "ran 6 0 4 5\n")])
  func `the next run finds what was dropped and what merged`(_ policy: String, _ expected: String) throws {
    let run = try Shell.start(
      """
      mkfifo go; exec upon stdin print as=data \
      do 'read x <go; echo ran $UPON_DATA $UPON_SKIPPED $UPON_MERGED $UPON_COUNT' busy=\(policy) report \
      signal:USR1 do 'echo >go'
      """)
    run.send("1\n")
    try #require(run.wait(for: "1\n") != nil)
    run.send("2\n3\n4\n5\n6\n")
    try #require(run.wait(for: "6\n") != nil)
    run.raise(10)
    try #require(run.wait(for: "ran 1 0 0 1\n") != nil)
    try #require(run.wait(for: "\"done\"") != nil)
    if policy == "skip" { run.send("7\n") }
    run.raise(10)
    #expect(run.wait(for: expected) != nil, "\(run.finish(within: .zero))")
    run.raise(15)
    #expect(run.finish().status == .killed(by: 15))
  }

  @Test func `a command a line, in order, for as many lines as there are`() throws {
    let run = try Shell.run(
      "seq 2000 | upon stdin do 'echo $UPON_DATA' | cmp - <(seq 2000) && echo same", in: "bash")
    #expect(run.lines == ["same"])
  }

  @Test func `a storm of events never has more processes than jobs=`() throws {
    let run = try Shell.run(
      """
      seq 500 | upon stdin do 'mkdir run.$$ && ls -d run.* | wc -l >>counts; rmdir run.$$' jobs=50
      wc -l <counts; sort -n counts | tail -1
      """)
    #expect(run.lines.first?.folded == "500")
    #expect(run.lines.last.flatMap { Int($0.folded) }.map { $0 <= 50 } == true, "\(run)")
  }

  @Test func `ticks that wait in line beyond a thousand merge, and none is lost`() throws {
    let run = try Shell.run(
      """
      mkfifo go; exec 3<>go
      upon every:100us limit=1500 print as=tsv do 'read x <go' busy=queue report >out & pid=$!
      while ! test "$(grep -c tick out)" = 1500; do sleep 0.02; done
      yes '' >&3 & yes=$!; wait $pid; kill $yes
      grep '"done"' out | jq -s 'map(.count) | add, length < 1100'
      """)
    #expect(run.lines == ["1500", "true"], "\(run)")
  }

  @Test func `a source feeds each of its actions by that action's own policy`() throws {
    let run = try Shell.run(
      """
      seq 5 | upon stdin do 'echo slow $UPON_DATA; until test -e last; do sleep 0.01; done' busy=skip \
        do 'echo fast $UPON_DATA; test $UPON_DATA != 5 || touch last' | sort
      """)
    #expect(run.lines == (1...5).map { "fast \($0)" } + ["slow 1"])
  }

  @Test func `a detached run is not waited for`() throws {
    let run = try Shell.run(
      "mkfifo go; upon start do 'exec >/dev/null 2>&1; read x <go; echo late >file' detach; echo ended; echo >go; until test -s file; do :; done; cat file"
    )
    #expect(run.lines == ["ended", "late"])
  }

  @Test(arguments: [
    ("jobs=0", "'jobs=0': expected a whole number from 1"),
    ("busy=wait", "'busy=wait': expected queue, skip, merge or restart; did you mean queue?"),
    ("grace=-1", "'grace=-1': expected a duration such as 250ms, 5s or 1h30m"),
    ("stop=FOO", "'stop=FOO': expected a signal such as TERM, INT or 9"),
  ])
  func `a wrong value is refused`(_ setting: String, _ message: String) throws {
    let run = try Shell.run("upon start do 'echo ran' \(setting)")
    #expect(run.status == .exited(64))
    #expect(run.errorText == "upon: \(message)\n")
    #expect(run.output.isEmpty)
  }
}
