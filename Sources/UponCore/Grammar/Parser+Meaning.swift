/// What a bare word, an option or a word before a space may have meant.
extension Parser {
  /// The source that an address without its kind belongs to.
  func bareAddress(_ word: Word) -> String? {
    // A number alone could be a signal, but is more likely a duration.
    if word.bytes.first?.isDigit == false, (try? SignalName.list(word, word.bytes)) != nil {
      return "signal:\(word.text)"
    }
    if let interval = Interval(word.bytes) {
      return interval.nanoseconds > 0 ? "every:\(word.text)" : "after:\(word.text)"
    }
    return nil
  }

  /// What a word of another tool stands for.
  func meantByWord(_ name: String) -> String? {
    let keywords = ["or"] + ActionKeyword.allCases.map(\.rawValue)
    for meaning in Synonyms.words.meanings(of: name) {
      if meaning == ActionKeyword.run.rawValue {
        return next < words.count ? "do \(words[next].typed)" : ActionKeyword.run.synopsis
      }
      if keywords.contains(meaning) { return meaning }
      let setting = meaning.prefix { $0 != "=" }
      if let known = vocabulary.settings.first(where: { $0.name == setting }) {
        return meaning == setting ? known.synopsis : meaning
      }
    }
    if let kind = kindMeant(by: name) { return kind.synopsis }
    let names = vocabulary.settings.map(\.name)
    guard let setting = Synonyms.settings.meaning(of: name, in: names) else { return nil }
    if next < words.count, let value = spaced(setting, before: words[next]) { return value }
    return vocabulary.settings.first { $0.name == setting }?.synopsis
  }

  /// The option whose dashes are missing.
  func meantByOption(_ name: String) -> String? {
    guard let option = Option.all.first(where: { $0.long == name }) else { return nil }
    let form = option.form.map { " " + $0.placeholder } ?? ""
    return "--\(name)\(form)" + (name == "help" ? "" : ", which upon --help explains")
  }

  func nearestWord(_ name: String) -> String? {
    let keywords = ["or"] + ActionKeyword.allCases.map(\.rawValue)
    let settings = currentSettings + vocabulary.settings
    let near = Suggestion.nearest(name, vocabulary.kinds.map(\.name) + keywords + settings.map(\.name))
    guard let near else { return nil }
    if let kind = vocabulary.kind(near) { return kind.synopsis }
    if let action = ActionKeyword(rawValue: near) { return action.synopsis }
    guard let setting = settings.first(where: { $0.name == near }) else { return near }
    return setting.synopsis
  }

  func pathOfCommand(_ word: Word) -> String? {
    guard let rule = rules.last, rule.actions.isEmpty, word.bytes.contains(UInt8(ascii: "/")) else {
      return nil
    }
    return "do \(word.typed)"
  }

  /// What an unknown option may have meant.
  func meantByUnknownOption(_ word: Word) -> String? {
    let typed = word.bytes.prefix { $0 != UInt8(ascii: "=") }
    let dashed = String(decoding: typed, as: UTF8.self)
    if let meaning = Synonyms.options.meanings(of: dashed).first { return meaning }
    let names = vocabulary.settings.map(\.name)
    if let setting = Synonyms.settings.meaning(of: dashed, in: names) {
      return "the setting \(vocabulary.settings.first { $0.name == setting }?.synopsis ?? setting)"
    }
    guard dashed.hasPrefix("--") else { return nil }
    let name = String(dashed.dropFirst(2))
    let value = Word(Array(word.bytes.dropFirst(typed.count + 1))).text
    if let near = Suggestion.nearest(name, Option.all.map(\.long)) { return "--\(near)" }
    if let kind = vocabulary.kind(name) { return kind.typed(value) }
    if let setting = vocabulary.settings.first(where: { $0.name == name }) {
      return "the setting \(value.isEmpty ? setting.synopsis : written(name, value))"
    }
    return nil
  }
}

// MARK: Forms with a space

extension Parser {
  /// The word that stands behind one that lacks its address or value, where it may be that.
  private var wordBehind: Word? {
    guard next < words.count else { return nil }
    let word = words[next]
    let isOwn =
      word == "or" || ActionKeyword(rawValue: word.text) != nil || word.bytes.first == UInt8(ascii: "-")
    return isOwn ? nil : word
  }

  /// A source whose address is missing, or stands behind a space.
  func missingAddress(_ kind: Kind, _ placeholder: String, _ word: Word) -> UsageError {
    if let value = wordBehind, (try? kind.read(value.bytes, word)) != nil {
      return UsageError(word, "the address follows without a space, \(kind.name):\(value.typed)")
    }
    if !rules.isEmpty, Synonyms.words.meanings(of: kind.name).contains(ActionKeyword.run.rawValue) {
      return UsageError(
        word, "expected an address, \(kind.synopsis); do COMMAND is what runs a command for an event")
    }
    return UsageError(word, "expected an address, \(kind.name):\(placeholder)")
  }

  /// A setting whose value is missing, or stands behind a space.
  func missingValue(_ setting: Setting, _ form: ValueForm, _ word: Word) -> UsageError {
    if let command = command(before: word) {
      let line = quoted(command, from: next - 1)
      return UsageError(
        word,
        "expected a value, \(setting.name)=\(form.placeholder); if it belongs to COMMAND, quote the whole, do \(line)"
      )
    }
    if let value = wordBehind, let typed = spaced(setting.name, before: value) {
      return UsageError(word, "the value follows without a space, \(typed)")
    }
    return UsageError(word, "expected a value, \(setting.name)=\(form.placeholder)")
  }

  /// The setting with the word as its value, nil where that is none.
  private func spaced(_ name: String, before value: Word) -> String? {
    guard let setting = vocabulary.settings.first(where: { $0.name == name }), let form = setting.form,
      (try? form.parse(value.bytes)) != nil
    else { return nil }
    return "\(name)=\(value.typed)"
  }
}
