import Testing

/// upon inside the scripts that it is made for.
@Suite(.everyBackend) struct ScriptTests {
  @Test func `a coprocess of bash hands over record after record`() throws {
    let run = try Shell.run(
      """
      coproc UPON { exec upon every:10ms; }
      pid=$UPON_PID
      for number in 1 2 3; do read -r line <&"${UPON[0]}"; jq -c .seq <<<"$line"; done
      kill "$pid"; wait "$pid"; echo $?
      """, in: "bash")
    #expect(run.lines == ["1", "2", "3", "143"])
  }

  @Test func `which came first is read without jq`() throws {
    let run = try Shell.run(
      #"""
      IFS=$'\t' read -r name event data < <(echo hello | upon -1 -o tsv stdin after:10s); echo "$name/$event/$data"
      IFS=$'\t' read -r name event data < <(upon -1 -o tsv fd:0 signal:USR1 after:10ms <>fifo); echo "$name/$event/$data"
      """#, in: "bash", directory: Self.withFifo())
    #expect(run.lines == ["stdin/line/hello", "after:10ms/timeout/"])
  }

  static func withFifo() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    _ = try Shell.run("mkfifo fifo", directory: directory)
    return directory
  }

  @Test(arguments: ["sh", "bash"]) func `waits in the background and answers a signal`(shell: String) throws {
    let run = try Shell.run(
      """
      mkfifo ready
      upon --ready-fd 4 -1 signal:USR1 -- echo became 4>ready & pid=$!
      read -r _ <ready
      trap 'echo trapped' USR2
      kill -USR2 $$; kill -USR1 $pid; wait $pid; echo $?
      """, in: shell)
    #expect(run.lines == ["trapped", "became", "0"])
  }

  @Test(arguments: ["sh", "bash"]) func `a loop of the shell goes on, line by line, and its end is seen`(
    shell: String
  ) throws {
    let run = try Shell.run(
      "seq 4 | while upon -1 -o data stdin; do echo one; done; echo left; upon -1 stdin </dev/null; echo $?",
      in: shell)
    #expect(run.lines == ["1", "one", "2", "one", "3", "one", "4", "one", "left", "1"])
  }

  @Test func `Ctrl-C at a terminal ends a loop of the shell too`() throws {
    let terminal = try Shell.terminal(
      ["bash", "-c", "while :; do upon -q start or every:1h do 'echo up' || break; done; echo after"])
    try #require(terminal.wait(for: "up") != nil)
    terminal.send("\u{3}")
    #expect(terminal.finish().status == .killed(by: 2))
  }

  @Test func `an interactive program after a wait has its terminal`() throws {
    let terminal = try Shell.terminal(["upon", "-1", "-q", "after:10ms", "--", "python3", "-q"])
    try #require(terminal.wait(for: ">>> ") != nil)
    terminal.send("print(6 * 7)\n")
    #expect(terminal.wait(for: "42") != nil)
    try #require(terminal.wait(for: ">>> ") != nil)
    terminal.send("exit()\n")
    #expect(terminal.finish().status == .exited(0))
  }

  @Test func `a pipe that is full of small pieces of one line is read all the same`() throws {
    let run = try Shell.run(
      #"""
      python3 -c 'import os
      for _ in range(60): os.write(1, b"x" * 2049)
      os.write(1, b"\nrest\n")' | { upon -1 -o data stdin | wc -c; cat; }
      """#)
    #expect(run.lines.map(\.folded) == ["122941", "rest"])
  }
}
