import Testing

/// The harness itself, as far as a test could be fooled by it.
@Suite struct ShellTests {
  @Test func `gives output, errors and status`() throws {
    let run = try Shell.run("cat; echo oops >&2; exit 3", input: Array("hello".utf8))
    #expect(run.text == "hello")
    #expect(run.errorText == "oops\n")
    #expect(run.status == .exited(3))
  }

  @Test func `tells a signal from a status`() throws {
    #expect(try Shell.run("kill -TERM $$").status == .killed(by: 15))
  }

  @Test func `moves more than pipes hold both ways at once`() throws {
    let bytes = [UInt8](repeating: 0x61, count: 3_000_000)
    let run = try Shell.run("tee /dev/stderr", input: bytes)
    #expect(run.output == bytes)
    #expect(run.errors == bytes)
  }

  @Test func `does not wait for a command that never reads`() throws {
    #expect(try Shell.run("exit 0", input: [UInt8](repeating: 0, count: 1_000_000)).status == .exited(0))
  }

  @Test func `ends what takes too long, with all that it started`() throws {
    let run = try Shell.run("sleep 1000 & echo $!; wait", within: .milliseconds(300))
    #expect(run.status == nil)
    let sleeper = try #require(run.lines.first)
    let gone = try Shell.run("while grep -q 'State:.[^ZX]' /proc/\(sleeper)/status; do :; done")
    #expect(gone.status == .exited(0))
  }

  @Test func `passes nothing on but three descriptors and default signals`() throws {
    let run = try Shell.run("ls /proc/self/fd | wc -l; grep -E 'Sig(Blk|Ign)' /proc/self/status")
    // The fourth is the directory that ls itself reads.
    #expect(run.lines == ["4", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"])
  }

  @Test func `talks to a running process`() throws {
    let running = try Shell.start("while read -r line; do echo \"<$line>\"; done; echo end")
    running.send("a\n")
    #expect(running.wait(for: "<a>\n") == "<a>\n")
    running.send("b\n")
    #expect(running.wait(for: "<b>\n") == "<b>\n")
    #expect(running.finish().text == "<a>\n<b>\nend\n")
  }

  @Test func `gives a program a terminal`() throws {
    let running = try Shell.terminal(["sh", "-c", "tty; stty size; read x; echo got $x"])
    #expect(running.wait(for: "24 80") != nil)
    running.send("it\n")
    #expect(running.wait(for: "got it") != nil)
    #expect(running.finish().status == .exited(0))
  }
}
