import Testing

/// batch=: many events as one with all their bytes, and merging that loses none of them.
@Suite struct BatchTests {
  @Test func `lines that come together are one event with all of them`() throws {
    let run = try Shell.run("printf 'a\\nb\\nc\\n' | upon stdin batch=100ms")
    #expect(run.records.map(\.data) == ["a\nb\nc"], "\(run)")
    #expect(run.records.map(\.count) == [3])
    #expect(run.records.map(\.event) == ["line"])
  }

  @Test func `a command reads each line with its end, and an unfinished one without`() throws {
    let run = try Shell.run("printf 'a\\nb\\nc' | upon stdin batch=100ms do 'od -An -c; echo $UPON_COUNT'")
    #expect(run.text.split(whereSeparator: \.isWhitespace) == ["a", "\\n", "b", "\\n", "c", "3"], "\(run)")
  }

  @Test func `print as data gives what came`() throws {
    let run = try Shell.run("printf 'a\\r\\nb\\n' | upon -o data stdin batch=100ms | od -An -c")
    #expect(run.text.split(whereSeparator: \.isWhitespace) == ["a", "\\r", "\\n", "b", "\\n"], "\(run)")
  }

  /// Datagrams bring no line end, and ran into each other.
  @Test func `each datagram is a line of its own`() throws {
    let run = try Shell.run(
      #"""
      cat > send <<'end'
      import socket
      sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      for text in b"a:1", b"", b"b:2\n", b"c:3": sender.sendto(text, "s")
      end
      for action in print 'print as=data' 'do cat'; do
        upon unix-dgram-listen:s batch=300ms limit=1 $action & until test -S s; do sleep 0.01; done
        python3 send; wait
      done
      """#)
    let batch = "a:1\n\nb:2\nc:3"
    #expect(run.records.map(\.data) == [batch], "\(run)")
    #expect(run.records.map(\.count) == [4])
    #expect(run.text.components(separatedBy: "}\n").last == batch + "\n" + batch + "\n", "\(run)")
  }

  @Test func `a batch is over when it has been quiet for its span, and not sooner`() throws {
    let window = try TimeWindow()
    let upon = try Shell.start("exec upon stdin batch=200ms every:1h now")
    #expect(upon.wait(forRecords: 1))
    upon.send("a\n")
    upon.pass(.milliseconds(100))
    let began = ContinuousClock.now
    upon.send("b\n")
    #expect(upon.wait(forRecords: 2))
    try window.expect(ContinuousClock.now - began, in: .milliseconds(199) ... .milliseconds(290))
    let record = try #require(upon.records.last)
    #expect(record.data == "a\nb" && record.count == 2)
  }

  @Test func `a stream without a pause is delivered after the maximum, and nothing of it is missing`() throws
  {
    let run = try Shell.run(
      """
      (i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo $i; sleep 0.01; done) | upon -o data stdin batch=150ms,300ms do 'cat; echo --'
      """)
    #expect(run.lines.filter { $0 != "--" } == (1...60).map(String.init), "\(run)")
    #expect(run.lines.count { $0 == "--" } >= 2)
  }

  @Test func `the maximum is ten times the span where it is not given`() throws {
    let window = try TimeWindow()
    let run = try Shell.run(
      "(i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo $i; sleep 0.01; done) | upon -1 stdin batch=50ms")
    try window.expect(run.duration, in: .milliseconds(499) ... .milliseconds(2_900), "\(run)")
    #expect(run.records.count == 1)
  }

  @Test func `zero is no batch`() throws {
    let run = try Shell.run("printf 'a\\nb\\n' | upon stdin batch=0")
    #expect(run.records.map(\.data) == ["a", "b"])
  }

  @Test func `an event without data is not held, and what is held comes before it`() throws {
    let run = try Shell.run("printf 'a\\nb\\n' | upon stdin batch=10s,1h on=+end")
    #expect(run.records.map(\.event) == ["line", "end"], "\(run)")
    #expect(run.records.map(\.count) == [2, 1])
  }

  @Test func `the end of a source delivers what is held`() throws {
    let window = try TimeWindow()
    let run = try Shell.run("printf 'a\\nb\\n' | upon stdin batch=1h")
    #expect(run.records.map(\.data) == ["a\nb"], "\(run)")
    try window.expect(run.duration, in: .zero ... .seconds(2))
  }

  @Test func `what is held of a source is delivered before exit= ends upon`() throws {
    let run = try Shell.run("printf 'a\\nb\\n' | upon -o data stdin batch=1h exit=end:3 do cat")
    #expect(run.lines == ["a", "b"], "\(run)")
    #expect(run.status == .exited(3))
  }

  @Test func `eight mebibytes are delivered at once`() throws {
    let run = try Shell.run(
      """
      (head -c 9437184 /dev/zero | tr '\\0' x | fold -w 1023; sleep 1) | upon -q stdin batch=1h do 'wc -c'
      """)
    let sizes = run.lines.compactMap { Int($0.trimmingPrefix(while: { $0 == " " })) }
    #expect(sizes.count == 2, "\(run)")
    // A line end more for each whole line.
    let all = 9_437_184 + 9_437_184 / 1023
    #expect(sizes.reduce(0, +) == all, "\(run)")
    #expect((sizes.first ?? 0) >= 8 << 20 && (sizes.first ?? 0) < (8 << 20) + 1024)
  }

  @Test func `connections are kept apart`() throws {
    let run = try Network().run(
      Network.servers + Network.clients + """
        serves upon tcp-listen:7000 on=line batch=1h limit=2 > out
        say 'a\\nb\\n'; say 'c\\n'; wait $listener; cat out
        """)
    #expect(run.records.map(\.data).sorted() == ["a\nb", "c"], "\(run)")
  }

  @Test func `batches that find the command running become one, and no line is missing`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start(
      "exec upon -o data stdin batch=20ms do 'cat; echo --; while ! test -e go; do sleep 0.01; done' busy=merge",
      directory: directory)
    upon.send("a\n")
    #expect(upon.wait(for: "a\n--\n") != nil)
    for line in ["b", "c", "d"] {
      upon.send(line + "\n")
      upon.pass(.milliseconds(60))
    }
    try directory.write([], to: "go")
    let run = upon.finish()
    #expect(run.lines == ["a", "--", "b", "c", "d", "--"], "\(run)")
  }

  @Test(arguments: [
    ("every:1s batch=1s", "'batch=1s': has no effect: no event with data"),
    ("stdin batch=1s debounce=1s", "has no effect beside"),
    ("stdin throttle=1s batch=1s", "has no effect beside"),
    ("stdin batch=2s,1s", "MAX not shorter than D"), ("stdin batch=", "expected 0, a duration"),
    ("stdin batch=x", "expected 0, a duration"), ("stdin frame=none batch=1s", "no event with data"),
  ])
  func `a batch that cannot be is told`(_ arguments: String, _ message: String) throws {
    let run = try Shell.run("upon \(arguments)")
    #expect(run.errorText.contains(message), "\(run)")
    #expect(run.errorText.split(separator: "\n").count == 1)
    #expect(run.status == .exited(64))
  }
}
