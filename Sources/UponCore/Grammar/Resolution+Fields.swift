/// Which fields the records of a rule can have.
extension Resolution {
  /// Refuses fields that were asked for and that no source of the rule, or for `-o` of any rule, can have.
  func checkFields() throws(UsageError) {
    for draft in drafts {
      for action in draft.actions {
        guard let names = action.settings.fields("fields"), let word = action.settings.word("fields") else {
          continue
        }
        let standard = action.settings.has("to") ? .data : invocation.options.format
        let form = action.settings.choice("as") ?? standard.rawValue
        if RecordFormat(rawValue: form)?.hasFields != true {
          throw UsageError(
            word, "has no effect with as=\(form): only json and tsv have fields to choose from")
        }
        try check(names, among: fieldNames(of: draft), word)
      }
    }
    guard let names = invocation.options.fields else { return }
    var known = FieldKind.common.map(\.name)
    for draft in drafts { known += fieldNames(of: draft).filter { !known.contains($0) } }
    // Rules that are added later may have any source.
    if !invocation.options.controls.isEmpty { known += vocabulary.fieldNames.filter { !known.contains($0) } }
    let word = invocation.options.word(
      "output", as: "-o \(invocation.options.format.rawValue)=\(names.joined(separator: ","))")
    try check(names, among: known, word)
  }

  private func check(_ names: [String], among known: [String], _ word: Word) throws(UsageError) {
    for name in names where !known.contains(name) {
      let near = Suggestion.nearest(name, known).map { "; did you mean \($0)?" }
      throw UsageError(
        word,
        "no source here has a field '\(Word(name).text)'" + (near ?? "; there are \(known.listed("and"))"))
    }
  }

  private func fieldNames(of draft: DraftRule) -> [String] {
    var names = FieldKind.common.map(\.name)
    func add(_ more: [String]) { names += more.filter { !names.contains($0) } }
    for mention in draft.mentions {
      add(mention.kind.fields.map(\.name))
      if let pattern = mention.settings.bytes("match") {
        for group in Pattern.groupNames(pattern) { add([group, group + "_base64"]) }
      }
    }
    if draft.actions.contains(where: { $0.settings.has("report") }) { add(FieldKind.ofExit.map(\.name)) }
    if !invocation.options.controls.isEmpty { add(["triggered"]) }
    return names
  }
}

extension Vocabulary {
  /// The fields of every kind and of the records that tell how a command has ended.
  var fieldNames: [String] {
    kinds.flatMap { $0.fields.map(\.name) } + FieldKind.ofExit.map(\.name) + ["triggered"]
  }

  /// Refuses named groups of a pattern that records or `UPON_` variables have already.
  func checkGroups(_ pattern: [UInt8]) throws(ValueError) {
    // Names begin in (?<, (?P< and (?', and most patterns have none.
    guard pattern.contains(UInt8(ascii: "?")) else { return }
    let names = Pattern.groupNames(pattern)
    if names.isEmpty { return }
    let taken = Set(
      FieldKind.common.map(\.name) + fieldNames + ["truncated", "skipped", "merged"])
    var seen: [String: String] = [:]
    for name in names {
      let plain = name.lowercased()
      if taken.contains(plain) || plain.hasSuffix("_base64") {
        throw ValueError(message: "a record has '\(plain)' already; the group '\(name)' needs another name")
      }
      if let other = seen[plain], other != name {
        throw ValueError(
          message: "the groups '\(other)' and '\(name)' would be one variable, UPON_\(name.uppercased())")
      }
      seen[plain] = name
    }
  }
}
