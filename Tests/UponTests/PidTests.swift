import Glibc
import Testing

/// `pid:`: processes that end, whoever has started them.
@Suite(.everyBackend) struct PidTests {
  @Test func `a process of somebody else ends, with its status`() throws {
    let run = try Shell.run("(sleep 0.1; exit 7) & upon pid:$! & wait $!; wait", in: "bash")
    #expect(run.records.map { $0.event } == ["exit"], "\(run)")
    #expect(run.records.allSatisfy { $0.number("pid") > 1 })
    // Linux before 6.15 tells no status.
    #expect(run.records.allSatisfy { !$0.has("status") || $0.number("status") == 7 })
  }

  @Test func `a signal that ends it is told by its name`() throws {
    let run = try Shell.run("sleep 100 & upon -1 pid:$! & sleep 0.1; kill -9 %1; wait", in: "bash")
    #expect(run.records.count == 1, "\(run)")
    #expect(run.records.allSatisfy { !$0.has("signal") || $0.text("signal") == "KILL" })
  }

  @Test func `one that is not there has ended`() throws {
    let run = try Shell.run("true & p=$!; wait; upon -t 10s pid:$p")
    #expect(run.records.map { $0.event } == ["exit"], "\(run)")
    #expect(run.status == .exited(0))
  }

  @Test func `a zombie has ended`() throws {
    // The shell becomes a program that does not wait for its child.
    let run = try Shell.start("true & echo $!; exec sleep 1000")
    let pid = try #require(run.wait(for: "\n")).split(separator: "\n")[0]
    let watch = try Shell.run("upon -t 10s pid:\(pid)")
    #expect(watch.records.map { $0.number("pid") } == [Int(pid)], "\(watch)")
    #expect(watch.status == .exited(0))
  }

  @Test func `under -a all of them have to end`() throws {
    let run = try Shell.run(
      "sleep 0.05 & a=$!; sleep 0.3 & b=$!; upon -a pid:$a,$b every:1h exit=9; echo $?; kill -0 $a $b 2>/dev/null || echo over"
    )
    #expect(run.records.count == 2, "\(run)")
    #expect(run.lines.suffix(2) == ["0", "over"])
  }

  @Test func `-1 is satisfied by the first`() throws {
    let run = try Shell.run(
      "sleep 0.05 & a=$!; sleep 100 & b=$!; upon -1 pid:$b,$a | jq .pid; echo $a; kill $b")
    #expect(run.lines.count == 2 && run.lines[0] == run.lines[1], "\(run)")
  }

  @Test func `a file has the number, and no file means that the process has ended`() throws {
    let run = try Shell.run(
      "sleep 0.1 & echo \" $! \" >f; upon -a pid:@f pid:@none | jq -c 'has(\"pid\")' | sort")
    #expect(run.lines == ["false", "true"], "\(run)")
    let empty = try Shell.run(": >e; upon pid:@e")
    #expect(empty.status == .exited(125))
    #expect(empty.errorText == "upon: pid:@e: e is empty\n")
    let bad = try Shell.run("echo x >b; upon pid:@b")
    #expect(bad.status == .exited(125))
    #expect(bad.errorText == "upon: pid:@b: b does not begin with the number of a process\n")
  }

  @Test(arguments: ["0", "-1", "x", "1,", "99999999999", "@", "7,7"])
  func `what is no process is a usage error`(address: String) throws {
    let run = try Shell.run("upon pid:\(address)")
    #expect(run.status == .exited(64))
    #expect(run.errorText.hasPrefix("upon: 'pid:\(address)': "), "\(run)")
  }

  @Test func `paused, the exit comes at resume, and it is not fired by hand`() throws {
    let run = try Shell.run(
      #"""
      sleep 0.1 & p=$!
      { printf '{"trigger":"pid:%s","id":1}\n{"pause":"pid:%s"}\n' $p $p; wait $p; sleep 0.2
        printf '{"stats":true,"id":2}\n{"resume":"pid:%s"}\n' $p; sleep 0.2; } |
        upon --control stdin pid:$p | jq -r '.event, .error // empty'
      """#)
    #expect(run.lines.count == 4, "\(run)")
    #expect(run.lines.first == "reply" && run.lines.last == "exit")
    #expect(run.text.contains("an exit is not made by hand"))
  }

  @Test func `what ends in several pauses is told once each`() throws {
    let upon = try Shell.start(
      """
      for i in 1 2 3; do sleep 1000 & pids=$pids,$!; done; echo ${pids#,}
      exec upon --control stdin pid:${pids#,} name=p
      """)
    let pids = try #require(upon.wait(for: "\n")).split { ",\n".contains($0) }.compactMap { pid_t($0) }
    for (round, pid) in pids.enumerated() {
      #expect(upon.ask(#"{"pause":"p","id":"p\#(round)"}"#, id: "p\(round)")?.isOK ?? false)
      kill(pid, SIGKILL)
      // Noticed or not by then, it is told behind the pause.
      upon.pass(.milliseconds(50))
      #expect(!upon.records.contains { $0.event == "exit" && $0.number("pid") == Int(pid) })
      #expect(upon.ask(#"{"resume":"p","id":"r\#(round)"}"#, id: "r\(round)")?.isOK ?? false)
      #expect(upon.wait(forRecords: round + 1) { $0.event == "exit" })
    }
    upon.closeInput()
    let exits = upon.finish().records.filter { $0.event == "exit" }
    #expect(exits.map { $0.number("pid") } == pids.map(Int.init))
  }

  @Test func `a thousand are watched at once`() throws {
    let run = try Shell.run(
      """
      i=0; l=; while [ $i -lt 1000 ]; do sleep 0.5 & l=$l,$!; i=$((i+1)); done
      upon -a pid:${l#,} | jq .pid | sort -u | wc -l
      """, in: "bash")
    #expect(run.lines == ["1000"], "\(run)")
  }
}
