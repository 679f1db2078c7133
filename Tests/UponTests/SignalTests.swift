import Glibc
import Testing

/// Signals that upon watches, and those that it does not.
@Suite(.everyBackend) struct SignalTests {
  static func start(_ arguments: String) throws -> Running {
    let upon = try Shell.start("exec upon --ready-fd 2 \(arguments)")
    try #require(upon.wait { !upon.errors.isEmpty })
    return upon
  }

  @Test func `a record names the signal and its sender`() throws {
    let run = try Shell.run(
      "echo $$; id -u; upon -1 --ready-fd 3 signal:HUP,usr1 3>&1 >out | { read -r x; kill -USR1 $(pgrep -P $$ -x upon); }; cat out"
    )
    let record = try #require(run.records.first, "\(run)")
    #expect(record.text("signal") == "USR1")
    #expect(record.number("number") == 10)
    #expect(record.number("pid") > 0)
    #expect("\(record.number("uid"))" == run.lines[1])
  }

  @Test func `several names are one source and several sources may have one signal`() throws {
    let upon = try Self.start("-o tsv signal:USR1,USR2 name=both signal:USR2 limit=1 name=one")
    upon.raise(SIGUSR1)
    #expect(upon.wait(for: "both\tsignal\t\n") != nil)
    upon.raise(SIGUSR2)
    #expect(upon.wait { upon.output.text.split(separator: "\n").count == 3 })
    #expect(
      upon.output.text.split(separator: "\n").sorted() == [
        "both\tsignal\t", "both\tsignal\t", "one\tsignal\t",
      ])
  }

  @Test func `5,000 queued signals are counted to the last`() throws {
    let run = try Shell.run(
      """
      import json, os, signal, subprocess
      upon = subprocess.Popen(["upon", "signal:RTMIN+1", "after:0", "signal:TERM", "exit=0"], stdout=subprocess.PIPE)
      upon.stdout.readline()
      for _ in range(5000): os.kill(upon.pid, signal.SIGRTMIN + 1)
      total = 0
      while total < 5000:
        record = json.loads(upon.stdout.readline())
        total += record["count"]
      os.kill(upon.pid, signal.SIGTERM)
      print(total, record["signal"], record["pid"] == os.getpid(), upon.wait())
      """, in: "python3", within: .seconds(20))
    #expect(run.text == "5000 RTMIN+1 True 0\n", "\(run)")
  }

  @Test func `a signal that was ignored stays ignored unless it is watched`() throws {
    for before in ["trap '' HUP INT;", "nohup"] {
      let upon = try Shell.start(
        "\(before) upon --ready-fd 2 -o tsv signal:USR1 2>&1 & echo pid $! >&2; wait")
      defer { _ = upon.finish(within: .zero) }
      #expect(upon.wait { upon.errors.text.hasSuffix("\n") && !upon.output.isEmpty })
      let pid = try #require(upon.errors.text.split(separator: " ").last.flatMap { Int32($0.dropLast()) })
      kill(pid, SIGHUP)
      kill(pid, SIGUSR1)
      #expect(upon.wait(for: "signal:USR1\tsignal\t\n", within: .seconds(5)) != nil, "\(before)")
    }
    let watched = try Shell.start("trap '' HUP; exec upon --ready-fd 2 -1 -o tsv signal:HUP")
    #expect(watched.wait { !watched.errors.isEmpty })
    watched.raise(SIGHUP)
    #expect(watched.finish().text == "signal:HUP\tsignal\t\n")
  }

  @Test func `signals that come while upon is stopped merge`() throws {
    let upon = try Self.start("signal:RTMIN+2 limit=1")
    upon.raise(SIGSTOP)
    for _ in 1...7 { upon.raise(36) }
    upon.raise(SIGCONT)
    let run = upon.finish(within: .seconds(10))
    #expect(run.records.count == 1)
    #expect(run.records.first?.text("signal") == "RTMIN+2", "\(run)")
  }
}
