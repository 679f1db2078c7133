/// Who reads the standard input of upon beside the sources.
extension Resolution {
  /// The words that have a command inherit it, with the command as messages name it, in the order typed.
  private var heirs: [(word: Word, title: String, jobs: Int)] {
    var found: [(word: Word, title: String, jobs: Int)] = []
    for (rule, draft) in drafts.enumerated() {
      for action in draft.actions where action.settings.choice("stdin") == "inherit" {
        guard let word = action.settings.word("stdin") else { continue }
        let title = "do \((action.command ?? action.word).text)"
        found.append((word, title, action.settings.number("jobs") ?? jobsOfTakers[rule] ?? 1))
      }
    }
    for source in invocation.sources where source.settings.choice("stdin") == "inherit" {
      if let word = source.settings.word("stdin") { found.append((word, source.word.text, 1)) }
    }
    return found
  }

  /// Refuses what would have several commands read standard input at once, and take each other's bytes or the terminal.
  func checkHeirs() throws(UsageError) {
    let heirs = heirs
    for heir in heirs where heir.jobs > 1 {
      throw UsageError(
        heir.word, "one run at a time reads standard input, and there would be \(heir.jobs); say jobs=1")
    }
    if heirs.count > 1 {
      throw UsageError(heirs[1].word, "standard input is read by '\(heirs[0].title)' already")
    }
    if let word = heirs.first?.word, invocation.options.files.contains(RuleFile.standardInput) {
      throw UsageError(word, "rules come from standard input, by -f -")
    }
    if let word = heirs.first?.word, invocation.options.controls.contains(where: { $0.inherited == 0 }) {
      throw UsageError(word, "requests come from standard input, by --control")
    }
  }
}
