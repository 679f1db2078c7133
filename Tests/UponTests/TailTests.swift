import Testing

/// tail: what is appended to logs, through rotation and truncation.
@Suite struct TailTests {
  /// Starts upon on a log, and waits until a first line has come through.
  static func follow(_ arguments: String, setup: String = "echo old > log") throws -> Running {
    let directory = try TemporaryDirectory()
    _ = try Shell.run(setup, directory: directory)
    return try Shell.start("exec upon -t 20s -o data tail:\(arguments)", directory: directory)
  }

  @Test func `what is appended is told, and what was there before is not`() throws {
    let directory = try TemporaryDirectory()
    let run = try Shell.run(
      "echo old > log; (sleep 0.5; echo a >> log; printf 'b' >> log; sleep 0.1; echo c >> log) & upon -n 2 -t 15s tail:log",
      directory: directory)
    #expect(run.records.map(\.data) == ["a", "bc"], "\(run)")
    #expect(run.records.map { $0.text("file") } == ["log", "log"])
  }

  @Test func `from=start reads what is there`() throws {
    let run = try Shell.run("printf 'a\\nb\\n' > log; upon -n 2 -t 15s -o data tail:log from=start")
    #expect(run.lines == ["a", "b"], "\(run)")
  }

  @Test func `a log that is not there yet is read from its start`() throws {
    let run = try Shell.run("(sleep 0.3; mkdir d; echo a > d/log) & upon -1 -t 15s -o data tail:d/log")
    #expect(run.lines == ["a"], "\(run)")
  }

  @Test func `lines before and behind a rotation come in order, each once`() throws {
    let upon = try Self.follow("log from=start on=+rotate")
    #expect(upon.wait(for: "old\n") != nil)
    let act = """
      for i in $(seq 1 300); do echo $i >> log; test $((i % 100)) = 0 && mv log log.$i; done; echo last >> log; echo late >> log.300
      """
    _ = try Shell.run(act, directory: upon.directory)
    #expect(upon.wait(for: "late\n") != nil)
    #expect(
      upon.wait(for: "last\n", within: .milliseconds(100)) != nil || upon.output.text.contains("last\n"))
    let lines = upon.output.text.split(separator: "\n").map(String.init)
    #expect(lines.filter { Int($0) != nil } == (1...300).map(String.init))
    #expect(lines.amounts["last"] == 1 && lines.amounts["late"] == 1)
  }

  @Test func `a file that is cut is read from its start, and told where that is named`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start(
      "echo old > log; exec upon -t 20s tail:log from=start on=+truncate", directory: directory)
    #expect(upon.wait(forRecords: 1) { $0.data == "old" })
    _ = try Shell.run("printf half >> log", directory: directory)
    upon.pass(.milliseconds(200))
    _ = try Shell.run("echo n > log", directory: directory)
    #expect(upon.wait(forRecords: 1) { $0.data == "n" })
    #expect(upon.records.map(\.event) == ["line", "line", "truncate", "line"], "\(upon.output.text)")
    #expect(upon.records[1].data == "half" && upon.records[1].value("partial") as? Bool == true)
  }

  @Test func `a pattern follows all logs that match, also new ones, and says which`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start(
      "echo 1 > a.log; echo 2 > b.log; echo 3 > c.txt; exec upon -t 20s tail:'*.log' from=start",
      directory: directory)
    #expect(upon.wait(forRecords: 2))
    _ = try Shell.run("echo 4 > d.log; echo 5 >> c.txt; echo 6 >> a.log", directory: directory)
    #expect(upon.wait(forRecords: 4))
    #expect(
      upon.records.map { $0.text("file") + $0.data }.amounts
        == ["a.log1", "b.log2", "d.log4", "a.log6"].amounts)
  }

  @Test func `a command that is slow gets every line once`() throws {
    let run = try Shell.run("seq 200 > log; upon -q -n 200 -t 15s tail:log from=start do cat")
    #expect(run.lines == (1...200).map(String.init), "\(run)")
  }

  // MARK: Positions

  @Test func `a second run goes on where the first has ended, through rotation`() throws {
    let run = try Shell.run(
      """
      seq 1 100 > log; upon -q -n 40 -t 15s tail:log state=s from=start do cat
      mv log log.1; seq 101 150 > log; upon -o data -n 110 -t 15s tail:log state=s
      seq 151 160 >> log; upon -o data -n 10 -t 15s tail:log state=s
      """)
    #expect(run.lines == (1...160).map(String.init), "\(run)")
  }

  @Test func `what waits for a command when upon is told to end is read again, what has run is not`() throws {
    let directory = try TemporaryDirectory()
    let first = try Shell.start(
      "seq 1 20 > log; exec upon -t 20s tail:log state=s from=start do 'cat; test $UPON_DATA = 5 && sleep 0.3; true'",
      directory: directory)
    #expect(first.wait(for: "5\n") != nil)
    first.raise(15)
    let done = first.finish().lines
    let second = try Shell.run("upon -o data -t 1s tail:log state=s from=start", directory: directory)
    #expect(done + second.lines == (1...20).map(String.init), "\(done) \(second)")
  }

  @Test func `what was killed loses nothing`() throws {
    let directory = try TemporaryDirectory()
    let first = try Shell.start(
      "seq 1 2000 > log; exec upon -o data tail:log state=s from=start do cat", directory: directory)
    #expect(first.wait(for: "\n500\n") != nil)
    first.raise(9)
    let done = first.finish().lines
    let second = try Shell.run("upon -o data -t 2s tail:log state=s from=start", directory: directory)
    #expect(Set(done + second.lines) == Set((1...2000).map(String.init)))
    #expect(second.lines == second.lines.sorted { Int($0)! < Int($1)! } && second.lines.last == "2000")
  }

  @Test func `a batch is done as a whole`() throws {
    let run = try Shell.run(
      """
      seq 1 10 > log; upon -1 -t 15s tail:log state=s from=start batch=100ms do cat
      seq 11 12 >> log; upon -o data -n 2 -t 15s tail:log state=s from=start
      """)
    #expect(run.lines == (1...12).map(String.init), "\(run)")
  }

  @Test(arguments: ["printf foreign > s", "head -c 100 /dev/zero > s", "sed -i 2s/1/2/ s"])
  func `a state of no use is told and kept, and the log read as from= says`(_ ruin: String) throws {
    let run = try Shell.run(
      """
      echo a > log; upon -1 -q -t 15s tail:log state=s from=start ignore; \(ruin); cp s was
      upon -1 -o data -t 15s tail:log state=s from=start; cmp s.bad was && echo kept
      """)
    #expect(run.lines == ["a", "kept"], "\(run)")
    #expect(run.errorText.contains("s is damaged or no state of upon; it is kept as s.bad"))
  }

  @Test func `a state belongs to one upon at a time`() throws {
    let run = try Shell.run(
      """
      echo a > log; upon -t 15s tail:log state=s & until test -e s; do sleep 0.01; done; sleep 0.2
      upon -t 5s tail:log state=s; echo $?; kill $!; wait
      """)
    #expect(run.lines == ["125"], "\(run)")
    #expect(run.errorText.contains("state=s: another upon has it"))
  }

  /// Each writing puts a new file in the place of the one that was locked.
  @Test func `a state that has been written is locked still`() throws {
    let run = try Shell.run(
      """
      echo a > log; upon -q -t 15s tail:log state=s from=start & until test -s s; do sleep 0.01; done
      upon -t 5s tail:log state=s; echo $?; kill $!; wait
      """)
    #expect(run.lines == ["125"], "\(run)")
    #expect(run.errorText.contains("state=s: another upon has it"))
  }

  @Test func `a state that cannot be written is told before anything is read`() throws {
    let run = try Shell.run(
      "echo a > log; upon -1 -t 5s tail:log state=none/s; echo $?; upon -1 -t 5s tail:log state=/proc/s; echo $?"
    )
    #expect(run.lines == ["125", "125"], "\(run)")
    #expect(run.errorText.split(separator: "\n").count == 2)
  }

  @Test(arguments: [
    ("tail:", "expected an address, tail:PATH"), ("tail:dir/", "expected a file, not a directory"),
    ("'tail:a*/b.log'", "only the last part of the path may be a pattern"), ("'tail:[a'", "is not closed"),
    ("tail:x from=middle", "expected end or start"), ("tail:x frame=none", "expected line, nul or chunk"),
  ])
  func `a mistake is told in one line`(_ arguments: String, _ message: String) throws {
    let run = try Shell.run("upon \(arguments)")
    #expect(run.errorText.contains(message), "\(run)")
    #expect(run.errorText.hasPrefix("upon: ") && run.errorText.split(separator: "\n").count == 1)
    #expect(run.status == .exited(64))
  }
}
