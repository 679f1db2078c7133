import Foundation
import Testing

/// What is written for an event, and what happens where nobody takes it.
@Suite(.everyBackend) struct RecordTests {
  static let random: [UInt8] = (0..<200_000).map { _ in UInt8.random(in: 0...255) }

  static let all: [UInt8] = (0...255).flatMap { (byte: UInt8) -> [UInt8] in [byte, 0x41, byte, 0x80] }

  @Test(arguments: [all, random])
  func `any bytes are correct JSON and come back from it`(bytes: [UInt8]) throws {
    let directory = try TemporaryDirectory()
    try directory.write(bytes, to: "input")
    let run = try Shell.run(
      """
      upon stdin < input > records
      jq -e . < records > /dev/null && echo jq
      python3 -c '
      import base64, json
      back = []
      for line in open("records", "rb"):
        record = json.loads(line.decode("utf-8", "strict"))
        data = record["data"].encode()
        back.append(base64.b64decode(record["data_base64"]) if "data_base64" in record else data)
        assert base64.b64decode(record.get("data_base64", "")).decode("utf-8", "replace") in (record["data"], "")
      given = [l[:-1] if l.endswith(b"\\r") else l for l in open("input", "rb").read().split(b"\\n")]
      print(back == (given if given[-1] else given[:-1]))
      '
      """, directory: directory)
    #expect(run.text == "jq\nTrue\n", "\(run)")
  }

  @Test func `fields stand in their order`() throws {
    let run = try Shell.run("printf '\\377\\n' | upon start stdin max=1 every:1ms once")
    let patterns = [
      "start": #""event":"start","count":1\}"#,
      "stdin": #""event":"line","count":1,"data":"�","data_base64":"/w=="\}"#,
      "every:1ms": #""event":"tick","count":1,"number":\d+,"missed":\d+,"late_us":\d+\}"#,
    ]
    #expect(run.records.count == 3, "\(run)")
    for (index, record) in run.records.enumerated() {
      let name = record.text("name")
      let kind = record.text("kind")
      let pattern =
        #"\{"seq":\#(index + 1),"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","name":"\#(name)","kind":"\#(kind)","#
        + (patterns[name] ?? "nothing")
      #expect(try record.line.wholeMatch(of: Regex(pattern)) != nil, "\(record)")
    }
  }

  @Test func `tsv escapes, data does not, and each print has its own form`() throws {
    let run = try Shell.run(
      "printf 'a\\tb\\\\\\r\\n' | upon stdin print as=tsv print as=data print file=all -o data; cat all")
    #expect(run.text == "stdin\tline\ta\\tb\\\\\na\tb\\\r\na\tb\\\r\n", "\(run)")
    #expect(try Shell.run("echo a | upon -q stdin do cat stdin print after:0").text == "a\n")
  }

  @Test func `a file that was renamed is opened again`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start("exec upon every:100ms print file=log as=tsv", directory: directory)
    let size = { directory.contents($0)?.count ?? 0 }
    #expect(upon.wait { size("log") > 0 })
    try FileManager.default.moveItem(atPath: "\(directory.path)/log", toPath: "\(directory.path)/old")
    #expect(upon.wait { size("log") > 0 })
    let whole = directory.contents("old")?.text.split(separator: "\n") ?? []
    #expect(whole.allSatisfy { $0 == "every:100ms\ttick\t" })
  }

  /// logrotate makes the file anew, so that there is one of that name at any time.
  @Test func `a log that was renamed and made anew by another program is opened again`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start("exec upon every:50ms print file=log", directory: directory)
    let numbers = { (name: String) in
      (directory.contents(name)?.text ?? "").split(separator: "\n").compactMap { Record(String($0)) }
        .map { ($0.number("number"), $0.number("missed")) }
    }
    #expect(upon.wait { numbers("log").count >= 2 })
    let rotate = try Shell.run("ln log old; : > new; mv new log", directory: directory)
    #expect(rotate.status == .exited(0), "\(rotate)")
    #expect(upon.wait { numbers("log").count >= 2 })
    let old = directory.contents("old")
    #expect(upon.wait { numbers("log").count >= 5 })
    upon.raise(15)
    #expect(upon.finish().status == .killed(by: 15))
    // What came behind the rotation and before it was noticed is in the old one; nothing is lost or doubled.
    #expect(directory.contents("old") == old)
    var last = 0
    for (number, missed) in numbers("old") + numbers("log") {
      #expect(number == last + 1 + missed)
      last = number
    }
  }

  @Test(arguments: [">/dev/full", ">&-", "</dev/null 1</dev/null"])
  func `output that cannot be written is told, with status 125`(redirection: String) throws {
    let run = try Shell.run("upon every:10ms \(redirection)", within: .seconds(10))
    #expect(run.status == .exited(125), "\(run)")
    #expect(run.errorText.hasPrefix("upon: standard output"), "\(run)")
    #expect(run.errorText.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    "yes | upon stdin", "upon every:1h now", "upon start every:1h", "upon start stdin fd:5 5<>f",
  ])
  func `a reader that is gone ends it, also while idle`(command: String) throws {
    let run = try Shell.run(
      "mkfifo f; \(command) | head -n 1 > /dev/null; echo ${PIPESTATUS[@]}", in: "bash", within: .seconds(10))
    let statuses = run.text.split(whereSeparator: \.isWhitespace)
    if !command.contains("stdin fd:5") { #expect(statuses.dropLast().last == "141", "\(command): \(run)") }
    #expect(run.errorText == "")
  }

  @Test func `a reader that does not read stops no command, and ticks merge`() throws {
    let run = try Shell.run(
      Controlled.client + """
        import signal
        out, into = os.pipe()
        upon = subprocess.Popen(
          ["upon", "--control", "unix:s", "stdin", "every:1ms", "name=" + "x" * 60000, "every:20ms", "do", "echo tick >> ticks",
           "signal:TERM", "exit=0", "ignore"], stdin=subprocess.PIPE, stdout=into)
        os.close(into)
        os.set_blocking(upon.stdin.fileno(), False)
        refused = 0
        while refused < 40:
          try: os.write(upon.stdin.fileno(), b"line\\n" * 1000)
          except BlockingIOError:
            refused += 1
            time.sleep(0.01)
        ticks = lambda: os.path.getsize("ticks") if os.path.exists("ticks") else 0
        # Until the queue of records is full, and as long again as commands take.
        c = Client()
        while c.ok(stats=True)["queued"] < 8 << 20: time.sleep(0.01)
        before = ticks()
        while ticks() < before + 10: time.sleep(0.01)
        rss = int([l for l in open(f"/proc/{upon.pid}/status") if l.startswith("VmRSS")][0].split()[1])
        upon.send_signal(signal.SIGTERM)
        upon.stdin.close()
        lines = open(out, "rb").read().splitlines()
        records = [json.loads(line) for line in lines]
        print(rss < 32000, upon.wait(), any(r["count"] > 1 for r in records if r["kind"] == "every"))
        """, in: "python3")
    #expect(run.text == "True 0 True\n", "\(run)")
  }
}
