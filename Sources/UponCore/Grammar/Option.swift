/// One option, as parser, `--help`, completions and the tests of the manual read it.
public struct Option: Sendable {
  /// The letter behind one dash, nil without.
  public let short: Character?
  public let long: String
  /// What stands behind it, nil for a flag.
  public let form: ValueForm?
  /// Whether it may stand several times, with another value each time.
  public let repeats: Bool
  public let help: String
  /// Puts a value that has been read into the options.
  let apply: @Sendable (inout Options, Value) -> Void

  init(
    _ short: Character?, _ long: String, _ form: ValueForm? = nil, repeats: Bool = false, help: String,
    apply: @escaping @Sendable (inout Options, Value) -> Void
  ) {
    self.short = short
    self.long = long
    self.form = form
    self.repeats = repeats
    self.help = help
    self.apply = apply
  }

  /// Every option, in the order of the manual.
  public static let all: [Option] = [
    Option(
      "o", "output", .form, help: "the form of the records, json, tsv, data or text, and their fields (json)"
    ) {
      if case .form(let format, let fields) = $1 { ($0.format, $0.fields) = (format, fields) }
    },
    Option("n", "count", .count(1...Int.max), help: "end after N delivered events") {
      if case .number(let number) = $1 { $0.wait = .count(number) }
    },
    Option("1", "once", help: "the same as -n 1") { (options, _) in options.wait = .count(1) },
    Option("a", "all", help: "end when every source has fired once") { (options, _) in options.wait = .all },
    Option("t", "timeout", .interval(zero: true), help: "give up after D, with status 124") {
      if case .interval(let interval) = $1 { $0.timeout = interval }
    },
    Option("e", "fail-fast", help: "end with the status of the first command that fails") { (options, _) in
      options.failFast = true
    },
    Option("q", "quiet", help: "no records") { (options, _) in options.quiet = true },
    Option("v", "verbose", help: "tell what happens on standard error") { (options, _) in
      options.verbose = true
    },
    Option(nil, "check", help: "print the rules as understood, open nothing") { (options, _) in
      options.mode = .check
    },
    Option(
      nil, "next", .count(1...1_000_000), help: "print the next N times of each source of time, open nothing"
    ) {
      if case .number(let number) = $1 { $0.mode = .next(number) }
    },
    Option(nil, "kinds", help: "list every kind with its events and settings") { (options, _) in
      options.mode = .kinds
    },
    Option(
      nil, "ready-fd", .count(0...Int(Int32.max)), help: "write a newline to N when all sources are armed"
    ) {
      if case .number(let number) = $1 { $0.readyDescriptor = Int32(number) }
    },
    Option(nil, "backend", .backend, help: "wait by this mechanism of libevent") {
      if case .choice(let name) = $1 { $0.backend = name }
    },
    Option(nil, "backends", help: "list the mechanisms that libevent has here") { (options, _) in
      options.mode = .backends
    },
    Option(nil, "control", .control, repeats: true, help: "take requests from there while the loop runs") {
      if case .bytes(let bytes) = $1, let address = try? ControlAddress(bytes),
        !$0.controls.contains(address)
      {
        $0.controls.append(address)
      }
    },
    Option(
      "f", "file", .file, repeats: true, help: "read words from FILE, rules and options; - is standard input"
    ) {
      if case .bytes(let path) = $1, !$0.files.contains(path) { $0.files.append(path) }
    },
    Option(nil, "stats", help: "one summary record on standard error at the end") { (options, _) in
      options.stats = true
    },
    Option("h", "help", help: "print this text") { (options, _) in options.mode = .help },
    Option("V", "version", help: "print the version") { (options, _) in options.mode = .version },
  ]

  /// The options that say what the run waits for; they exclude each other.
  static let waits = ["count", "once", "all"]

  /// Whether it asks for something else than a run.
  var isMode: Bool { ["check", "next", "kinds", "backends", "help", "version"].contains(long) }

  /// The option as its shorter form is typed.
  var dashed: String {
    short.map { "-\($0)" } ?? "--\(long)"
  }
}

// MARK: Reading

extension Parser {
  /// Reads the next word, which begins with a dash, and its value if that is the word behind it.
  mutating func readOption() throws(UsageError) {
    let word = words[next]
    next += 1
    let files = options.files.count
    if word.bytes.starts(with: "--".utf8) {
      try readLongOption(word)
    } else {
      try readShortOptions(word)
    }
    if options.files.count > files { try readFile(of: word) }
  }

  /// Reads the names behind `--kinds`, up to the end or the next option.
  mutating func readListedKinds() throws(UsageError) {
    while next < words.count, words[next].bytes.first != UInt8(ascii: "-") {
      let name = words[next].text
      guard vocabulary.kind(name) != nil || ActionKeyword(rawValue: name) != nil else {
        throw unlisted(words[next])
      }
      options.listed.append(name)
      next += 1
    }
  }

  private mutating func readLongOption(_ word: Word) throws(UsageError) {
    let bytes = word.bytes.dropFirst(2)
    let equals = bytes.firstIndex(of: UInt8(ascii: "="))
    let name = Word(Array(bytes[..<(equals ?? bytes.endIndex)])).text
    guard let option = Option.all.first(where: { $0.long == name }) else {
      let meant = meantByUnknownOption(word)
      throw UsageError(
        word, "unknown option" + (meant.map { "; did you mean \($0)?" } ?? "; --help lists them"))
    }
    guard option.form != nil else {
      if equals != nil { throw UsageError(word, "--\(name) takes no value") }
      return try apply(option, nil, shown: word)
    }
    if let equals { return try apply(option, Array(bytes[(equals + 1)...]), shown: word) }
    try applyNext(option, word)
  }

  private mutating func readShortOptions(_ word: Word) throws(UsageError) {
    var letters = word.bytes.dropFirst()
    if letters.isEmpty { throw UsageError(word, "unknown option; --help lists them") }
    if let option = Option.all.first(where: { letters.elementsEqual($0.long.utf8) }) {
      throw UsageError(word, "unknown option; did you mean --\(option.long)?")
    }
    while let letter = letters.popFirst() {
      let character = Character(UnicodeScalar(letter))
      guard let option = Option.all.first(where: { $0.short == character }) else {
        throw UsageError(word, unknown(letter, in: word))
      }
      if option.form == nil {
        try apply(option, nil, shown: word)
        if mode != nil { return }
      } else if letters.isEmpty {
        return try applyNext(option, word)
      } else {
        return try apply(option, Array(letters), shown: word)
      }
    }
  }

  private func unknown(_ letter: UInt8, in word: Word) -> String {
    if word.bytes.count == 2 {
      return "unknown option; "
        + (meantByUnknownOption(word).map { "did you mean \($0)?" } ?? "--help lists them")
    }
    return "unknown option -\(Word([letter]).text); --help lists them"
  }

  private mutating func applyNext(_ option: Option, _ word: Word) throws(UsageError) {
    guard next < words.count else {
      throw UsageError(word, "expected a value after it: \(option.form?.expected ?? "")")
    }
    let value = words[next]
    next += 1
    try apply(
      option, value.bytes, shown: Word(word.bytes + [UInt8(ascii: " ")] + value.bytes, from: word.origin))
  }

  private mutating func apply(_ option: Option, _ bytes: [UInt8]?, shown: Word) throws(UsageError) {
    if given.contains(option.long), !option.repeats {
      throw UsageError(shown, "\(option.dashed) stands twice")
    }
    if Option.waits.contains(option.long), let other = Option.all.first(where: { excludes($0, option) }) {
      throw UsageError(shown, "has no effect beside \(other.dashed)")
    }
    given.append(option.long)
    if let origin = shown.origin { options.origins.append((option.long, origin)) }
    do throws(ValueError) {
      let value = if let form = option.form { try form.parse(bytes ?? []) } else { Value.none }
      let before = options.repeated
      option.apply(&options, value)
      if option.repeats, options.repeated == before {
        throw ValueError(message: "stands twice")
      }
    } catch {
      throw UsageError(shown, error.message)
    }
    if options.mode.isText, occasion == .start { mode = options.mode }
  }

  private func excludes(_ other: Option, _ option: Option) -> Bool {
    Option.waits.contains(other.long) && given.contains(other.long)
  }
}
