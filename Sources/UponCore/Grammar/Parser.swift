/// Reads the words of the command line, in their order, and finds the first thing that is wrong.
///
/// The words of a file take the place of the `-f` that names it.
public struct Parser {
  var words: [Word]
  let vocabulary: Vocabulary
  /// Whether files are read for the first time.
  let occasion: RuleFile.Occasion
  /// How many words stand behind the end of each file that is being read, the outermost first.
  var behindFiles: [Int] = []
  /// The index of the next word.
  var next = 0
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
  /// The index of the last COMMAND.
  var commandIndex: Int?
  /// The index of a source without an address that stands right behind COMMAND, and may have been meant for it: until a
  /// setting, an action or `or` shows that it was not.
  var doubtful: Int?
  var program: [Word]?

  init(_ words: [Word], _ vocabulary: Vocabulary, on occasion: RuleFile.Occasion = .start) {
    self.words = words
    self.vocabulary = vocabulary
    self.occasion = occasion
  }

  /// Gives what the words ask for; nothing is opened, and only the first error is told.
  public static func parse(_ words: [Word], _ vocabulary: Vocabulary) throws(UsageError) -> Invocation {
    var parser = Parser(words, vocabulary)
    try parser.read()
    if parser.mode != nil {
      var invocation = Invocation()
      invocation.options = parser.options
      return invocation
    }
    var invocation = try Resolution.resolve(parser.rules, vocabulary, parser.options, program: parser.program)
    if !parser.options.files.isEmpty { invocation.words = words }
    // In a file, and by a request, a time that has passed is no mistake: it was right when somebody wrote it.
    for source in invocation.sources where source.word.origin == nil {
      if let overdue = source.plan.overdue { throw UsageError(source.word, overdue) }
    }
    return invocation
  }

  /// Reads the rules of a request: the words of the command line without its options.
  ///
  /// They may name the sources that are known.
  static func parseRules(
    _ words: [Word], _ vocabulary: Vocabulary, beside options: Options = Options(), known: [KnownSource] = []
  ) throws(UsageError) -> Invocation {
    var parser = Parser(words, vocabulary)
    for word in words {
      if word == "--" || word == "do" { break }
      guard word.bytes.first == UInt8(ascii: "-") else { continue }
      throw UsageError(word, "options belong to the command line of upon, not to a rule")
    }
    try parser.read()
    if parser.rules.isEmpty { throw UsageError("expected a source, such as every:5s") }
    parser.options.controls = options.controls
    parser.options.files = options.files
    return try Resolution.resolve(
      parser.rules, vocabulary, parser.options, program: parser.program, known: known)
  }

  mutating func read() throws(UsageError) {
    do {
      try readWords()
    } catch {
      // What a message says without a word of its own is about the one that was read last.
      throw error.placed(at: next > 0 ? words[next - 1].origin : nil)
    }
  }

  private mutating func readWords() throws(UsageError) {
    while next < words.count, program == nil {
      if !behindFiles.isEmpty { leaveFiles() }
      let word = words[next]
      if word == "--" {
        program = try readProgram()
      } else if word.bytes.first == UInt8(ascii: "-") {
        if isBehindDo { throw doubt ?? behindDo(word) }
        try readOption()
        if mode == .kinds { try readListedKinds() }
        if mode != nil { return }
      } else {
        next += 1
        try readRuleWord(word)
      }
    }
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it") }
    if let doubt { throw doubt }
    if rules.isEmpty, options.controls.isEmpty {
      throw UsageError(
        "expected a source, such as every:5s or stdin; upon --help shows the grammar",
        from: options.files.last.map { Origin(file: $0, line: 1) })
    }
  }

  private func readProgram() throws(UsageError) -> [Word] {
    let (dashes, program) = (words[next], Array(words[(next + 1)...]))
    guard let first = program.first else { throw UsageError(dashes, "expected PROGRAM after it") }
    if first.bytes.isEmpty { throw UsageError(dashes, "PROGRAM is empty") }
    return program
  }

  /// What is wrong with a source that was more likely meant as an argument of the command before it.
  private var doubt: UsageError? {
    guard let doubtful, let commandIndex else { return nil }
    let (source, command) = (words[doubtful].text, words[commandIndex])
    return UsageError(
      "'\(source)' stands after do \(command.typed): quote the whole command, do \(quoted(command, from: doubtful)), "
        + "or give the source \(source) an action", at: words[doubtful])
  }

  private func behindDo(_ word: Word) -> UsageError {
    guard let command = command(before: word) else {
      return UsageError(word, "options stand before the first do")
    }
    return UsageError(
      "'\(word.text)' stands after do: quote the whole command, do \(quoted(command, from: next))", at: word)
  }
}

// MARK: Rules

extension Parser {
  private mutating func readRuleWord(_ word: Word) throws(UsageError) {
    if word == "or" { return try readOr(word) }
    if let keyword = ActionKeyword(rawValue: word.text) { return try readAction(keyword, word) }
    let separator = word.bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
    guard let separator else {
      if let kind = vocabulary.kind(word.text) { return try readSource(kind, nil, word) }
      return try readSetting(word.text, nil, word)
    }
    let name = Word(Array(word.bytes[..<separator])).text
    let rest = Array(word.bytes[(separator + 1)...])
    if word.bytes[separator] == UInt8(ascii: "=") { return try readSetting(name, rest, word) }
    guard let kind = vocabulary.kind(name) else { throw doubt ?? unknownKind(name, rest, word) }
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
    doubtful = nil
  }

  private mutating func readSource(_ kind: Kind, _ address: [UInt8]?, _ word: Word) throws(UsageError) {
    if pendingOr == nil, let doubt { throw doubt }
    if let placeholder = kind.address {
      guard let address, !address.isEmpty else { throw missingAddress(kind, placeholder, word) }
    } else if address != nil {
      throw UsageError(word, "\(kind.name) takes no address")
    }
    let mention = Mention(word: word, kind: kind, address: try kind.read(address ?? [], word))
    if pendingOr == nil {
      rules.append(DraftRule())
      if kind.address == nil, let commandIndex, commandIndex == next - 2,
        word.isOfSameText(as: words[commandIndex])
      {
        doubtful = next - 1
      }
    }
    pendingOr = nil
    rules[rules.count - 1].mentions.append(mention)
  }

  private mutating func readAction(_ keyword: ActionKeyword, _ word: Word) throws(UsageError) {
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it") }
    guard !rules.isEmpty else {
      throw UsageError(word, "expected a source before it, such as every:5s")
    }
    var action = DraftAction(keyword: keyword, word: word)
    if keyword == .run {
      isBehindDo = true
      guard next < words.count else {
        throw UsageError(word, "expected COMMAND after it, one word for the shell, such as './job -q'")
      }
      let command = words[next]
      commandIndex = next
      next += 1
      if command.bytes.allSatisfy({ $0 == UInt8(ascii: " ") || 9...13 ~= $0 }) {
        throw UsageError(word, "COMMAND is empty")
      }
      action.command = command
    }
    rules[rules.count - 1].actions.append(action)
    let actions = rules[rules.count - 1].actions
    if actions.count > 1, let ignoring = actions.first(where: { $0.keyword == .ignore }) {
      throw UsageError(ignoring.word, "has no effect beside another action of its rule")
    }
    doubtful = nil
  }

  /// Reads a setting of the source or the action before it; `value` is nil without `=`.
  private mutating func readSetting(_ name: String, _ value: [UInt8]?, _ word: Word) throws(UsageError) {
    if let pendingOr { throw UsageError(pendingOr, "expected a source after it, not '\(word.text)'") }
    guard let setting = currentSettings.first(where: { $0.name == name }) else {
      if value == nil, let doubt { throw doubt }
      throw misplaced(name, value, word)
    }
    let read = try read(setting, value, word)
    doubtful = nil
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

  /// The command that a word follows which stands here; nil where that is in another file.
  func command(before word: Word) -> Word? {
    guard let command = rules.last?.actions.last?.command, command.isOfSameText(as: word) else { return nil }
    return command
  }

  private func read(_ setting: Setting, _ value: [UInt8]?, _ word: Word) throws(UsageError) -> Value {
    guard let form = setting.form else {
      if value != nil { throw UsageError(word, "\(setting.name) takes no value") }
      return .none
    }
    guard let value else {
      if setting.isValueOptional { return .none }
      throw missingValue(setting, form, word)
    }
    do throws(ValueError) {
      let read = try form.parse(value)
      if form == .pattern, setting.name == "match" { try vocabulary.checkGroups(value) }
      return read
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
