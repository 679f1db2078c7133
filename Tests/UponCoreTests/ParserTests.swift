import Testing

@testable import UponCore

extension Parser {
  /// Parses words that hold no spaces.
  static func parse(line: String) throws(UsageError) -> Invocation {
    try parse(line.split(separator: " ").map { Word(String($0)) })
  }
}

extension SourceSpec {
  func events(_ set: EventSet) -> [String] {
    kind.events.indices.filter { set.contains(EventSet($0)) }.map { kind.events[$0].name }
  }
}

@Suite struct ParserTests {
  @Test func `a rule is sources, then actions, with their settings`() throws {
    let invocation = try Parser.parse([
      "stdin", "idle=5s", "limit=3", "or", "every:1s", "now", "do", "date -u", "stdin=event", "print",
      "as=tsv", "file=x",
      "signal:hup", "ignore",
    ])
    #expect(invocation.sources.map(\.kind.name) == ["stdin", "every", "signal"])
    #expect(invocation.rules.map { $0.bindings.map(\.source) } == [[0, 1], [2]])
    #expect(invocation.rules[0].bindings[0].limit == 3)
    #expect(invocation.sources[0].settings.idle()?.first == Interval(nanoseconds: 5_000_000_000))
    #expect(invocation.sources[1].settings.has("now"))
    guard case .run(let command) = invocation.rules[0].actions[0], case .shell(let line) = command.line,
      case .print(let print) = invocation.rules[0].actions[1], case .ignore = invocation.rules[1].actions[0]
    else {
      Issue.record("expected do, print and ignore")
      return
    }
    #expect(line == Array("date -u".utf8))
    #expect(command.input == .event)
    #expect(print.format == .tsv)
    #expect(print.file == Array("x".utf8))
  }

  @Test func `a source begins a rule unless or stands before it`() throws {
    let invocation = try Parser.parse(line: "every:1s every:2s or every:3s after:0")
    #expect(invocation.rules.map(\.bindings.count) == [1, 2, 1])
  }

  @Test func `an address runs to the end of its word`() throws {
    let invocation = try Parser.parse(line: "stdin name=a:b=c match==:x")
    #expect(invocation.sources[0].name == Array("a:b=c".utf8))
    #expect(invocation.rules[0].bindings[0].match == Array("=:x".utf8))
  }

  @Test(arguments: [
    "stdin fd:0", "signal:HUP signal:SIGHUP", "signal:1,TERM signal:term,hup", "every:1s every:1000ms",
    "every:90 every:1m30s", "start start", "fd:3 fd:03",
  ])
  func `a source typed twice is one source with two rules, named as first typed`(line: String) throws {
    let invocation = try Parser.parse(line: line)
    #expect(invocation.sources.count == 1)
    #expect(invocation.rules.map { $0.bindings[0].source } == [0, 0])
    #expect(invocation.sources[0].name == Array(line.prefix { $0 != " " }.utf8))
  }

  @Test func `settings that open or read may stand in either place`() throws {
    let invocation = try Parser.parse(
      line: "stdin match=ERROR do ./alert stdin idle=60s on=idle name=log do ./page")
    #expect(invocation.sources.count == 1)
    #expect(invocation.sources[0].settings.has("idle"))
    #expect(invocation.sources[0].name == Array("log".utf8))
    #expect(invocation.rules[0].bindings[0].match == Array("ERROR".utf8))
    #expect(invocation.rules[1].bindings[0].match == nil)
    #expect(try Parser.parse(line: "stdin idle=60s stdin idle=1m").sources.count == 1)
  }

  @Test func `the same source may stand twice in one rule with other settings`() throws {
    let invocation = try Parser.parse(line: "stdin match=a or stdin match=b")
    #expect(invocation.rules[0].bindings.map(\.source) == [0, 0])
  }

  @Test func `twenty thousand sources are read in a moment`() throws {
    let words = (1...20_000).map { Word("every:\($0)ms") }
    #expect(try Parser.parse(words).sources.count == 20_000)
  }

  @Test(arguments: ["-t30s", "-t 30s", "--timeout=30s", "--timeout 30s", "-qvt30s", "-qv -t 30"])
  func `an option takes its value in every usual way`(line: String) throws {
    for line in [line + " every:1s", "every:1s " + line, "every:1s or " + line + " every:2s"] {
      #expect(try Parser.parse(line: line).options.timeout == Interval(nanoseconds: 30_000_000_000))
    }
  }

  @Test func `every option is read`() throws {
    let options = try Parser.parse(line: "-o tsv -n5 -t 0 -eqv --check --ready-fd 4 --stats every:1s do x")
      .options
    #expect(options.format == .tsv)
    #expect(options.wait == .count(5))
    #expect(options.timeout == Interval(nanoseconds: 0))
    #expect(options.failFast && options.quiet && options.verbose && options.stats)
    #expect(options.mode == .check)
    #expect(options.readyDescriptor == 4)
    #expect(try Parser.parse(line: "-1 every:1s").options.wait == .count(1))
    #expect(try Parser.parse(line: "-a every:1s").options.wait == .all)
  }

  @Test(arguments: [
    ("--help", Options.Mode.help), ("-h", .help), ("--version", .version), ("-V", .version),
    ("--kinds", .kinds),
    ("-qh nonsense", .help), ("every:1s -V =", .version),
  ])
  func `an option that asks for a text needs nothing else`(line: String, mode: Options.Mode) throws {
    #expect(try Parser.parse(line: line).options.mode == mode)
  }

  @Test func `the word after do is always the command`() throws {
    for command in ["-q", "--", "or", "every:1s", "do", "limit=3"] {
      let invocation = try Parser.parse(["stdin", "do", Word(command)])
      guard case .run(let spec) = invocation.rules[0].actions[0], case .shell(let line) = spec.line else {
        Issue.record("expected a command")
        return
      }
      #expect(line == Array(command.utf8))
    }
  }

  @Test func `the words of PROGRAM are untouched`() throws {
    let bytes: [UInt8] = [0xFF, 0x20, 0x0A]
    let invocation = try Parser.parse(["stdin", "--", "x", "-q", "--", "", Word(bytes)])
    #expect(invocation.program == [Array("x".utf8), Array("-q".utf8), Array("--".utf8), [], bytes])
  }

  @Test func `words from a vocabulary in any order never crash the parser`() {
    let vocabulary =
      [
        "or", "do", "print", "ignore", "--", "-", "-q", "-1", "-n5", "-t", "30s", "-h", "", ":", "=", "x",
        "a:b", "a=b",
        "localhost:80", "HUP", "every:0", "every:1s", "every:1000ms", "after:inf", "signal:HUP",
        "signal:1,15",
        "signal:", "fd:0", "fd:-1", "stdin", "stdin=event", "start", "finish", "start:", "now", "now=1",
        "once",
        "limit=3", "on=idle", "on=+end", "on=all", "exit=3", "exit=end:3", "name=a", "name=b", "frame=none",
        "write",
        "idle=1s", "max=1K", "match=a", "match=(", "as=tsv", "file=x", "debounce=1s,2s", "throttle=1",
        "jitter=1ms",
      ].map { Word($0) } + [Word([0xFF, 0xC3]), Word([0x65, 0x3A, 0xFF])]
    var random = Repeatable(4)
    var accepted = 0
    for _ in 0..<100_000 {
      let count = Int.random(in: 0...7, using: &random)
      let words = (0..<count).map { _ in vocabulary.randomElement(using: &random)! }
      do {
        _ = try Parser.parse(words)
        accepted += 1
      } catch {
        if error.message.isEmpty || error.message.utf8.contains(10) { Issue.record("\(words.map(\.text))") }
      }
    }
    #expect(accepted > 1000)
  }
}
