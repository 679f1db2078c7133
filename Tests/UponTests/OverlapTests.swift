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
      while grep -q 'State:.[^ZX]' /proc/$(cat pid)/status; do :; done 2>/dev/null; echo gone
      """)
    #expect(run.lines == ["123", "gone"])
    #expect(
      run.errorText
        == "upon: start: sleep 1000 & echo $! >pid; wait: timed out after 50ms, killed by signal TERM\n")
  }

  @Test func `one that ignores the stop signal gets KILL after the grace time, a stopped one wakes to die`()
    throws
  {
    let ignoring = try Shell.run(
      "upon start do 'trap \"\" INT; while :; do sleep 0.01; done' timeout=50ms stop=INT grace=50ms")
    #expect(ignoring.errorText.hasSuffix("timed out after 50ms, killed by signal KILL\n"))
    let stopped = try Shell.run("upon start do 'kill -STOP $$' timeout=50ms")
    #expect(stopped.errorText.hasSuffix("timed out after 50ms, killed by signal TERM\n"))
    let obeying = try Shell.run(
      "upon -1 start do 'trap \"exit 0\" TERM; while :; do sleep 0.01; done' timeout=50ms")
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
    #expect(try Shell.run("upon start do pwd shell=/nowhere").status == .exited(123))
  }

  @Test func `a detached run is not waited for`() throws {
    let run = try Shell.run(
      "mkfifo go; upon start do 'exec >/dev/null 2>&1; read x <go; echo late >file' detach; echo ended; echo >go; until test -s file; do :; done; cat file"
    )
    #expect(run.lines == ["ended", "late"])
  }

  @Test(arguments: [
    ("jobs=0", "'jobs=0': expected a whole number from 1"),
    ("busy=wait", "'busy=wait': expected queue, skip, merge or restart"),
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
