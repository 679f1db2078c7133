import Testing

/// What a command is given, and what becomes of it.
@Suite(.everyBackend) struct CommandTests {
  @Test func `gets the event in its environment and on its standard input`() throws {
    let run = try Shell.run(
      #"printf 'one\r\ntwo' | upon stdin do 'echo "$UPON_SEQ $UPON_NAME $UPON_KIND $UPON_EVENT $UPON_COUNT $UPON_DATA"; od -An -c'"#
    )
    #expect(
      run.lines.map(\.folded) == [
        "1 stdin stdin line 1 one", "o n e \\r \\n", "2 stdin stdin line 1 two", "t w o",
      ])
    #expect(run.status == .exited(0))
  }

  @Test func `gets the fields of the kind in capitals`() throws {
    let run = try Shell.run(
      #"upon every:20ms limit=3 print do 'echo "$UPON_NUMBER $UPON_MISSED $UPON_LATE_US"' busy=queue"#)
    #expect(run.status == .exited(0))
    let fields = run.records.map { "\($0.number("number")) \($0.number("missed")) \($0.number("late_us"))" }
    #expect(run.lines.filter { !$0.hasPrefix("{") } == fields, "\(run)")
    #expect(fields.count == 3 && run.records.allSatisfy { $0.number("late_us") >= 0 }, "\(run)")
  }

  @Test func `gets the environment of upon without what was meant for upon`() throws {
    let run = try Shell.run(
      "UPON_X=1 LISTEN_FDS=1 LISTEN_PID=1 NOTIFY_SOCKET=/nowhere KEPT=yes upon start do 'env | sort | grep -E \"KEPT|^UPON_X|LISTEN|NOTIFY\"'"
    )
    #expect(run.lines == ["KEPT=yes"])
  }

  @Test func `data that no variable can hold is told and stays on standard input`() throws {
    let run = try Shell.run(
      #"printf 'a\0b\n' | upon stdin do 'echo "${UPON_DATA-none} $UPON_TRUNCATED"; od -An -c'"#)
    #expect(run.lines.map(\.folded) == ["none 1", #"a \0 b \n"#])
    let long = try Shell.run(
      #"{ head -c 70000 /dev/zero | tr '\0' x; echo; } | upon stdin do 'echo "${UPON_DATA-none} $UPON_TRUNCATED"; wc -c'"#
    )
    #expect(long.lines.map(\.folded) == ["none 1", "70001"])
  }

  @Test func `reads the record, nothing, or what upon reads where asked`() throws {
    #expect(try Shell.run("echo a | upon stdin do 'jq -r .data' stdin=event").lines == ["a"])
    #expect(try Shell.run("echo a | upon stdin do 'wc -c' stdin=none").lines == ["0"])
    #expect(try Shell.run("echo a | upon start do 'cat' stdin=inherit").lines == ["a"])
    #expect(try Shell.run("echo a | upon start do 'wc -c'").lines == ["0"])
  }

  @Test func `does no harm by reading nothing, or only a part`() throws {
    for command in ["exit 0", "head -c 1 >/dev/null"] {
      let run = try Shell.run(
        "{ head -c 900000 /dev/zero | tr '\\0' x; echo; echo last; } | upon stdin do '\(command)' print as=tsv | tail -1"
      )
      #expect(run.lines == ["stdin\tline\tlast"])
      #expect(run.errorText == "")
    }
  }

  @Test func `leads a group, with an empty mask, dispositions as found and three descriptors`() throws {
    let run = try Shell.run(
      #"trap '' USR2; exec 7</dev/null; upon start do 'read -r _ _ _ _ group _ </proc/$$/stat; test $group = $$ && echo leads; while read -r l; do case $l in SigBlk*|SigIgn*) echo "$l";; esac; done </proc/$$/status; for f in /proc/$$/fd/*; do printf "%s " ${f##*/}; done'"#
    )
    // Descriptor 3 is the folder that the shell lists; any that had leaked would push it up.
    #expect(run.lines == ["leads", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000800", "0 1 2 3 "])
  }

  @Test func `runs one after the other for lines, in order and none lost`() throws {
    let run = try Shell.run("seq 200 | upon stdin do 'cat'")
    #expect(run.lines == (1...200).map(String.init))
  }

  @Test func `ticks are dropped while it runs, and its runs never overlap`() throws {
    let run = try Shell.run(
      "upon every:10ms limit=30 do 'mkdir lock || echo overlap; sleep 0.05; rmdir lock; echo run'")
    #expect(!run.lines.contains("overlap"))
    #expect((1...15).contains(run.lines.count))
  }

  @Test func `signals merge while it runs`() throws {
    let run = try Shell.run(
      #"""
      mkfifo go; exec 3<>go
      upon --ready-fd 4 signal:USR1 limit=4 do 'echo $UPON_COUNT; read -r line <go' 4>ready & pid=$!
      while ! test -s ready; do :; done
      kill -USR1 $pid; while ! test -s out; do cat /proc/$pid/task/$pid/children >out; done
      for i in 1 2 3; do kill -USR1 $pid; while grep -q 'ShdPnd:.*[1-9a-f]' /proc/$pid/status; do :; done; done
      echo >&3; echo >&3; wait $pid
      """#, in: "bash")
    #expect(run.lines.first == "1")
    let counts = run.lines.compactMap { Int($0) }
    #expect(counts.reduce(0, +) == 4)
    #expect(run.lines.count == 2)
  }

  @Test func `a failure is told once, and again when the status changes`() throws {
    let run = try Shell.run("printf '3\\n3\\n0\\n4\\n4\\n' | upon stdin do 'read n; exit $n'")
    #expect(run.status == .exited(123))
    #expect(
      run.errorText
        == "upon: stdin: read n; exit $n: exit status 3\nupon: stdin: read n; exit $n: exit status 4\n")
    let killed = try Shell.run("upon start do 'kill -KILL $$'")
    #expect(killed.errorText == "upon: start: kill -KILL $$: killed by signal KILL\n")
  }

  @Test func `PROGRAM gets its arguments byte for byte`() throws {
    let run = try Shell.run(#"upon start -- printf '<%s>\n' 'a b' '$HOME' '' "$(printf '\377')" "it's""#)
    #expect(run.output == Array("<a b>\n<$HOME>\n<>\n<".utf8) + [0xFF] + Array(">\n<it's>\n".utf8))
  }

  @Test func `a program that is not there or cannot be run ends upon`() throws {
    let missing = try Shell.run("yes | upon stdin -- ./nowhere")
    #expect(missing.status == .exited(127))
    #expect(missing.errorText == "upon: stdin: ./nowhere: No such file or directory\n")
    #expect(try Shell.run("touch plain; upon start -- ./plain").status == .exited(126))
  }

  @Test func `readiness is told to the command that reads the descriptor`() throws {
    let run = try Shell.run(
      "(echo a; echo b; sleep 0.1; echo c) | upon stdin frame=none do 'read line; echo got $line'")
    #expect(run.lines == ["got a", "got b", "got c"])
    let other = try Shell.run(
      "(echo a; echo b) | { upon fd:5 frame=none do 'read line <&5; echo got $line' 5<&0; }")
    #expect(other.lines == ["got a", "got b"])
  }
}

extension StringProtocol {
  /// The words, one blank between them.
  var folded: String { split(separator: " ").joined(separator: " ") }
}
