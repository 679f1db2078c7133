/// A source that runs already, as the rules of a request may name it.
struct KnownSource {
  let name: [UInt8]
  let plan: any SourcePlan
}

/// What `to=` names: looked up among the sources, so that a name that nobody has is found before anything is opened.
extension Resolution {
  /// The names behind `to=` of every `print`; a command with one of them reads a pipe.
  static func namesPrintedTo(_ drafts: [DraftRule]) -> [[UInt8]] {
    drafts.flatMap(\.actions).filter { $0.keyword == .print }.flatMap { $0.settings.bytes("to")?.names ?? [] }
  }

  /// The settings of a source that is printed to: a command reads what is printed, unless something else is typed.
  func receiving(_ settings: SettingValues, of mention: Mention, _ name: [UInt8]) throws(UsageError)
    -> SettingValues
  {
    guard mention.kind.takesInput, printedTo.contains(name) else { return settings }
    if let word = settings.word("stdin"), settings.choice("stdin") != "pipe" {
      throw UsageError(word, "print to=\(Word(name).text) writes to its standard input; leave stdin out")
    }
    var receiving = settings
    if !settings.has("stdin") { receiving.set("stdin", .choice("pipe"), word: "stdin=pipe") }
    return receiving
  }

  /// Checks what `print to=` names, and that the events of its rule have data where only that is printed.
  func checkReceivers(
    _ actions: [ActionSpec], _ bindings: [BindingSpec], _ draft: DraftRule
  ) throws(UsageError) {
    for (position, action) in draft.actions.enumerated() {
      guard case .print(let print) = actions[position], !print.receivers.isEmpty,
        let word = action.settings.word("to")
      else { continue }
      if let file = action.settings.word("file") {
        throw UsageError(file, "has no effect beside '\(word.text)'")
      }
      for name in print.receivers {
        guard try plan(of: name, word).reception == .none else { continue }
        throw UsageError(word, "'\(Word(name).text)' has no connections and no standard input to print to")
      }
      guard print.format == .data else { continue }
      for (binding, mention) in zip(bindings, draft.mentions) {
        let source = invocation.sources[binding.source]
        let bare = binding.delivered[position].subtracting(source.plan.carriesData)
        guard let index = source.kind.events.indices.first(where: { bare.contains(EventSet($0)) }) else {
          continue
        }
        let line = source.plan.carriesData.isEmpty ? nil : source.kind.events[source.plan.dataEvent].name
        throw UsageError(
          word,
          "'\(source.kind.events[index].name)' of '\(mention.word.text)' has no data to print; "
            + (line.map { "say on=\($0), or as=json" } ?? "say as=json"))
      }
    }
  }

  /// Checks that there is something that `kill` can signal.
  func checkKills() throws(UsageError) {
    for action in drafts.flatMap(\.actions) where action.keyword == .kill {
      guard let word = action.settings.word("to") else {
        if invocation.options.controls.isEmpty, !runsCommands {
          throw UsageError(action.word, "nothing here runs a command that could be signalled")
        }
        continue
      }
      for name in action.settings.bytes("to")?.names ?? [] {
        let plan = try plan(of: name, word)
        if !plan.runsCommand, invocation.options.controls.isEmpty, !runsCommands(for: name) {
          throw UsageError(word, "no command runs for '\(Word(name).text)'")
        }
      }
    }
  }

  /// Whether a command runs anywhere.
  var runsCommands: Bool {
    invocation.rules.contains { $0.actions.contains { if case .run = $0 { true } else { false } } }
      || invocation.sources.contains { $0.plan.runsCommand }
  }

  private func runsCommands(for name: [UInt8]) -> Bool {
    invocation.rules.contains { rule in
      rule.bindings.contains { invocation.sources[$0.source].name == name }
        && rule.actions.contains { if case .run = $0 { true } else { false } }
    }
  }

  private func plan(of name: [UInt8], _ word: Word) throws(UsageError) -> any SourcePlan {
    if let source = invocation.sources.first(where: { $0.name == name }) { return source.plan }
    if let source = known.first(where: { $0.name == name }) { return source.plan }
    let names = (invocation.sources.map(\.name) + known.map(\.name)).map { Word($0).text }
    let shown = Word(name).text
    if let near = Suggestion.nearest(shown, names) {
      throw UsageError(word, "no source has the name '\(shown)'; did you mean \(near)?")
    }
    throw UsageError(word, "no source has the name '\(shown)'; give it with name=\(shown)")
  }
}

extension SourcePlan {
  /// The event whose data is printed by default.
  fileprivate var dataEvent: Int {
    carriesData.contains(EventSet(principal))
      ? principal : (0..<32).first { carriesData.contains(EventSet($0)) } ?? 0
  }
}

extension [UInt8] {
  /// The names of a list.
  var names: [[UInt8]] {
    split(separator: UInt8(ascii: ",")).map { Array($0) }
  }
}
