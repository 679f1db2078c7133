import Foundation
import Testing

/// Runs the tour of the README, line by line, in bash.
@Suite struct ReadmeTests {
  /// What a line of the tour is expected to print; `until` for those that would go on for ever.
  struct Expectation {
    let begins: String
    let output: String
    var until = false
    /// What has to run for it, in a network of its own.
    var servers: String?
  }

  static let expectations = [
    Expectation(begins: "upon every:1s", output: #"(\{"seq":[123],.*"event":"tick",.*\}\n){3}"#),
    Expectation(begins: "upon stdin < app.log", output: "all well\nERROR: disk full\n"),
    Expectation(
      begins: "tail -F app.log | upon stdin match", output: "alert by line: ERROR: disk full\n", until: true),
    Expectation(begins: "tail -F app.log | upon stdin idle", output: "page by idle: \n", until: true),
    Expectation(begins: "upon start", output: "reload by start: \n", until: true),
    Expectation(begins: "upon path:.", output: "alert by written: ./app.log\n", until: true),
    Expectation(
      begins: "upon -1 -t 10s run:", output: #"\{.*"event":"line".*\}\n\{.*"event":"exit".*"status":0.*\}\n"#),
    Expectation(begins: "upon --next 2", output: #"(\{"time":"....-..-..T04:30:00\+0[12]:00",.*\}\n){2}"#),
    Expectation(begins: "ls |", output: "changed 6\n"),
    Expectation(begins: "(echo a;", output: "a\nb\n"),
    Expectation(begins: "upon -1 -t 2s", output: "status 124\n"),
    Expectation(
      begins: "upon -a -t 1m", output: "start by connect: \n",
      servers:
        "mute 5432; socat UNIX-LISTEN:cache.sock,fork PIPE & ends $!; while [ ! -S cache.sock ]; do sleep 0.02; done"
    ),
    Expectation(begins: "upon -1 tcp:db", output: "cleanup by down: \n", servers: ":"),
    Expectation(begins: "(sleep 1;", output: "start by (line|timeout): \n"),
    Expectation(begins: "IFS=", output: "after:1s timeout\n"),
  ]

  static let tour = lines(of: "Tour")

  /// The shell lines of a section.
  private static func lines(of heading: String) -> [String] {
    let text = try? String(contentsOf: Shell.repository.appendingPathComponent("README.md"), encoding: .utf8)
    let section = text?.components(separatedBy: "## \(heading)\n").last?.components(separatedBy: "\n## ")
      .first
    let block = section?.components(separatedBy: "```sh\n").dropFirst().first?.components(separatedBy: "```")
      .first
    return block?.split(separator: "\n").map(String.init) ?? []
  }

  @Test func `the tour and what is expected of it have the same lines`() {
    #expect(Self.tour.count == Self.expectations.count)
    for expectation in Self.expectations {
      #expect(Self.tour.contains { $0.hasPrefix(expectation.begins) }, "\(expectation.begins)")
    }
  }

  @Test(arguments: tour)
  func `each line of the tour does what it says`(line: String) throws {
    let expectation = try #require(Self.expectations.first { line.hasPrefix($0.begins) })
    let directory = try TemporaryDirectory()
    try directory.write("all well\nERROR: disk full\n".utf8, to: "app.log")
    let setup = try Shell.run(
      """
      printf '#!/bin/sh\\necho "${0#./} by $UPON_EVENT: $(head -n 1)"\\n' > alert
      chmod +x alert
      for name in page reload cleanup start; do cp alert $name; done
      """, directory: directory)
    try #require(setup.status == .exited(0), "\(setup)")
    var script = line
    if let servers = expectation.servers {
      script = Network(hosts: "127.0.0.1 db").script("\(Network.servers)\(servers)\n{ \(line)\n} < /dev/null")
    }
    let running = try Shell.start(script, in: "bash", directory: directory)
    if expectation.until {
      let pattern = try Regex(expectation.output)
      let came = running.wait { running.isOver || running.output.text.contains(pattern) }
      #expect(came && !running.isOver, "\(running.finish(within: .zero))")
      return
    }
    // A line that reads standard input gets one where nothing ever comes.
    #expect(running.wait { running.isOver })
    let run = running.finish()
    #expect(try run.text.wholeMatch(of: Regex(expectation.output)) != nil, "\(run)")
    #expect(run.status == .exited(0), "\(run)")
  }

  /// The lines of the section on servers, each with a client, and what that and the line print together.
  static let clients: [(begins: String, client: String, output: String)] = [
    ("upon tcp-listen:7000 on=line |", #"printf 'one\ntwo\n' | nc -N localhost 7000"#, "one\ntwo\n"),
    ("upon tcp-listen:7000 -- ./handler", "echo me | nc -N localhost 7000", "TCP hello me\n"),
    ("upon tcp-listen:7000 per-peer=4", "echo you | nc -N localhost 7000", "TCP hello you\n"),
    (
      "upon tcp-listen:7000 on=line do", #"printf 'one\ntwo\nthree\n' | nc -N localhost 7000"#,
      "ONE\nTWO\nTHREE\n"
    ),
    ("upon udp-listen:7000", "echo now | nc -u -W 1 localhost 7000", #"\d{10}\n"#),
    (
      "upon unix-listen:app.sock", "for who in a b; do echo $who | nc -NU app.sock; done; sort app.log",
      "a\nb\n"
    ),
  ]

  @Test func `each line on servers has a client`() {
    let lines = Self.lines(of: "Serve")
    #expect(lines.count == Self.clients.count)
    for (line, client) in zip(lines, Self.clients) { #expect(line.hasPrefix(client.begins)) }
  }

  @Test(arguments: 0..<clients.count)
  func `each line on servers serves`(place: Int) throws {
    let directory = try TemporaryDirectory()
    try directory.write("#!/bin/sh\nread -r name\necho \"$PROTO hello $name\"\n".utf8, to: "handler")
    let line = try #require(Self.lines(of: "Serve")[place].components(separatedBy: "  #").first)
    // Only upon itself, the first process of the job, gets the signal: what reads its output ends in order.
    try directory.write(
      """
      \(line) &
      until ss -Hltun | grep -q :7000 || test -S app.sock; do sleep 0.02; done
      \(Self.clients[place].client)
      kill $(jobs -p)
      wait
      """.utf8, to: "lines")
    let run = try Shell.run(Network().script("chmod +x handler; bash lines"), directory: directory)
    #expect(try run.text.wholeMatch(of: Regex(Self.clients[place].output)) != nil, "\(run)")
    #expect(run.errorText == "", "\(run)")
  }

  @Test func `the lines on a running upon do what they say, one after the other`() throws {
    let lines = Self.lines(of: "While it runs")
    #expect(lines.count == 7)
    let shell = try Shell.start("exec bash")
    for (line, output) in zip(lines, ["", "", "", #""state":"armed""#, "tick\n", "", ""]) {
      shell.send(line + "\n")
      #expect(output.isEmpty || shell.wait(for: output) != nil, "\(line)")
    }
    shell.send("wait\n")
    let run = shell.finish()
    #expect(run.status == .exited(0) && run.errorText == "", "\(run)")
  }
}
