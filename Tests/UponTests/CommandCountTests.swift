import Testing

/// What is counted of commands and their events: exactly, and again from the beginning where it should.
@Suite struct CommandCountTests {
  /// `busy` runs with the line 1 until it is let go; of what comes meanwhile nothing is lost.
  private static func busy(_ policy: String, _ more: String = "") -> String {
    """
    mkfifo go; exec upon --stats stdin print as=data \
    do 'read x <go; echo ran $UPON_DATA $UPON_SKIPPED $UPON_MERGED $UPON_COUNT' busy=\(policy) report \(more) \
    signal:USR1 name=go do 'echo >go'
    """
  }

  /// Sends lines and waits until upon has taken them.
  private func send(_ lines: ClosedRange<Int>, to upon: Running) throws {
    for line in lines { upon.send("\(line)\n") }
    try #require(upon.wait { upon.output.text.split(separator: "\n").contains("\(lines.upperBound)") })
  }

  private func letGo(_ upon: Running, expecting line: String) throws {
    let reports = upon.records.count
    upon.raise(10)
    try #require(upon.wait(for: line + "\n") != nil, "\(upon.finish(within: .zero))")
    try #require(upon.wait(forRecords: reports + 1))
  }

  @Test func `UPON_SKIPPED is 0 again for the run after the next`() throws {
    let upon = try Shell.start(Self.busy("skip"))
    try send(1...1, to: upon)
    try send(2...4, to: upon)
    try letGo(upon, expecting: "ran 1 0 0 1")
    try send(5...5, to: upon)
    try letGo(upon, expecting: "ran 5 3 0 1")
    try send(6...6, to: upon)
    try send(7...7, to: upon)
    try letGo(upon, expecting: "ran 6 0 0 1")
    try send(8...8, to: upon)
    try letGo(upon, expecting: "ran 8 1 0 1")
    upon.raise(15)
    let run = upon.finish()
    #expect(run.records.map { $0.number("skipped") } == [3, 0, 1, 0], "\(run)")
    let stats = try #require(Record(run.errorText))
    #expect([stats.number("runs"), stats.number("skipped"), stats.number("merged")] == [8, 4, 0], "\(run)")
  }

  @Test(arguments: ["merge", "restart"])
  func `--stats counts each merged event once`(policy: String) throws {
    let upon = try Shell.start(
      policy == "merge"
        ? Self.busy(policy)
        // The first run does not end before the others have come.
        : "exec upon --stats stdin print as=data do 'trap \"while ! test -e go; do sleep 0.01; done; exit\" TERM; "
          + "echo ran $UPON_DATA $UPON_MERGED $UPON_COUNT; while :; do sleep 0.01; done' busy=restart")
    try send(1...1, to: upon)
    if policy == "restart" { try #require(upon.wait(for: "ran 1 0 1\n") != nil) }
    try send(2...6, to: upon)
    if policy == "merge" {
      try letGo(upon, expecting: "ran 1 0 0 1")
      try letGo(upon, expecting: "ran 6 0 4 5")
    } else {
      try upon.directory.write([], to: "go")
      try #require(upon.wait(for: "ran 6 4 5\n") != nil)
    }
    upon.raise(15)
    let run = upon.finish()
    // A shell tells that TERM has ended what it waited for.
    let last = run.errorText.split(separator: "\n").last.map(String.init) ?? ""
    let stats = try #require(Record(last), "\(run)")
    #expect(stats.number("merged") == 4 && stats.number("skipped") == 0, "\(run)")
    #expect(stats.number("runs") == (policy == "merge" ? 4 : 2), "\(run)")
  }

  @Test func `output of exactly output-max is whole, and of one byte more is not`() throws {
    for (limit, size) in [("4K", 4096), ("1", 1), ("64K", 65536)] {
      let run = try Shell.run(
        """
        head -c 65537 /dev/zero | tr '\\0' x >block
        seq \(size - 1) \(size + 1) | upon stdin do 'read n; head -c $n block; head -c $n block >&2' \
        report=output output-max=\(limit) | jq -c '[(.out | length), .out_truncated, (.err | length), .err_truncated]'
        """)
      #expect(
        run.lines == [
          "[\(size - 1),null,\(size - 1),null]", "[\(size),null,\(size),null]", "[\(size),true,\(size),true]",
        ], "\(run)")
    }
  }

  @Test func `a failure after a success is told again`() throws {
    let run = try Shell.run("printf '3\\n3\\n0\\n3\\n0\\n0\\n4\\n3\\n' | upon stdin do 'read n; exit $n'")
    #expect(run.status == .exited(123))
    #expect(
      run.errorText.split(separator: "\n")
        == [3, 3, 4, 3].map { "upon: stdin: read n; exit $n: exit status \($0)" }, "\(run)")
  }
}
