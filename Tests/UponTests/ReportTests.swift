import Testing

/// `report`: what is told of each run.
@Suite struct ReportTests {
  @Test func `each run ends with a record that belongs to its event`() throws {
    let run = try Shell.run(
      "printf '0\\n3\\n' | upon stdin name=é print do 'read n; echo ran; exit $n' report")
    #expect(run.lines.count == 6)
    #expect([1, 4].allSatisfy { run.lines[$0] == "ran" || run.lines[$0].hasPrefix("{") })
    let exits = run.records.filter { $0.event == "done" }
    try #require(exits.count == 2, "\(run)")
    #expect(exits.map { $0.number("seq") } == [1, 2])
    #expect(exits.map { $0.number("run") } == [1, 2])
    #expect(exits.map { $0.number("status") } == [0, 3])
    #expect(exits.map { $0.text("name") } == ["é", "é"])
    #expect(exits.allSatisfy { $0.number("pid") > 1 && $0.number("duration_us") > 0 && $0.count == 1 })
    #expect(!exits[0].has("signal") && !exits[0].has("stopped") && !exits[0].has("out"))
    // Behind what the command has printed.
    let first = run.lines.firstIndex { $0.contains("\"done\"") }
    #expect(first.map { run.lines[..<$0].contains("ran") } == true)
  }

  @Test func `a signal, a timeout and a restart are told apart`() throws {
    let killed = try Shell.run("upon start do 'kill -USR1 $$' report")
    #expect(killed.records.map { $0.text("signal") } == ["USR1"])
    #expect(killed.records.map { $0.has("status") } == [false])
    let late = try Shell.run(
      "upon start do 'trap \"exit 0\" TERM; while :; do sleep 0.01; done' report timeout=50ms")
    #expect(late.records.map { $0.text("stopped") } == ["timeout"])
    #expect(late.records.map { $0.number("status") } == [124])
    #expect(late.text.contains(#""timed_out":true"#))
    let restart = try Shell.start("exec upon stdin do 'echo up; exec sleep 1000' busy=restart report")
    restart.send("1\n")
    try #require(restart.wait(for: "up") != nil)
    restart.send("2\n")
    try #require(restart.wait(for: "up") != nil)
    restart.raise(15)
    let end = restart.finish()
    #expect(end.records.map { $0.text("stopped") } == ["restart", "ending"])
    #expect(end.records.map { $0.text("signal") } == ["TERM", "TERM"])
    let missing = try Shell.run("upon start do x shell=/nowhere report")
    #expect(missing.records.map { $0.number("status") } == [127])
    #expect(missing.records.map { $0.has("pid") } == [false])
  }

  @Test func `what is dropped is told by the next record, what merged by that of its run`() throws {
    for (policy, skipped, merged) in [("skip", [4, 0], [0, 0]), ("merge", [0, 0], [0, 3])] {
      let run = try Shell.start(
        "mkfifo go; exec upon stdin print as=data do 'read x <go' busy=\(policy) report signal:USR1 do 'echo >go'"
      )
      run.send("1\n")
      try #require(run.wait(for: "1\n") != nil)
      run.send("2\n3\n4\n5\n")
      try #require(run.wait(for: "5\n") != nil)
      run.raise(10)
      try #require(run.wait(for: "done") != nil)
      if policy == "skip" {
        run.send("6\n")
        try #require(run.wait(for: "6\n") != nil)
      }
      run.raise(10)
      try #require(run.wait(for: "\"done\"") != nil)
      run.raise(15)
      let exits = run.finish().records
      #expect(exits.map { $0.number("skipped") } == skipped)
      #expect(exits.map { $0.number("merged") } == merged)
      #expect(exits.map(\.count) == merged.map { $0 + 1 })
    }
  }

  @Test func `what it writes is put into the record, and not passed on`() throws {
    let run = try Shell.run(#"seq 2 | upon stdin do 'cat; printf "a\377b" >&2' report=output"#)
    #expect(run.records.map { $0.text("out") } == ["1\n", "2\n"])
    #expect(run.records.map { $0.text("err") } == ["a\u{FFFD}b", "a\u{FFFD}b"])
    #expect(run.records.map { $0.text("err_base64") } == ["Yf9i", "Yf9i"])
    #expect(run.records.allSatisfy { !$0.has("out_base64") && !$0.has("out_truncated") })
    #expect(run.lines.count == 2)
    #expect(run.errorText == "")
  }

  @Test func `a long output is cut between characters, and the command does not notice`() throws {
    let run = try Shell.run(
      "upon start do 'yes € | tr -d \"\\n\" | head -c 30000000; echo end >&2' report=output output-max=4 | cat"
    )
    #expect(run.records.map { $0.text("out") } == ["€"])
    #expect(run.records.map { $0.text("err") } == ["end\n"], "\(run)")
    #expect(run.text.contains(#""out_truncated":true"#))
    #expect(run.records.allSatisfy { !$0.has("out_base64") && $0.number("status") == 0 })
    let usual = try Shell.run("upon start do 'head -c 70000 /dev/zero' report=output | jq '.out | length'")
    #expect(usual.lines == ["65536"])
  }

  @Test func `it is over when its output is closed, or when its group has been ended`() throws {
    let background = try Shell.run("upon start do '(sleep 0.1; echo late) & echo early' report=output")
    #expect(background.records.map { $0.text("out") } == ["early\nlate\n"])
    // What has left the group may hold the pipe as long as it likes.
    let escaped = try Shell.run(
      "upon start do 'setsid sleep 1000 & echo $! >pid; echo early' report=output timeout=100ms; kill $(cat pid)"
    )
    #expect(escaped.records.map { $0.text("out") } == ["early\n"])
    #expect(escaped.records.map { $0.text("stopped") } == ["timeout"])
  }

  @Test func `in the other formats it is the status, and the output`() throws {
    let columns = try Shell.run("upon -o tsv start do 'exit 3' report finish do 'kill -TERM $$' report")
    #expect(columns.lines == ["start\tdone\t3", "finish\tdone\t143"])
    let whole = try Shell.run(
      "seq 4 | upon -o data stdin do 'read n; echo $n; sleep 0.05; echo $n' jobs=4 report=output")
    #expect(whole.lines.count == 8)
    for pair in stride(from: 0, to: whole.lines.count - 1, by: 2) {
      #expect(whole.lines[pair] == whole.lines[pair + 1])
    }
    #expect(try Shell.run("upon -q start do 'echo a' report").lines == ["a"])
    #expect(try Shell.run("seq 5 | upon -n 3 stdin do cat report=output | jq .seq").lines == ["1", "2", "3"])
  }

  @Test func `no run begins while a reader that is slow keeps the reports waiting`() throws {
    let run = try Shell.run(
      """
      mkfifo out; exec 3<>out
      upon -o data every:1ms do 'echo x >>began; head -c 1M /dev/zero' report=output output-max=1M \
        every:2ms do 'echo x >>others' >out & pid=$!
      lines() { wc -l 2>/dev/null <$1; }
      # The records of the first two fill the queue; another command goes on meanwhile.
      until [[ $(lines began) -ge 2 ]]; do :; done
      rm -f others; until [[ $(lines others) -ge 50 ]]; do :; done
      lines began
      cat <&3 >/dev/null & reader=$!
      until [[ $(lines began) -ge 4 ]]; do :; done; echo goes on
      kill $pid; wait $pid; kill $reader
      """, in: "bash")
    #expect(run.lines == ["2", "goes on"], "\(run)")
  }

  @Test(arguments: [
    ("report=exit", "'report=exit': expected output"),
    ("report=", "'report=': expected output"),
    ("output-max=1K", "'output-max=1K': has no effect without report=output"),
    ("report output-max=1K", "'output-max=1K': has no effect without report=output"),
    ("report report=output", "'report=output': report stands twice"),
    ("report=output output-max=0", "'output-max=0': expected a size larger than 0, such as 4096, 64K or 1M"),
  ])
  func `a wrong value is refused`(_ settings: String, _ message: String) throws {
    let run = try Shell.run("upon start do 'echo ran' \(settings)")
    #expect(run.status == .exited(64))
    #expect(run.errorText == "upon: \(message)\n")
    #expect(run.output.isEmpty)
  }

  @Test func `--check writes it so that it can be read again`() throws {
    let run = try Shell.run(
      "upon --check start do a report=output finish do b report; eval \"upon --check $(upon --check start do a report=output finish do b report | tr '\\n' ' ')\""
    )
    #expect(run.lines.count == 4)
    #expect(run.lines[..<2] == run.lines[2...])
    #expect(run.lines[0].hasSuffix("report=output output-max=64K") && run.lines[1].hasSuffix("report"))
    let bare = try Shell.run("upon start report")
    #expect(bare.errorText == "upon: 'report': a setting of a command; put it after do COMMAND\n")
  }
}
