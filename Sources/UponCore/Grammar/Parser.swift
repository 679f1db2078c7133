/// Reads the words of the command line, in their order, and finds the first thing that is wrong.
public struct Parser {
  let words: [Word]
  var place = 0
  var options = Options()
  /// The long names of the options so far.
  var given: [String] = []
  /// Set by an option that asks for a text: the words behind it do not matter.
  var mode: Options.Mode?
  var rules: [DraftRule] = []
  /// The `or` that waits for its source.
  var pendingOr: Word?
  /// From the first `do` on, no option is read.
  var isBehindDo = false
  var program: [Word]?

  init(_ words: [Word]) {
    self.words = words
  }

  /// Gives what the words ask for; nothing is opened, and only the first error is told.
  public static func parse(_ words: [Word]) throws(UsageError) -> Invocation {
    var parser = Parser(words)
    try parser.read()
    if parser.mode != nil {
      var invocation = Invocation()
      invocation.options = parser.options
      return invocation
    }
    return try Resolution.resolve(parser.rules, parser.options, program: parser.program)
  }

  /// Reads the rules of a request: the words of the command line without its options.
  ///
  /// They may name the sources that are known.
  static func parseRules(
    _ words: [Word], controls: [ControlAddress], known: [KnownSource] = []
  ) throws(UsageError) -> Invocation {
    var parser = Parser(words)
    for word in words {
      if word == "--" || word == "do" { break }
      guard word.bytes.first == UInt8(ascii: "-") else { continue }
      throw UsageError(word, "options belong to the command line of upon, not to a rule")
    }
    try parser.read()
    if parser.rules.isEmpty { throw UsageError("expected a source, such as every:5s") }
    parser.options.controls = controls
    return try Resolution.resolve(parser.rules, parser.options, program: parser.program, known: known)
  }

  private mutating func read() throws(UsageError) {
    while place < words.count, program == nil {
      let word = words[place]
      if word == "--" {
        program = try readProgram()
      } else if word.bytes.first == UInt8(ascii: "-") {
        if isBehindDo { throw behindDo(word) }
        try readOption()
        if mode != nil { return }
      } else {
        place += 1
        try readRuleWord(word)
      }
    }
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it") }
    if rules.isEmpty, options.controls.isEmpty {
      throw UsageError("expected a source, such as every:5s or stdin; upon --help shows the grammar")
    }
  }

  private func readProgram() throws(UsageError) -> [Word] {
    let program = Array(words[(place + 1)...])
    guard let first = program.first else { throw UsageError("--", "expected PROGRAM after it") }
    if first.bytes.isEmpty { throw UsageError("--", "PROGRAM is empty") }
    return program
  }

  private func behindDo(_ word: Word) -> UsageError {
    guard let command = currentCommand else {
      return UsageError(word, "options stand before the first do")
    }
    return UsageError("'\(word.text)' stands after do: quote the whole command, do \(quoted(command, word))")
  }
}

// MARK: Rules

extension Parser {
  private mutating func readRuleWord(_ word: Word) throws(UsageError) {
    if word == "or" { return try readOr(word) }
    if let keyword = ActionKeyword(rawValue: word.text) { return try readAction(keyword, word) }
    let separator = word.bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
    guard let separator else {
      if let kind = Kind.named(word.text) { return try readSource(kind, nil, word) }
      return try readSetting(word.text, nil, word)
    }
    let name = Word(Array(word.bytes[..<separator])).text
    let rest = Array(word.bytes[(separator + 1)...])
    if word.bytes[separator] == UInt8(ascii: "=") { return try readSetting(name, rest, word) }
    guard let kind = Kind.named(name) else { throw unknownKind(name, rest, word) }
    try readSource(kind, rest, word)
  }

  private mutating func readOr(_ word: Word) throws(UsageError) {
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it") }
    guard let rule = rules.last else {
      throw UsageError(word, "expected a source before it, such as every:5s")
    }
    if let action = rule.actions.last {
      throw UsageError(word, "stands between two sources of a rule, not after '\(action.word.text)'")
    }
    pendingOr = word
  }

  private mutating func readSource(_ kind: Kind, _ address: [UInt8]?, _ word: Word) throws(UsageError) {
    if let placeholder = kind.address {
      guard let address, !address.isEmpty else {
        throw UsageError(word, "expected an address, \(kind.name):\(placeholder)")
      }
    } else if address != nil {
      throw UsageError(word, "\(kind.name) takes no address")
    }
    let mention = Mention(word: word, kind: kind, address: try kind.canonical(word, address ?? []))
    if pendingOr == nil { rules.append(DraftRule()) }
    pendingOr = nil
    rules[rules.count - 1].mentions.append(mention)
  }

  private mutating func readAction(_ keyword: ActionKeyword, _ word: Word) throws(UsageError) {
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it") }
    guard let rule = rules.last else {
      throw UsageError(word, "expected a source before it, such as every:5s")
    }
    var action = DraftAction(keyword: keyword, word: word)
    if keyword == .run {
      isBehindDo = true
      guard place < words.count else {
        throw UsageError(word, "expected COMMAND after it, one word for the shell, such as './job -q'")
      }
      let command = words[place]
      place += 1
      if command.bytes.allSatisfy({ $0 == UInt8(ascii: " ") || 9...13 ~= $0 }) {
        throw UsageError(word, "COMMAND is empty")
      }
      action.command = command
    }
    if !rule.actions.isEmpty, keyword == .ignore || rule.actions.contains(where: { $0.keyword == .ignore }) {
      throw UsageError("'ignore': has no effect beside another action of its rule")
    }
    rules[rules.count - 1].actions.append(action)
  }

  /// Reads a setting of the source or the action before it; `value` is nil without `=`.
  private mutating func readSetting(_ name: String, _ value: [UInt8]?, _ word: Word) throws(UsageError) {
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it, not '\(word.text)'") }
    guard let setting = currentSettings.first(where: { $0.name == name }) else {
      throw misplaced(name, value, word)
    }
    let read = try setting.read(value, word, behindCommand: currentCommand.map { quoted($0, word) })
    let last = rules.count - 1
    if let action = rules[last].actions.indices.last {
      try rules[last].actions[action].settings.add(setting, read, word)
    } else {
      let mention = rules[last].mentions.count - 1
      try rules[last].mentions[mention].settings.add(setting, read, word)
    }
  }

  /// The settings that may stand here.
  var currentSettings: [Setting] {
    guard let rule = rules.last else { return [] }
    return rule.actions.last?.keyword.settings ?? rule.mentions.last?.kind.settings ?? []
  }

  /// The command that a word here would follow.
  var currentCommand: Word? {
    rules.last?.actions.last?.command
  }

  func quoted(_ command: Word, _ word: Word) -> String {
    "'"
      + (command.text + " " + word.text).split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}

extension Setting {
  fileprivate func read(_ value: [UInt8]?, _ word: Word, behindCommand quoted: String?) throws(UsageError)
    -> Value
  {
    guard let form else {
      if value != nil { throw UsageError(word, "\(name) takes no value") }
      return .none
    }
    guard let value else {
      if isValueOptional { return .none }
      let hint = quoted.map { "; if it belongs to COMMAND, quote the whole, do \($0)" } ?? ""
      throw UsageError(word, "expected a value, \(name)=\(form.placeholder)" + hint)
    }
    do {
      return try form.parse(value)
    } catch {
      throw UsageError(word, error.message)
    }
  }
}

extension SettingValues {
  fileprivate mutating func add(_ setting: Setting, _ value: Value, _ word: Word) throws(UsageError) {
    if has(setting.name) { throw UsageError(word, "\(setting.name) stands twice") }
    for (one, two) in Setting.exclusions {
      let excluded = setting.name == one ? two : setting.name == two ? one : nil
      if let excluded, let other = self.word(excluded) {
        throw UsageError(word, "has no effect beside '\(other.text)'")
      }
    }
    set(setting.name, value, word: word)
  }
}
