import Testing

/// How upon ends, and with which status.
@Suite(.everyBackend) struct EndingTests {
  @Test(arguments: [
    ("upon after:1ms -q", 0), ("upon stdin </dev/null", 0), ("upon -1 stdin </dev/null", 1),
    ("upon -n 2 after:1ms -q", 1), ("upon -a after:1ms stdin -q </dev/null", 1),
    ("upon -1 after:1ms do 'exit 7'", 7),
    ("upon -1 after:1ms do 'kill -TERM $$'", 143), ("upon after:1ms do 'exit 7'", 123),
    ("upon -e every:1ms do 'exit 7'", 7), ("upon -q every:1ms exit=9", 9),
    ("upon -q every:1ms exit=tick:9", 9),
    ("upon stdin exit=end:3 </dev/null", 3), ("upon nonsense", 64), ("upon -1 -t 1ms stdin <>fifo", 124),
    ("upon fd:9", 125), ("upon after:1ms >/dev/full", 125), ("upon after:1ms >&-", 125),
    ("upon -1 -q after:1ms -- ./plain", 126), ("upon -1 -q after:1ms -- ./nowhere", 127),
    ("upon -1 -q after:1ms -- sh -c 'exit 5'", 5), ("upon -q -t 1ms every:1h", 124),
  ])
  func `has the status of its row`(_ script: String, _ status: Int32) throws {
    #expect(try Shell.run("mkfifo fifo; touch plain; \(script)").status == .exited(status))
  }

  @Test(arguments: [
    // The cause that is decided first gives the status, whatever commands return.
    ("upon -q start do 'sleep 1' until=exit after:100ms exit=9", 9),
    ("upon -q start do 'exec sleep 9' after:100ms exit=9", 9),
    ("upon -q -1 every:10ms exit=5", 5), ("upon -q -n 2 every:10ms exit=5", 5),
    // A run that took too long: as timeout(1) has it.
    ("upon -q -1 start do 'exec sleep 9' timeout=50ms", 124),
    ("upon -q -1 start do 'trap \"\" TERM; sleep 9' timeout=50ms grace=50ms", 137),
    ("upon -q -1 start do 'trap \"exit 0\" TERM; sleep 9 & wait' timeout=50ms", 124),
    ("upon -q start do 'exec sleep 9' timeout=50ms", 123),
    ("upon -q start do 'exec sleep 9' timeout=50ms until=exit", 124),
    // PROGRAM builds on what the commands have done.
    ("upon -q -n 2 every:10ms do false -- echo started", 123),
    ("upon -q -a after:1ms do false after:2ms -- echo started", 123),
    ("upon -q -1 after:1ms do 'exit 7' -- echo started", 7),
    ("upon -q -n 2 every:10ms do true -- sh -c 'exit 6'", 6),
  ])
  func `the first cause decides`(_ script: String, _ status: Int32) throws {
    let run = try Shell.run(script)
    #expect(run.status == .exited(status), "\(run)")
    #expect(run.lines == [])
  }

  @Test func `an end that stops tells running commands to stop, at once`() throws {
    let run = try Shell.run(
      """
      upon -q start do 'exec sleep 20' after:100ms exit=9 2>&1; echo $?
      upon -q -t 100ms start do 'exec sleep 20' 2>&1; echo $?
      upon -q start do 'exec sleep 20' start name=b do 'sleep 0.1; exit 4' until=exit 2>&1; echo $?
      """)
    #expect(
      run.lines == [
        "9", "upon: timed out after 100ms", "124", "upon: b: sleep 0.1; exit 4: exit status 4", "4",
      ])
    #expect(run.duration < .seconds(10))
  }

  @Test func `commands for the source that exits run to their end, all others are stopped`() throws {
    let run = try Shell.run(
      "seq 2 | upon -q start do 'sleep 20; echo other' stdin exit=end:3 do 'sleep 0.1; cat'")
    #expect(run.lines == ["1", "2"])
    #expect(run.status == .exited(3))
    #expect(run.duration < .seconds(10))
  }

  @Test func `every line that waits is run before an exit by the same source`() throws {
    let run = try Shell.run("seq 20 | upon stdin exit=end:3 do 'sleep 0.01; cat'")
    #expect(run.lines == (1...20).map(String.init))
    #expect(run.status == .exited(3))
  }

  @Test func `a command shared by sources goes on for the one that exits`() throws {
    let run = try Shell.run(
      "upon -q start or after:100ms exit=4 do 'echo $UPON_NAME; test $UPON_NAME = after:100ms || exec sleep 20' busy=queue"
    )
    #expect(run.lines == ["start", "after:100ms"])
    #expect(run.status == .exited(4))
    #expect(run.duration < .seconds(10))
  }

  @Test func `what debounce holds is delivered before an exit by its source`() throws {
    let run = try Shell.run("seq 5 | upon stdin debounce=1h on=line exit=end:6 do 'cat'")
    #expect(run.lines == ["5"])
    #expect(run.status == .exited(6))
  }

  @Test func `what waits when upon stops is dropped, and told in one line`() throws {
    let one = try Shell.run(
      "mkfifo busy; seq 5 | upon -q stdin do 'echo >busy; exec sleep 20' fd:3 once exit=7 3<>busy")
    #expect(one.errorText == "upon: 1 event waited for a command and is dropped\n")
    #expect(one.status == .exited(7))
    let two = try Shell.run(
      """
      mkfifo busy; seq 5 >five
      upon -q stdin or fd:4 do 'test $UPON_SEQ = 1 && echo >busy; exec sleep 20' fd:3 once exit=7 3<>busy 4<five <five
      """)
    #expect(two.errorText == "upon: 2 events waited for commands and are dropped\n")
    #expect(two.status == .exited(7))
  }

  @Test(arguments: ["-n 3", "-n 3 -q"]) func `a count that is satisfied drains`(_ options: String) throws {
    let run = try Shell.run("seq 9 | upon \(options) stdin do 'sleep 0.05; cat'")
    #expect(run.lines == ["1", "2", "3"])
    #expect(run.status == .exited(0))
  }

  @Test(arguments: [
    ("upon -q -1 stdin </dev/null", "stdin ended before it fired"),
    ("upon -q -n 3 stdin <two", "sources ended after 2 of 3 events"),
    ("upon -q -a stdin fd:3 name=x after:1ms </dev/null 3<two", "stdin ended before it fired"),
    ("upon -q -1 stdin fd:3 name=x </dev/null 3</dev/null", "stdin and x ended before they fired"),
    ("upon -q -1 stdin match=c <two", "stdin ended before it fired"),
    ("upon -q -1 run:'echo hello' match=ready", "run:echo hello ended before it fired"),
    ("upon -q -n 3 run:'seq 2' on=line", "sources ended after 2 of 3 events"),
  ])
  func `a wait that fails because sources ended says which`(_ script: String, _ message: String) throws {
    let run = try Shell.run("printf 'a\nb\n' >two; \(script)")
    #expect(run.errorText == "upon: \(message)\n")
    #expect(run.status == .exited(1))
  }

  @Test(arguments: [
    ("", "fd:3 once exit=3", 3), ("", "fd:3 once do 'exit 5' until=exit", 5), ("-t 3s", "", 124),
    ("", "fd:3 once do 'kill -TERM $PPID'", 143),
  ])
  func `finish runs after the commands, however upon ends`(options: String, rule: String, status: Int32)
    throws
  {
    // The command says that it has set its trap, by what the other source waits for.
    let run = try Shell.run(
      """
      mkfifo up
      upon -q \(options) start do 'trap "echo stopped; exit" TERM; echo up >up; sleep 9 & wait' \
        finish do 'echo finish' \(rule) 3<>up
      echo $?
      """)
    #expect(run.lines == ["stopped", "finish", "\(status)"], "\(run)")
  }

  @Test func `exit behind the second of two signals names the form that is meant`() throws {
    let run = try Shell.run("upon signal:TERM or signal:INT exit=0 do ./cleanup")
    #expect(
      run.errorText
        == "upon: 'exit=0': would be a setting of 'signal:INT' alone; did you mean signal:TERM,INT exit=0?\n")
    #expect(run.status == .exited(64))
    #expect(try Shell.run("upon --check signal:TERM exit=1 or signal:INT exit=0 do x").status == .exited(0))
  }

  @Test func `a watched signal that comes while upon ends does not kill it`() throws {
    let run = try Shell.run(
      """
      for round in $(seq 40); do
        upon --ready-fd 4 -1 -q signal:USR1 4>ready & pid=$!
        while ! test -s ready; do :; done; : >ready
        while kill -USR1 $pid; do :; done 2>/dev/null
        wait $pid; echo $?
      done
      """)
    #expect(run.lines == [String](repeating: "0", count: 40))
  }

  @Test func `a watched signal that comes while upon becomes PROGRAM does not kill it`() throws {
    let run = try Shell.run(
      """
      for round in $(seq 20); do
        upon --ready-fd 4 -1 -q signal:USR1 -- sh -c 'trap "" USR1; echo up >>log' 4>ready & pid=$!
        while ! test -s ready; do :; done; : >ready
        kill -USR1 $pid; kill -USR1 $pid 2>/dev/null
        wait $pid
      done
      wc -l <log
      """)
    #expect(Int(run.lines.last ?? "") ?? 0 >= 1)
  }

  @Test func `a wait that times out names what is missing`() throws {
    let run = try Shell.run("mkfifo fifo; upon -a -t 20ms after:1ms stdin signal:USR1 name=sig <>fifo")
    #expect(run.errorText == "upon: timed out after 20ms; still missing: stdin, sig\n")
    #expect(run.records.map(\.event) == ["timeout"])
  }

  @Test func `a source that has fired what is not waited for is still missing`() throws {
    let run = try Shell.run("upon -q -1 -t 300ms run:'echo a; exec sleep 9'")
    #expect(run.errorText == "upon: timed out after 300ms; still missing: run:echo a; exec sleep 9\n")
    #expect(run.status == .exited(124))
  }

  @Test func `all closes each source as it fires`() throws {
    let run = try Shell.run("upon -a every:1ms every:2ms after:20ms -o tsv | sort")
    #expect(run.lines == ["after:20ms\ttimeout\t", "every:1ms\ttick\t", "every:2ms\ttick\t"])
  }

  @Test func `a count is exact, whatever comes together`() throws {
    for number in [1, 2, 1000] {
      let run = try Shell.run("seq 5000 | upon -n \(number) stdin every:1us | wc -l")
      #expect(run.lines == [String(number)])
    }
  }

  @Test func `becomes PROGRAM with its process, its standard input and the event`() throws {
    let run = try Shell.run(
      #"(echo a; echo b) | sh -c 'echo $$; exec upon -1 stdin -- sh -c "echo \$\$ \$UPON_DATA; cat"'"#)
    let pid = try #require(run.lines.first)
    #expect(run.lines == [pid, "\(pid) a", "b"])
  }

  @Test func `gives PROGRAM what upon was given`() throws {
    let run = try Shell.run(
      #"trap '' USR2; exec 7</dev/null; LISTEN_FDS=1 upon -1 start -- sh -c 'echo $LISTEN_FDS; while read -r l; do case $l in SigBlk*|SigIgn*) echo "$l";; esac; done </proc/$$/status; for f in /proc/$$/fd/*; do printf "%s " ${f##*/}; done'"#
    )
    // Descriptor 3 is the folder that the shell lists; any that had leaked would push it up.
    #expect(run.lines == ["1", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000800", "0 1 2 3 7 "])
  }

  @Test func `actions of the event that exits run to their end, then finish`() throws {
    let run = try Shell.run("upon every:1ms exit=4 do 'sleep 0.05; echo done' finish do 'echo finish'")
    #expect(run.lines == ["done", "finish"])
    #expect(run.status == .exited(4))
  }

  @Test(arguments: [2, 15, 1, 3]) func `a stopping signal ends in order and kills`(_ signal: Int32) throws {
    let run = try Shell.start(
      "exec upon start or every:1h do 'echo up; exec sleep 1000' finish do 'echo finish'")
    try #require(run.wait(for: "up") != nil)
    run.raise(signal)
    #expect(run.wait(for: "finish") != nil)
    #expect(run.finish().status == .killed(by: signal))
    #expect(run.errors.isEmpty)
  }

  @Test func `a second stopping signal kills at once`() throws {
    let run = try Shell.start(
      "exec upon start or every:1h do 'trap \"\" TERM; echo up; exec >&- 2>&-; for i in 1 2 3 4 5; do sleep 1; done'"
    )
    try #require(run.wait(for: "up") != nil)
    run.raise(15)
    let first = try Shell.run("while grep -q 'SigBlk:.*4...$' /proc/\(run.pid)/status; do :; done")
    #expect(first.status == .exited(0))
    run.raise(15)
    #expect(run.finish(within: .seconds(3)).status == .killed(by: 15))
  }

  @Test func `ignored signals stay ignored unless watched`() throws {
    let run = try Shell.run(
      """
      trap '' HUP
      upon --ready-fd 4 -q after:50ms 4>ready & pid=$!
      while ! test -s ready; do :; done; kill -HUP $pid; wait $pid; echo $?
      upon --ready-fd 4 -1 -o tsv signal:HUP 4>ready2 & pid=$!
      while ! test -s ready2; do :; done; kill -HUP $pid; wait $pid; echo $?
      """)
    #expect(run.lines == ["0", "signal:HUP\tsignal\t", "0"])
  }

  @Test func `the reader's end is noticed while nothing happens`() throws {
    let run = try Shell.run(
      "upon every:1h | true; echo ${PIPESTATUS[@]}; yes | upon stdin | head -1 >/dev/null; echo ${PIPESTATUS[@]}",
      in: "bash")
    #expect(run.lines == ["141 0", "141 141 0"])
    #expect(run.errorText == "")
  }

  @Test func `a summary is written where asked`() throws {
    let run = try Shell.run(
      "seq 3 | upon -q --stats stdin do 'exit 1' 2>&1 >/dev/null | tail -1 | jq -c '[.event, .events, .runs, .failed, .skipped, .merged, .sources]'"
    )
    #expect(run.lines == [#"["stats",3,3,3,0,0,[{"name":"stdin","kind":"stdin","events":3}]]"#])
  }

  @Test func `as process 1 it reaps what others leave and exits with 128 and the number`() throws {
    let run = try Shell.run(
      """
      unshare -rpf --mount-proc sh -c 'exec upon start or every:1h do "(setsid true &); (setsid true &); \
      while ps -eo stat,ppid | grep -q \\"^Z.* 1\\$\\"; do :; done; echo reaped; kill -TERM 1"'
      """)
    #expect(run.lines == ["reaped"])
    #expect(run.status == .exited(143))
  }
}
