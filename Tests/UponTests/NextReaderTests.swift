import Testing

/// What upon leaves for the next reader of a descriptor.
@Suite(.everyBackend) struct NextReaderTests {
  /// Each takes the records `a` and `b` of `a b c d`.
  static let takers = [
    "upon -n 2 -o data stdin", "upon stdin limit=2 -o data", "upon -n2 -q stdin do cat",
    "upon stdin match=b once do 'echo a; cat'", "upon -o data stdin stdin match=b on=line exit=0 ignore",
    "upon -n 2 -o data stdin max=1",
  ]

  @Test(arguments: takers, ["pipe", "file", "fifo", "socket"])
  func `what follows the last record is for the next reader`(taker: String, from: String) throws {
    let script = "{ \(taker); echo then; cat; }"
    let run =
      switch from {
      case "pipe": try Shell.run("printf 'a\\nb\\nc\\nd' | \(script)")
      case "file": try Shell.run("printf 'a\\nb\\nc\\nd' > f; \(script) < f")
      case "fifo": try Shell.run("mkfifo f; printf 'a\\nb\\nc\\nd' > f & \(script) < f; wait")
      default:
        try Shell.run(
          """
          import socket, subprocess, sys
          ours, theirs = socket.socketpair()
          ours.sendall(b"a\\nb\\nc\\nd")
          ours.shutdown(socket.SHUT_WR)
          subprocess.run(["sh", "-c", sys.argv[1]], stdin=theirs)
          """, in: "python3", arguments: [script])
      }
    #expect(run.text == "a\nb\nthen\nc\nd", "\(run)")
  }

  @Test func `what follows NUL and chunks is left too`() throws {
    let nul = try Shell.run("printf 'a\\0b\\0c' | { upon -1 -o data stdin frame=nul; cat; } | tr '\\0' '|'")
    #expect(nul.text == "a|b|c")
    let chunk = try Shell.run("printf abcdef | { upon -1 -o data stdin frame=chunk max=2; echo; cat; }")
    #expect(chunk.text == "ab\ncdef", "\(chunk)")
  }

  @Test func `a wait for all leaves what follows`() throws {
    let run = try Shell.run("printf 'a\\nb\\n' | { upon -a -o data stdin after:10ms; cat; }")
    #expect(run.text == "a\nb\n")
  }

  @Test func `a script can take line after line`() throws {
    let run = try Shell.run(
      "seq 1 20 | { for i in 1 2 3 4 5; do upon -n 2 -q -o data stdin do 'cat >> taken'; done; cat; }; cat taken"
    )
    #expect(run.lines == (Array(11...20) + Array(1...10)).map(String.init))
  }

  @Test(arguments: ["-echo", "raw -echo"])
  func `a terminal keeps what follows`(mode: String) throws {
    let shell = try Shell.terminal([
      "sh", "-c",
      "stty \(mode); echo ready; head -c 1 | cat; upon -1 -o tsv stdin; echo then; head -c 2; echo end",
    ])
    #expect(shell.wait(for: "ready") != nil)
    shell.send("!\na\nb\n")
    if mode != "raw -echo" {
      // What head has not taken of the line goes with it.
      #expect(shell.wait(for: "stdin\tline\t") != nil)
      return
    }
    #expect(shell.wait(for: "stdin\tline\t\n") != nil)
    #expect(shell.wait(for: "then\na\n") != nil)
  }

  @Test func `a limit with a match leaves what follows the last record that it let through`() throws {
    let run = try Shell.run("printf 'x\\ny\\nz\\nrest\\n' | { upon stdin match=y once -o tsv; cat; }")
    #expect(run.text == "stdin\tline\ty\nz\nrest\n")
  }
}
