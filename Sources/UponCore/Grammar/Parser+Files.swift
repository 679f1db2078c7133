/// Words that are read from the files of `-f`.
extension Parser {
  /// Puts the words of the file that was named last in the place where its option stands.
  mutating func readFile(of option: Word) throws(UsageError) {
    guard let file = options.files.last else { return }
    let text: [UInt8]
    do throws(SourceFailure) {
      text = try RuleFile.read(file, on: occasion)
    } catch {
      throw UsageError("-f \(Word(file).text): \(error.reason)", at: option)
    }
    let read = try RuleText.words(text, of: file)
    behindFiles.append(words.count - next)
    words.insert(contentsOf: read, at: next)
  }

  /// Takes note of files of which all words have been read: what follows them is no argument of their last command.
  mutating func leaveFiles() {
    while let behind = behindFiles.last, words.count - next <= behind {
      behindFiles.removeLast()
      isBehindDo = false
    }
  }
}

// MARK: Reading again

extension Parser {
  /// Reads the words of a command line again, with its files as they are now.
  ///
  /// Options cannot change while upon runs: those that were given at the start hold, and those of which the text says
  /// something else are returned as they are typed.
  static func parseAgain(
    _ words: [Word], _ vocabulary: Vocabulary, keeping options: Options
  ) throws(UsageError) -> (invocation: Invocation, changed: [String]) {
    var parser = Parser(words, vocabulary, on: .reload)
    try parser.read()
    var kept = options
    kept.files = parser.options.files
    kept.origins = parser.options.origins
    if parser.rules.isEmpty, kept.controls.isEmpty {
      throw UsageError(
        "expected a source, such as every:5s", from: kept.files.last.map { Origin(file: $0, line: 1) })
    }
    var invocation = try Resolution.resolve(parser.rules, vocabulary, kept, program: parser.program)
    invocation.words = words
    return (invocation, parser.changed(since: options))
  }

  /// The options that say something else than before, as they are typed.
  private func changed(since before: Options) -> [String] {
    let (old, new) = (Help.words(before), Help.words(options))
    var names: [String] = []
    for group in new.filter({ !old.contains($0) }) + old.filter({ !new.contains($0) }) {
      if let name = group.first?.text, !names.contains(name) { names.append(name) }
    }
    // One that prints a text in place of a run.
    if options.mode != before.mode,
      let mode = Option.all.last(where: { given.contains($0.long) && $0.isMode })
    {
      names.append(mode.dashed)
    }
    return names
  }
}
