extension Help {
  /// The text of `--check`: one rule a line with every default, in the grammar itself.
  ///
  /// Read again it gives the same rules. Options that differ from their defaults have the first line,
  /// PROGRAM the last.
  public static func check(_ invocation: Invocation) -> [UInt8] {
    var lines: [[Word]] = []
    let options = words(invocation.options).flatMap { $0 }
    if !options.isEmpty { lines.append(options) }
    for rule in invocation.rules { lines.append(words(rule, invocation)) }
    if let program = invocation.program { lines.append(["--"] + program.map { Word($0) }) }
    var text: [UInt8] = []
    for line in lines {
      text += line.map(\.shell).joined(separator: [UInt8(ascii: " ")])
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// The words of each option that differs from its default.
  static func words(_ options: Options) -> [[Word]] {
    var words: [[Word]] = []
    if options.format != .json || options.fields != nil {
      let fields = options.fields.map { "=" + $0.joined(separator: ",") } ?? ""
      words.append(["-o", Word(options.format.rawValue + fields)])
    }
    switch options.wait {
    case .none: break
    case .count(1): words.append(["-1"])
    case .count(let number): words.append(["-n", Word(String(number))])
    case .all: words.append(["-a"])
    }
    if let timeout = options.timeout { words.append(["-t", Word(timeout.description)]) }
    if options.failFast { words.append(["-e"]) }
    if options.quiet { words.append(["-q"]) }
    if options.verbose { words.append(["-v"]) }
    if let descriptor = options.readyDescriptor { words.append(["--ready-fd", Word(String(descriptor))]) }
    if let backend = options.backend { words.append(["--backend", Word(backend)]) }
    for control in options.controls { words.append(["--control", Word(control.text)]) }
    if options.stats { words.append(["--stats"]) }
    return words
  }

  private static func words(_ rule: RuleSpec, _ invocation: Invocation) -> [Word] {
    var words: [Word] = []
    for binding in rule.bindings {
      if !words.isEmpty { words.append("or") }
      words += self.words(binding, of: invocation.sources[binding.source])
    }
    let canSayJobs = canSayJobs(rule, invocation)
    for action in rule.actions {
      words += self.words(action, canSayJobs: canSayJobs, invocation.options)
    }
    return words
  }

  private static func words(_ binding: BindingSpec, of source: SourceSpec) -> [Word] {
    var words = [source.word, Word(Array("name=".utf8) + source.name)]
    for setting in source.kind.settings where setting.name != "name" {
      switch (setting.scope, setting.name) {
      case (_, "on"):
        if let on = binding.on(source.kind) { words.append(setting.word(on)) }
      case (.source, _):
        if let value = source.value(of: setting) { words.append(setting.word(value)) }
      case (.rule, _):
        if let value = binding.settings.values[setting.name]?.value { words.append(setting.word(value)) }
      }
    }
    return words
  }

  /// Whether the number of commands is that of the connections of each of its listeners, which it is when it is read
  /// again: the larger of two that are not the same would be refused beside the smaller.
  private static func canSayJobs(_ rule: RuleSpec, _ invocation: Invocation) -> Bool {
    let sources = rule.bindings.map { invocation.sources[$0.source] }.filter { $0.plan.giving?.taker != nil }
    return Set(sources.map { $0.settings.number("connections") ?? ConnectionTaker.standard }).count < 2
  }

  private static func words(_ action: ActionSpec, canSayJobs: Bool, _ options: Options) -> [Word] {
    switch action {
    case .ignore:
      return ["ignore"]
    case .print(let print):
      let file = print.file.map { [Word(Array("file=".utf8) + $0)] } ?? []
      // The fields of -o are of all rules together: a source of this one may have none of them, and would be refused.
      if print.format == nil, print.fields == nil, options.fields != nil { return ["print"] + file }
      let (form, fields) = options.form(of: print)
      let selection = fields.map { [Word("fields=" + $0.joined(separator: ","))] } ?? []
      let receivers = print.receivers.joined(separator: [UInt8(ascii: ",")])
      let to = print.receivers.isEmpty ? [] : [Word(Array("to=".utf8) + receivers)]
      return ["print", Word("as=" + form.rawValue)] + selection + to + file
    case .kill(let kill):
      return ["kill"]
        + Setting.ofKill.compactMap { setting in
          kill.settings.values[setting.name].map { setting.word($0.value) }
        }
    case .run(let command):
      // PROGRAM has a line of its own: a rule without an action gets it.
      guard case .shell(let line) = command.line else { return [] }
      return ["do", Word(line)]
        + Setting.ofCommand.compactMap { setting in
          if setting.name == "jobs", !canSayJobs { return nil }
          return command.settings.values[setting.name].map { setting.word($0.value) }
        }
    }
  }
}

extension BindingSpec {
  /// What `on=` says of all actions, or as typed where they differ.
  fileprivate func on(_ kind: Kind) -> Value? {
    guard let first = delivered.first, delivered.allSatisfy({ $0 == first }) else {
      return settings.values["on"]?.value
    }
    let names = kind.events.indices.filter { first.contains(EventSet($0)) }.map { kind.events[$0].name }
    return .events(EventSelection(.replace, names))
  }
}

extension SourceSpec {
  /// The value as typed, else the default if the kind takes it beside the others.
  fileprivate func value(of setting: Setting) -> Value? {
    if let value = settings.values[setting.name]?.value { return value }
    guard let standard = setting.standard, let value = try? setting.form?.parse(Array(standard.utf8)) else {
      return nil
    }
    var settings = settings
    settings.set(setting.name, value, word: Word(standard))
    guard let plan = try? address.plan(settings) else { return nil }
    if let taker = self.plan.giving?.taker, (try? plan.giving?.giving(to: taker, of: word)) == nil {
      return nil
    }
    return value
  }
}

extension Setting {
  fileprivate func word(_ value: Value) -> Word {
    guard var text = value.bytes else { return Word(name) }
    if form == .mode, case .number(let number) = value { text = Array(String(number, radix: 8).utf8) }
    if form == .size, case .number(let number) = value { text = Array(number.size.utf8) }
    return Word(Array(name.utf8) + [UInt8(ascii: "=")] + text)
  }
}

extension Int {
  /// The number as a size is typed, in the largest unit that leaves nothing over.
  fileprivate var size: String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where self > 0 && self & (1 << shift - 1) == 0 {
      return "\(self >> shift)\(unit)"
    }
    return String(self)
  }
}

extension Value {
  /// The value as it would be typed, nil for a setting that is its name alone.
  fileprivate var bytes: [UInt8]? {
    switch self {
    case .none: nil
    case .interval(let interval): Array(interval.description.utf8)
    case .burst(let quiet, let limit): Array((quiet.description + (limit.map { ",\($0)" } ?? "")).utf8)
    case .idle(let span): Array(span.text.utf8)
    case .addresses(let allowed): allowed.text
    case .users(let allowed): allowed.text
    case .number(let number): Array(String(number).utf8)
    case .choice(let choice): Array(choice.utf8)
    case .bytes(let bytes): bytes
    case .events(let selection):
      switch selection.mode {
      case .all: Array("all".utf8)
      case .add: Array(("+" + selection.names.joined(separator: ",")).utf8)
      case .replace: Array(selection.names.joined(separator: ",").utf8)
      }
    case .form(let format, let fields):
      Array((format.rawValue + (fields.map { "=" + $0.joined(separator: ",") } ?? "")).utf8)
    case .fields(let names): Array(names.joined(separator: ",").utf8)
    case .ending(let event, let status):
      Array((event.map { $0 + ":" } ?? "").utf8) + Array(String(status).utf8)
    }
  }
}

extension Word {
  /// The word as a POSIX shell reads it, quoted where it has to be.
  public var shell: [UInt8] {
    let quote = UInt8(ascii: "'")
    if !bytes.isEmpty, bytes.allSatisfy(\.isPlainInShell) { return bytes }
    var text = [quote]
    for byte in bytes {
      if byte == quote { text += Array(#"'\'"#.utf8) }
      text.append(byte)
    }
    return text + [quote]
  }
}

extension UInt8 {
  fileprivate var isPlainInShell: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "-_./:=,+@%".utf8.contains(self)
    }
  }
}
