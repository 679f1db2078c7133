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

  @Test func `a wait that times out names what is missing`() throws {
    let run = try Shell.run("mkfifo fifo; upon -a -t 20ms after:1ms stdin signal:USR1 name=sig <>fifo")
    #expect(run.errorText == "upon: timed out after 20ms; still missing: stdin, sig\n")
    #expect(run.records.map(\.event) == ["timeout"])
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
