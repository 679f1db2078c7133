import Testing

@testable import UponCore

@Suite struct CheckTests {
  private func check(_ words: [Word]) throws(UsageError) -> String {
    String(decoding: Help.check(try Parser.parse(words)), as: UTF8.self)
  }

  private func check(_ line: String) throws(UsageError) -> String {
    try check(line.split(separator: " ").map { Word(String($0)) })
  }

  /// The words of a text as a POSIX shell splits it.
  private func words(_ text: [UInt8]) -> [Word] {
    var words: [Word] = []
    var word: [UInt8]?
    var isQuoted = false
    var isEscaped = false
    for byte in text {
      if isEscaped {
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if byte == UInt8(ascii: "'") {
        isQuoted.toggle()
        word = word ?? []
      } else if byte == UInt8(ascii: "\\"), !isQuoted {
        isEscaped = true
      } else if [UInt8(ascii: " "), UInt8(ascii: "\n")].contains(byte), !isQuoted {
        if let done = word { words.append(Word(done)) }
        word = nil
      } else {
        word = (word ?? []) + [byte]
      }
    }
    return words
  }

  @Test(arguments: [
    ("every:1s", "every:1s name=every:1s on=tick print as=json\n"),
    (
      "stdin idle=90 do x print every:5m now name=five ignore",
      """
      stdin name=stdin frame=line max=1M idle=1m30s do x jobs=1 grace=5s stop=TERM shell=/bin/sh stdin=data print as=json
      every:5m name=five now on=tick ignore

      """
    ),
    (
      "tcp-listen:80 connections=5 do ./h",
      "tcp-listen:80 name=tcp-listen:80 backlog=4096 connections=5 on=accept do ./h jobs=5 grace=5s stop=TERM "
        + "shell=/bin/sh stdin=data\n"
    ),
    (
      "unix-listen:s frame=chunk",
      "unix-listen:s name=unix-listen:s backlog=4096 mode=600 frame=chunk max=1M on=accept,data,close "
        + "print as=json\n"
    ),
    ("stdin frame=none", "stdin name=stdin frame=none on=readable print as=json\n"),
    ("stdin write once", "stdin name=stdin write on=writable once print as=json\n"),
    (
      "fd:3 max=65536 or start",
      "fd:3 name=fd:3 frame=line max=64K on=line or start name=start on=start print as=json\n"
    ),
    (
      "-o tsv -q -t 90 stdin", "-o tsv -t 1m30s -q\nstdin name=stdin frame=line max=1M on=line print as=tsv\n"
    ),
    ("-1 signal:HUP -- psql -h db", "-1\nsignal:HUP name=signal:HUP on=signal ignore\n-- psql -h db\n"),
    ("after:1 exit=timeout:3 -- x", "after:1 name=after:1 on=timeout exit=timeout:3\n-- x\n"),
    (
      "every:1s debounce=1,60 ",
      "every:1s name=every:1s on=tick debounce=1s,1m print as=json\n"
    ),
  ])
  func `a rule is printed with every default`(line: String, text: String) throws {
    #expect(try check(line) == text)
  }

  @Test func `words are quoted for the shell`() throws {
    let text = try check(["every:1s", "name=it's", "do", "echo $UPON_SEQ", "print", "file=a b"])
    #expect(
      text == """
        every:1s 'name=it'\\''s' on=tick do 'echo $UPON_SEQ' jobs=1 grace=5s stop=TERM shell=/bin/sh stdin=data print as=json 'file=a b'

        """)
    #expect(Word("").shell == Array("''".utf8))
  }

  @Test(arguments: [
    "every:1s", "stdin match=ERROR do ./alert", "stdin idle=60s on=idle do ./page",
    "signal:HUP or every:1h do ./reload signal:TERM exit=0 do ./cleanup",
    "-1 -t 30s signal:USR1 -- psql -h db",
    "-1 -o tsv fd:3 after:10s", "start or signal:USR1 do ./server", "stdin idle=1s on=+end do x print",
    "stdin frame=nul max=3 limit=2 stdin on=all print as=data file=x",
    "-a -e -v --stats --ready-fd 3 stdin do x",
    "stdin match=a or stdin match=b unmatch=c", "every:0.1us jitter=1h1us debounce=1,2 now",
    "stdin idle=1s on=+idle throttle=0.5 every:1s do x -- y", "-n 7 after:inf or finish",
  ])
  func `what is printed gives the same when it is read again`(line: String) throws {
    let first = Help.check(try Parser.parse(line: line))
    let again = try Parser.parse(words(first))
    #expect(Help.check(again) == first)
  }

  private static let addresses: [String: [String]] = [
    "fd": ["0", "3", "03"], "signal": ["HUP", "TERM,HUP", "sighup"], "every": ["1s", "1000ms", "2.5s"],
    "after": ["0", "inf", "1m"], "tcp": ["h:80", "H:80", "127.0.0.1:1"], "unix": ["a b", "@n"],
    "tcp-listen": ["80", "any:0", "localhost:80"], "unix-listen": ["s", "@s"], "udp-listen": ["53"],
    "unix-dgram-listen": ["d"], "accept": ["3", "web", "name"], "pid": ["1", "1,2", "@f"],
    "run": ["x y", "it's"], "at": ["18:30", "@4102444800"], "cron": ["* * * * *", "@daily"],
    "calendar": ["daily", "Mon..Fri 04:30"], "path": ["src", "a b"], "paths": ["list"],
    "tail": ["log", "*.log"],
    "fifo": ["f"],
  ]

  /// The sources of a kind as they may be typed.
  private static func sources(_ kind: Kind) -> [String] {
    (addresses[kind.name] ?? []).map { "\(kind.name):\($0)" } + (kind.address == nil ? [kind.name] : [])
  }

  /// The settings of a table with values that are right, and some that are not.
  private static func words(_ settings: [Setting]) -> [String] {
    settings.flatMap { setting in
      (setting.form == nil || setting.isValueOptional ? [setting.name] : [])
        + values(of: setting).map { "\(setting.name)=\($0)" }
    }
  }

  private static func events(_ kind: Kind) -> [String] {
    kind.events.flatMap { ["on=\($0.name)", "on=+\($0.name)", "exit=\($0.name):2"] }
  }

  private static let options = [
    "-q", "-1", "-a", "-n2", "-t5", "-e", "-v", "-otsv", "-ojson=time,data", "-otsv=data,seq", "-otext",
    "--stats",
    "--control=unix:c", "--control=stdin", "--ready-fd=4", "--backend=poll",
  ]

  /// Every word that can stand anywhere.
  private static let lexicon: [String] =
    ["or", "or", "do", "do", "print", "ignore", "--", "x y", "it's"]
    + Kind.all.flatMap { sources($0) + events($0) }
    + Kind.all.map(\.name) + words(Vocabulary.all.settings) + Vocabulary.all.settings.map(\.name) + options

  /// A command line that is a right one as often as not: sources and actions with settings of their own.
  private static func line(_ random: inout Repeatable) -> [String] {
    var line: [String] = []
    func pick(_ words: [String], _ most: Int, _ random: inout Repeatable) {
      for _ in 0..<Int.random(in: 0...most, using: &random) {
        if let word = words.randomElement(using: &random) { line.append(word) }
      }
    }
    pick(options, 2, &random)
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      for index in 0..<Int.random(in: 1...2, using: &random) {
        let kind = Kind.all.randomElement(using: &random)!
        if index > 0 { line.append("or") }
        line.append(sources(kind).randomElement(using: &random)!)
        pick(words(kind.settings), 2, &random)
        pick(events(kind), 1, &random)
      }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let action = ActionKeyword.allCases.randomElement(using: &random)!
        line += action == .run ? ["do", "x y"] : [action.rawValue]
        pick(words(action.settings), 3, &random)
      }
    }
    if Int.random(in: 0..<6, using: &random) == 0 { line += ["--", "y", "-z"] }
    return line
  }

  private static func values(of setting: Setting) -> [String] {
    switch setting.form {
    case nil: []
    case .interval, .intervalOr: ["1s", "90", "0", "no"]
    case .batch: ["1s", "0", "1s,5s"]
    case .idle: ["1s", "2s,1s", "0"]
    case .addresses: ["127.0.0.1", "10.0.0.0/8,::1", "x"]
    case .users: ["0", "any", "0,"]
    case .user: ["nobody", "root:root", "a:b:c"]
    case .globs: ["*.c", "a,b/**", "["]
    case .names: ["n", "two,n"]
    case .zone: ["UTC", "Europe/Berlin", "Mars/Base"]
    case .burst: ["1s", "1,60"]
    case .size: ["1K", "65536", "3"]
    case .count: ["1", "2", "40", "0"]
    case .choice(let choices): choices
    case .form: ["json", "tsv=data"]
    case .fields: ["data", "time,seq", "nosuch"]
    case .pattern: ["a", "(?<user>x)", "("]
    case .text, .path: ["n", "it's", "a b", "two"]
    case .events: ["all"]
    case .ending: ["0", "3"]
    case .signal: ["INT", "9"]
    case .mode: ["600", "0"]
    case .backend, .control, .file: []
    }
  }

  /// What one text of --check and the next have in common: all that a session is told.
  private func digest(_ invocation: Invocation) -> String {
    var text = invocation.sources.map { "\($0.kind.name) \($0.address.spelling) \($0.name)" }.joined(
      separator: ";")
    for rule in invocation.rules {
      for binding in rule.bindings {
        text += "\n\(binding.source) \(binding.delivered) \(binding.limit ?? 0) \(binding.match ?? [])"
        text += " \(binding.batch?.quiet.nanoseconds ?? -1) \(binding.batch?.limit.nanoseconds ?? -1)"
        text += " \(binding.exit?.status ?? -1) \(binding.exit?.events?.rawValue ?? 0)"
      }
      for action in rule.actions {
        switch action {
        case .ignore: text += " ignore"
        case .print(let print): text += " \(invocation.options.form(of: print)) \(print.file ?? [])"
        case .kill(let kill): text += " kill \(kill.signal ?? 0) \(kill.names ?? []) \(kill.signalsGroup)"
        case .run(let run):
          text +=
            " \(run.line) \(run.jobs) \(run.grace) \(run.stop) \(run.input) \(run.replies) \(run.report)"
        }
      }
    }
    return text
  }

  // Names of services and users are looked up in memory that all threads share.
  @Test(.serialized, arguments: [5, 17, 23, 99])
  func `random rules survive being printed and read`(seed: UInt64) {
    var random = Repeatable(seed)
    var count = 0
    for _ in 0..<6000 {
      let noise = Int.random(in: 1...9, using: &random)
      let line =
        Int.random(in: 0..<4, using: &random) == 0
        ? (0..<noise).map { _ in Self.lexicon.randomElement(using: &random)! } : Self.line(&random)
      let typed = line.map { Word($0) }
      guard let first = try? Parser.parse(typed), first.options.mode == .run else { continue }
      let text = Help.check(first)
      guard let second = try? Parser.parse(words(text)) else {
        Issue.record("\(typed.map(\.text)) gave \(String(decoding: text, as: UTF8.self))")
        continue
      }
      #expect(Help.check(second) == text, "\(typed.map(\.text))")
      #expect(digest(second) == digest(first), "\(typed.map(\.text))")
      count += 1
    }
    #expect(count > 500, "\(count) of 6,000 were rules")
  }

  @Test(arguments: [
    ["stdin", "on=line", "or", "stdin"], ["stdin", "or", "stdin", "on=line"],
    ["every:1s", "or", "every:1s", "on=all"],
  ])
  func `a source is twice in its rule however its events are typed`(words: [String]) {
    #expect(throws: UsageError("'\(words.first!)': stands twice in its rule")) {
      try Parser.parse(words.map { Word($0) })
    }
  }

  /// Two listeners with numbers of their own and one command: its jobs are the larger number, and typed beside the
  /// smaller one they would be refused.
  @Test func `jobs that come from several listeners are not printed`() throws {
    let text = try check("accept:name connections=2 or accept:other do x")
    #expect(text.contains("connections=2") && !text.contains("jobs="), "\(text)")
    #expect(Help.check(try Parser.parse(words(Array(text.utf8)))) == Array(text.utf8))
    #expect(try check("accept:name connections=2 do x").contains(" jobs=2 "))
  }
}
