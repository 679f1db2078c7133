import Testing

/// fifo: lines of a named pipe, whose writers come and go.
@Suite struct FifoTests {
  /// A pipe as a script waits for it.
  static let ready = "until test -p p; do sleep 0.01; done;"

  @Test func `lines of one writer after another come in order, and none ends it`() throws {
    let run = try Shell.run(
      "upon -o data -n 3 -t 15s fifo:p & \(Self.ready) echo a > p; printf 'b\\nc\\n' > p; wait")
    #expect(run.lines == ["a", "b", "c"], "\(run)")
  }

  @Test func `a pipe that was made has its mode and is removed at the end`() throws {
    let run = try Shell.run(
      "umask 077; upon -1 -q -t 15s fifo:p mode=620 & \(Self.ready) stat -c %a p; echo a > p; wait; test -e p && echo left; exit 0"
    )
    #expect(run.lines == ["620"], "\(run)")
  }

  @Test func `a pipe has mode 600 where it is made`() throws {
    let run = try Shell.run("upon -1 -q -t 15s fifo:p & \(Self.ready) stat -c %a p; echo a > p; wait")
    #expect(run.lines == ["600"], "\(run)")
  }

  @Test func `a pipe that was there stays`() throws {
    let run = try Shell.run("mkfifo -m 640 p; (echo a > p) & upon -1 -o data -t 15s fifo:p; stat -c %a p")
    #expect(run.lines == ["a", "640"], "\(run)")
  }

  @Test func `chunks, silence and patterns as of other sources that read`() throws {
    let run = try Shell.run(
      "upon -n 2 -t 15s fifo:p match=x idle=100ms & \(Self.ready) exec 3> p; echo y >&3; echo x >&3; wait")
    #expect(run.records.map(\.event) == ["line", "idle"], "\(run)")
    #expect(run.records.first?.data == "x")
  }

  @Test func `replaced by another pipe it reads that one, and what it had made is removed`() throws {
    let run = try Controlled.run(
      """
      c = Client()
      assert os.path.exists("a")
      c.ok(add=["fifo:b", "name=p", "do", "cat"], replace=True)
      assert not os.path.exists("a")
      open("b", "w").write("hello\\n")
      until(lambda: c.source("p")["events"] == 1)
      c.ok(exit=0, drain=True)
      """, "fifo:a name=p")
    #expect(run.lines == ["hello", "0 0"], "\(run)")
  }

  @Test func `trigger gives it a line`() throws {
    let run = try Controlled.run(
      "c = Client()\nc.ok(trigger=\"fifo:p\", data=\"hello\")\nc.ok(exit=0, drain=True)", "fifo:p do cat")
    #expect(run.lines == ["hello", "0 0"], "\(run)")
  }

  @Test(arguments: [
    ("fifo:f", 125, "f: exists and is not a named pipe"), ("fifo:none/p", 125, "none/p: No such file"),
    ("fifo:", 64, "expected an address, fifo:PATH"), ("fifo:p frame=none", 64, "expected line, nul or chunk"),
    ("fifo:p mode=9", 64, "an octal mode"),
  ])
  func `what cannot be a pipe is told`(_ arguments: String, _ status: Int32, _ message: String) throws {
    let run = try Shell.run("echo keep > f; upon \(arguments); code=$?; cat f; exit $code")
    #expect(run.errorText.contains(message), "\(run)")
    #expect(run.errorText.split(separator: "\n").count == 1)
    #expect(run.status == .exited(status))
    #expect(run.lines == ["keep"])
  }
}
