import Foundation
import Testing

/// `uponctl stats --prometheus`.
@Suite struct MetricsTests {
  /// Samples by metric and labels, read as strictly as the format is described.
  private func samples(_ text: String) throws -> [String: String] {
    var samples: [String: String] = [:]
    var family = ""
    var kind = ""
    var known: Set<String> = []
    #expect(text.hasSuffix("\n"))
    for line in text.split(separator: "\n") {
      if let help = try /# HELP (upon_[a-z_]+) [A-Z][^\\]*\./.wholeMatch(in: line) {
        family = String(help.1)
        #expect(known.insert(family).inserted, "\(family) stands in two places")
      } else if let type = try /# TYPE (upon_[a-z_]+) (counter|gauge)/.wholeMatch(in: line) {
        #expect(String(type.1) == family)
        kind = String(type.2)
        #expect(family.hasSuffix("_total") == (kind == "counter"))
      } else {
        let sample = try #require(
          try
            /(upon_[a-z_]+)(\{[a-z]+="(?:[^"\\]|\\[\\"n])*"(?:,[a-z]+="(?:[^"\\]|\\[\\"n])*")*\})? ([0-9]+(?:\.[0-9]{6})?)/
            .wholeMatch(in: line), "\(line)")
        #expect(String(sample.1) == family)
        let key = String(sample.1) + (sample.2.map(String.init) ?? "")
        #expect(samples.updateValue(String(sample.3), forKey: key) == nil, "\(key) stands twice")
      }
    }
    return samples
  }

  @Test func `every number of stats and list is a metric, and promtool finds nothing to say`() throws {
    let run = try Controlled.run(
      #"""
      c = Client()
      name = 'a"b\\c\nd é'
      c.ok(add=["every:1h", "name=" + name, "do", "exec sleep 100", "busy=skip"])
      c.ok(add=["start", "do", "false"]); c.ok(pause="paused")
      for _ in range(3): c.ok(trigger=name)
      w = connect("web"); w.sendall(b"12345\n"); v = connect("web"); v.sendall(b"half")
      until(lambda: [x["bytes_in"] for x in c.connections()] == [6, 4])
      until(lambda: c.ok(stats=True)["failed"] == 1)
      print(subprocess.run(["uponctl", "s", "stats", "--prometheus"], capture_output=True, text=True).stdout, end="")
      open("metrics", "w").write(subprocess.run(["uponctl", "s", "stats", "--prometheus"], capture_output=True, text=True).stdout)
      check = subprocess.run(["promtool", "check", "metrics"], stdin=open("metrics"), capture_output=True, text=True)
      assert check.returncode == 0 and not check.stdout + check.stderr, check
      a, b = json.loads(subprocess.check_output(["uponctl", "s", "list"]))["sources"], time.time()
      for line in open("metrics"):
          if line.startswith("upon_source_due_timestamp_seconds{"): assert 3590 < float(line.split()[-1]) - b < 3610 or "paused" in line, line
          if line.startswith("upon_source_armed_timestamp_seconds{"): assert -10 < float(line.split()[-1]) - b < 0, line
      c.send(exit=0)
      """#, "-q unix-listen:web every:2h name=paused path:watched", setup: "mkdir watched")
    let text = run.lines.dropLast().map { $0 + "\n" }.joined()
    #expect(run.lines.last == "0 0", "\(run)")
    let found = try samples(text)
    let name = #"a\"b\\c\nd é"#
    for (key, value) in [
      "upon_sources": "4", "upon_runs_total": "2", "upon_runs_failed_total": "1",
      "upon_events_skipped_total": "2",
      "upon_source_events_total{kind=\"every\",name=\"\(name)\"}": "3",
      "upon_source_state{kind=\"every\",name=\"paused\",state=\"paused\"}": "1",
      "upon_source_state{kind=\"every\",name=\"paused\",state=\"armed\"}": "0",
      "upon_source_directories{kind=\"path\",name=\"path:watched\"}": "1",
      "upon_commands{name=\"\(name)\"}": "1", "upon_commands{name=\"paused\"}": "0",
      "upon_connections{name=\"unix-listen:web\"}": "2",
      "upon_connections_received_bytes{name=\"unix-listen:web\"}": "10",
      "upon_connections_sent_bytes{name=\"unix-listen:web\"}": "0",
    ] { #expect(found[key] == value, "\(key): \(found[key] ?? "missing")") }
    let families = Set(found.keys.map { $0.prefix { $0 != "{" } })
    #expect(families.count == 25, "\(families.sorted())")
    #expect((found["upon_uptime_seconds"].flatMap(Double.init) ?? -1) > 0)
    #expect((found["upon_resident_memory_bytes"].flatMap(Int.init) ?? 0) > 1 << 20)
  }

  @Test func `two thousand sources are told in bounded time, and forms exclude each other`() throws {
    let run = try Controlled.run(
      """
      c = Client()
      began = time.monotonic()
      text = subprocess.check_output(["uponctl", "s", "stats", "--prometheus"], text=True)
      print(text.count("upon_source_events_total{"), time.monotonic() - began < 15)
      for form in ["--json", "--table"]:
          r = subprocess.run(["uponctl", "s", "stats", "--prometheus", form], capture_output=True, text=True); print(r.returncode, r.stderr, end="")
      c.send(exit=0)
      """, "-f rules", setup: "seq 10001 12000 | sed 's/.*/every:&s name=n& ignore/' > rules")
    #expect(
      run.lines.dropLast() == [
        "2000 True", "64 uponctl: --prometheus is a form of its own",
        "64 uponctl: --prometheus is a form of its own",
      ], "\(run)")
    #expect(run.lines.last == "0 0")
  }
}
