/// What is said of a word that has no meaning where it stands: what is nearest to it, or what it meant elsewhere.
extension Parser {
  /// A word with a colon whose kind does not exist.
  func unknownKind(_ name: String, _ address: [UInt8], _ word: Word) -> UsageError {
    let rest = Word(address).text
    if let near = Suggestion.nearest(name, vocabulary.kinds.map(\.name)), let kind = vocabulary.kind(near) {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(kind.typed(rest))?")
    }
    if let setting = currentSettings.first(where: { $0.name == name }), setting.form != nil {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(name)=\(rest)?")
    }
    if let command = command(before: word) { return belongsToCommand(command, word) }
    if let kind = kindMeant(by: name) {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(kind.typed(rest))?")
    }
    if let setting = vocabulary.settings.first(where: { $0.name == name }), setting.form != nil {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(name)=\(rest)?")
    }
    // A slip in a word of another tool is a kind as well, and no host.
    if let near = Suggestion.nearest(name, Synonyms.kinds.words.filter { $0.utf8.count > 4 }),
      let kind = kindMeant(by: near)
    {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(kind.typed(rest))?")
    }
    if word.isHostAndPort, Synonyms.kinds.meanings(of: name).isEmpty {
      return UsageError(word, "unknown kind '\(name)'; did you mean tcp:\(word.text)?")
    }
    return UsageError(word, "unknown kind '\(name)'; upon --kinds lists them")
  }

  /// A name behind `--kinds` that is neither a kind nor an action.
  func unlisted(_ word: Word) -> UsageError {
    let names = vocabulary.kinds.map(\.name) + ActionKeyword.allCases.map(\.rawValue)
    let name = word.text
    let meant =
      Synonyms.kinds.meaning(of: name, in: names) ?? Synonyms.words.meaning(of: name, in: names)
      ?? Suggestion.nearest(name, names)
    return UsageError(
      word, "unknown kind; " + (meant.map { "did you mean \($0)?" } ?? "upon --kinds lists them"))
  }

  /// A setting, or a bare word, that has no meaning here.
  func misplaced(_ name: String, _ value: [UInt8]?, _ word: Word) -> UsageError {
    // `signal=HUP` is more likely a source than a setting of kill.
    if vocabulary.kind(name)?.address == nil, let message = belongsElsewhere(name, value, word) {
      return UsageError(word, message)
    }
    if let value {
      return unknownSetting(name, Word(value).text, word)
    }
    if let command = command(before: word) { return belongsToCommand(command, word) }
    if word == "and" {
      return UsageError(
        word, "unknown word; or joins sources into one rule, and -a waits until every source has fired")
    }
    // QUIT is a signal, quit more likely the end.
    let synonym = name == name.lowercased() ? meantByWord(name) : nil
    let meant =
      synonym ?? bareAddress(word) ?? meantByWord(name) ?? meantByOption(name) ?? nearestWord(name)
      ?? pathOfCommand(word)
    return UsageError(
      word, "unknown word; " + (meant.map { "did you mean \($0)?" } ?? "upon --help shows the grammar"))
  }

  private func unknownSetting(_ name: String, _ value: String, _ word: Word) -> UsageError {
    // Behind a command `FD=3` is more likely one of its arguments than a misspelt source.
    let similar = command(before: word) == nil ? Suggestion.nearest(name, vocabulary.kinds.map(\.name)) : nil
    let kind = vocabulary.kind(similar ?? name)
    let near = Suggestion.nearest(name, currentSettings.map(\.name))
    let synonym = Synonyms.settings.meaning(of: name, in: currentSettings.map(\.name))
    let meant: String?
    if let kind, kind.name == name || near == nil && synonym == nil {
      meant = kind.typed(value)
    } else {
      meant = (synonym ?? near).map { written($0, value) }
    }
    if let meant { return UsageError(word, "unknown setting '\(name)'; did you mean \(meant)?") }
    if let command = command(before: word) { return belongsToCommand(command, word) }
    let names = vocabulary.settings.map(\.name)
    if let near = Synonyms.settings.meaning(of: name, in: names) ?? Suggestion.nearest(name, names) {
      return UsageError(word, "unknown setting '\(name)'; did you mean \(written(near, value))?")
    }
    if let kind = kindMeant(by: name) {
      return UsageError(word, "unknown setting '\(name)'; did you mean \(kind.typed(value))?")
    }
    return UsageError(word, "unknown setting '\(name)'; upon --kinds lists them")
  }

  /// A setting as it is typed with a value.
  func written(_ name: String, _ value: String) -> String {
    let setting = vocabulary.settings.first { $0.name == name }
    return setting?.form == nil ? name : "\(name)=\(value)"
  }

  /// The kind of another name that exists here.
  func kindMeant(by name: String) -> Kind? {
    Synonyms.kinds.meanings(of: name).lazy.compactMap { vocabulary.kind($0) }.first
  }
}

// MARK: Words behind a command

extension Parser {
  private func belongsToCommand(_ command: Word, _ word: Word) -> UsageError {
    let line = quoted(command, from: next - 1)
    return UsageError(word, "COMMAND is one word: quote the whole command, do \(line)")
  }

  /// The command and all words from there on, up to the next rule, as one word of the shell.
  func quoted(_ command: Word, from index: Int) -> String {
    var line = command.bytes
    for (offset, word) in words[index...].enumerated() {
      if word == "--" || offset > 0 && beginsRule(word) || !word.isOfSameText(as: words[index]) { break }
      line += [UInt8(ascii: " ")] + word.asArgument
    }
    return Word(line).quoted
  }

  /// Whether the word is a source and can be nothing else.
  private func beginsRule(_ word: Word) -> Bool {
    guard let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
    return vocabulary.kind(String(decoding: word.bytes[..<colon], as: UTF8.self)) != nil
  }
}

extension Word {
  /// The word as it stands within a command line: in double quotes where it is several words of the shell.
  fileprivate var asArgument: [UInt8] {
    let isOne = !bytes.isEmpty && !bytes.contains { " \t\n;&|<>()*?[]".utf8.contains($0) }
    return isOne ? bytes : [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
  }

  /// The word as a message shows it in single quotes of the shell.
  var quoted: String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }

  /// The word as a message shows it where it is to be typed: quoted only where it has to be.
  var typed: String {
    shell == bytes ? text : quoted
  }
}

// MARK: Where a setting belongs

extension Parser {
  /// Says who has a setting that is not one of the source or action before it; nil if nobody has.
  private func belongsElsewhere(_ name: String, _ value: [UInt8]?, _ word: Word) -> String? {
    let isCommon = Setting.common.contains { $0.name == name }
    let action = ActionKeyword.allCases.first { $0.settings.contains { $0.name == name } }
    // What a source that runs a command has too is a setting of commands first.
    let kinds = vocabulary.kinds.filter { kind in
      kind.settings.contains { $0.name == name } && (action == nil || !kind.takesInput)
    }
    let takesValue = vocabulary.settings.first { $0.name == name }.map {
      $0.form != nil && !$0.isValueOptional
    }
    // Behind a command such a word is more likely one of its arguments.
    if value == nil, takesValue ?? false, command(before: word) != nil { return nil }
    let owners = isCommon ? "any source" : kinds.map(\.name).listed("and")
    guard let rule = rules.last, let mention = rule.mentions.last else {
      if !kinds.isEmpty { return "a setting of \(owners); put it after its source" }
      return action.map { "a setting of \($0.noun); put it after \($0.synopsis)" }
    }
    if let current = rule.actions.last {
      if let mention = rule.mentions.last(where: { $0.kind.settings.contains { $0.name == name } }) {
        let position = "after '\(mention.word.text)', before \(rule.actions[0].word.text)"
        return "a setting of \(kinds.isEmpty ? mention.kind.name : owners); put it \(position)"
      }
      if let action { return "a setting of \(action.noun); put it after \(action.synopsis)" }
      return kinds.isEmpty ? nil : "not a setting of \(current.keyword.noun); \(owners) \(kinds.has) it"
    }
    if !kinds.isEmpty { return "not a setting of \(mention.kind.name); \(owners) \(kinds.has) it" }
    return action.map { "a setting of \($0.noun); put it after \($0.synopsis)" }
  }
}

extension Kind {
  /// How a source of this kind is typed.
  public var synopsis: String {
    address.map { "\(name):\($0)" } ?? name
  }

  /// The source with an address as a message shows it.
  func typed(_ address: String) -> String {
    self.address == nil ? name : address.isEmpty ? synopsis : "\(name):\(address)"
  }
}

extension Setting {
  /// How the setting is typed.
  public var synopsis: String {
    guard let form else { return name }
    return isValueOptional ? "\(name)[=\(form.placeholder)]" : "\(name)=\(form.placeholder)"
  }
}

extension [Kind] {
  fileprivate var has: String { count == 1 ? "has" : "have" }
}

extension Word {
  /// Whether it reads as `HOST:PORT` or `[HOST]:PORT`.
  fileprivate var isHostAndPort: Bool {
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
    guard let port = Int(decimal: bytes[(colon + 1)...]), 1...65535 ~= port else { return false }
    let host = bytes[..<colon]
    let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
    return isBracketed || !host.contains(UInt8(ascii: ":")) && !host.contains(UInt8(ascii: " "))
  }
}
