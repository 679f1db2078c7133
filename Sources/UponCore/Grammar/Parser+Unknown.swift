/// What is said of a word that has no meaning where it stands: where it belongs, or what is nearest.
extension Parser {
  /// A word with a colon whose kind does not exist.
  func unknownKind(_ name: String, _ address: [UInt8], _ word: Word) -> UsageError {
    let rest = Word(address).text
    if let near = Suggestion.nearest(name, Kind.all.map(\.name)), let kind = Kind.named(near) {
      let meant = kind.address == nil ? near : rest.isEmpty ? kind.synopsis : "\(near):\(rest)"
      return UsageError(word, "unknown kind '\(name)'; did you mean \(meant)?")
    }
    if let setting = currentSettings.first(where: { $0.name == name }), setting.form != nil {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(name)=\(rest)?")
    }
    if let command = currentCommand { return belongsToCommand(command, word) }
    if let setting = Self.everySetting.first(where: { $0.name == name }), setting.form != nil {
      return UsageError(word, "unknown kind '\(name)'; did you mean \(name)=\(rest)?")
    }
    if word.isHostAndPort {
      return UsageError(word, "unknown kind '\(name)'; did you mean tcp:\(word.text)?")
    }
    return UsageError(word, "unknown kind '\(name)'; upon --kinds lists them")
  }

  /// A setting, or a bare word, that has no meaning here.
  func misplaced(_ name: String, _ value: [UInt8]?, _ word: Word) -> UsageError {
    // `signal=HUP` is more likely a source than a setting of kill.
    if Kind.named(name)?.address == nil, let message = belongsElsewhere(name, bare: value == nil) {
      return UsageError(word, message)
    }
    if let value {
      return unknownSetting(name, Word(value).text, word)
    }
    if let command = currentCommand { return belongsToCommand(command, word) }
    let meant = bareAddress(word) ?? nearestWord(name) ?? pathOfCommand(word)
    return UsageError(
      word, "unknown word; " + (meant.map { "did you mean \($0)?" } ?? "upon --help shows the grammar"))
  }

  private func unknownSetting(_ name: String, _ value: String, _ word: Word) -> UsageError {
    // Behind a command `FD=3` is more likely one of its arguments than a misspelt source.
    let similar = currentCommand == nil ? Suggestion.nearest(name, Kind.all.map(\.name)) : nil
    let kind = Kind.named(similar ?? name)
    let near = Suggestion.nearest(name, currentSettings.map(\.name))
    let meant: String?
    if let kind, kind.name == name || near == nil {
      meant = kind.address == nil ? kind.name : value.isEmpty ? kind.synopsis : "\(kind.name):\(value)"
    } else {
      meant = near.map { $0.written(value) }
    }
    if let meant { return UsageError(word, "unknown setting '\(name)'; did you mean \(meant)?") }
    if let command = currentCommand { return belongsToCommand(command, word) }
    if let near = Suggestion.nearest(name, Self.everySetting.map(\.name)) {
      return UsageError(word, "unknown setting '\(name)'; did you mean \(near.written(value))?")
    }
    return UsageError(word, "unknown setting '\(name)'; upon --kinds lists them")
  }

  private func belongsToCommand(_ command: Word, _ word: Word) -> UsageError {
    UsageError(word, "COMMAND is one word: quote the whole command, do \(quoted(command, word))")
  }
}

// MARK: Where a setting belongs

extension Parser {
  /// Says who has a setting that is not one of the source or action before it; nil if nobody has.
  private func belongsElsewhere(_ name: String, bare: Bool) -> String? {
    let isCommon = Setting.common.contains { $0.name == name }
    let action = ActionKeyword.allCases.first { $0.settings.contains { $0.name == name } }
    // What a source that runs a command has too is a setting of commands first.
    let kinds = Kind.all.filter { kind in
      kind.settings.contains { $0.name == name } && (action == nil || !kind.takesInput)
    }
    let takesValue = Self.everySetting.first { $0.name == name }.map { $0.form != nil && !$0.isValueOptional }
    // Behind a command such a word is more likely one of its arguments.
    if bare, takesValue ?? false, currentCommand != nil { return nil }
    let owners = isCommon ? "any source" : kinds.map(\.name).listed("and")
    guard let rule = rules.last, let mention = rule.mentions.last else {
      if !kinds.isEmpty { return "a setting of \(owners); put it after its source" }
      return action.map { "a setting of \($0.noun); put it after \($0.synopsis)" }
    }
    if let current = rule.actions.last {
      if let mention = rule.mentions.last(where: { $0.kind.settings.contains { $0.name == name } }) {
        let place = "after '\(mention.word.text)', before \(rule.actions[0].word.text)"
        return "a setting of \(kinds.isEmpty ? mention.kind.name : owners); put it \(place)"
      }
      if let action { return "a setting of \(action.noun); put it after \(action.synopsis)" }
      return kinds.isEmpty ? nil : "not a setting of \(current.keyword.noun); \(owners) \(kinds.has) it"
    }
    if !kinds.isEmpty { return "not a setting of \(mention.kind.name); \(owners) \(kinds.has) it" }
    return action.map { "a setting of \($0.noun); put it after \($0.synopsis)" }
  }

  fileprivate static let everySetting: [Setting] =
    Kind.all.flatMap(\.ownSettings) + Setting.common + ActionKeyword.allCases.flatMap(\.settings)
}

// MARK: What a bare word may have meant

extension Parser {
  /// The source that an address without its kind belongs to.
  private func bareAddress(_ word: Word) -> String? {
    // A number alone could be a signal, but is more likely a duration.
    if word.bytes.first?.isDigit == false, (try? SignalName.list(word, word.bytes)) != nil {
      return "signal:\(word.text)"
    }
    if let interval = Interval(word.bytes) {
      return interval.nanoseconds > 0 ? "every:\(word.text)" : "after:\(word.text)"
    }
    return nil
  }

  private func nearestWord(_ name: String) -> String? {
    let keywords = ["or"] + ActionKeyword.allCases.map(\.rawValue)
    let settings = currentSettings + Self.everySetting
    let near = Suggestion.nearest(name, Kind.all.map(\.name) + keywords + settings.map(\.name))
    guard let near else { return nil }
    if let kind = Kind.named(near) { return kind.synopsis }
    if let action = ActionKeyword(rawValue: near) { return action.synopsis }
    guard let setting = settings.first(where: { $0.name == near }) else { return near }
    return setting.synopsis
  }

  private func pathOfCommand(_ word: Word) -> String? {
    guard let rule = rules.last, rule.actions.isEmpty, word.bytes.contains(UInt8(ascii: "/")) else {
      return nil
    }
    return word.bytes.contains(UInt8(ascii: " ")) ? "do '\(word.text)'" : "do \(word.text)"
  }
}

extension Kind {
  /// How a source of this kind is typed.
  public var synopsis: String {
    address.map { "\(name):\($0)" } ?? name
  }
}

extension Setting {
  /// How the setting is typed.
  public var synopsis: String {
    guard let form else { return name }
    return isValueOptional ? "\(name)[=\(form.placeholder)]" : "\(name)=\(form.placeholder)"
  }
}

extension String {
  fileprivate func written(_ value: String) -> String {
    let setting = Parser.everySetting.first { $0.name == self }
    return setting?.form == nil ? self : "\(self)=\(value)"
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
