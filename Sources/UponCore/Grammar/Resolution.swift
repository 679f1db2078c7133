/// Turns rules as typed into sources that stand once and bindings that know their events.
struct Resolution {
  let drafts: [DraftRule]
  let vocabulary: Vocabulary
  private(set) var invocation = Invocation()
  /// The words behind `--`.
  let program: [Word]?
  /// The mentions of each source, the first one first.
  private var mentions: [[Mention]] = []
  /// The index of its source for each mention, in the order typed.
  private var sourceIndices: [Int] = []
  /// How many commands run at once in the rules whose command gets connections, by the index of the rule.
  var jobsOfTakers: [Int: Int] = [:]
  /// Sources that run already, which the rules of a request may name.
  let known: [KnownSource]
  /// The names behind `print to=`.
  let printedTo: [[UInt8]]

  private init(
    _ drafts: [DraftRule], _ vocabulary: Vocabulary, _ options: Options, _ program: [Word]?,
    _ known: [KnownSource]
  ) {
    self.drafts = drafts
    self.vocabulary = vocabulary
    self.known = known
    printedTo = Self.namesPrintedTo(drafts)
    self.program = program
    invocation.options = options
    invocation.program = program?.map(\.bytes)
  }

  static func resolve(
    _ drafts: [DraftRule], _ vocabulary: Vocabulary, _ options: Options, program: [Word]?,
    known: [KnownSource] = []
  ) throws(UsageError) -> Invocation {
    var resolution = Resolution(drafts, vocabulary, options, program, known)
    try resolution.checkCommands()
    resolution.gather()
    try resolution.makeSources()
    try resolution.checkDescriptors()
    try resolution.checkControls()
    try resolution.makeRules()
    try resolution.checkHeirs()
    try resolution.checkSilences()
    try resolution.checkFields()
    try resolution.checkKills()
    return resolution.invocation
  }

  var waits: Bool { invocation.options.wait != .none }

  private func checkCommands() throws(UsageError) {
    if let program, !waits, !drafts.contains(where: { $0.actions.isEmpty }) {
      throw UsageError(program[0], "has no effect: every rule has an action, and there is no -1, -n or -a")
    }
    let runs =
      drafts.contains {
        $0.actions.contains { $0.keyword == .run } || $0.mentions.contains(where: \.kind.takesInput)
      } || program != nil && !waits
    if invocation.options.failFast, !runs, invocation.options.controls.isEmpty {
      throw UsageError(invocation.options.word("fail-fast", as: "-e"), "has no effect without a command")
    }
  }
}

// MARK: Sources

extension Resolution {
  /// What reads where requests or rules come from would take them away.
  private func checkControls() throws(UsageError) {
    if invocation.options.controls.isEmpty, invocation.options.files.isEmpty { return }
    let numbers = invocation.options.controls.compactMap(\.inherited)
    let readsRules = invocation.options.files.contains(RuleFile.standardInput)
    for source in invocation.sources {
      guard let number = source.plan.inherited else { continue }
      if numbers.contains(number) { throw UsageError(source.word, "requests come from there, by --control") }
      if readsRules, number == 0 { throw UsageError(source.word, "rules come from there, by -f -") }
    }
    if readsRules, let control = invocation.options.controls.first(where: { $0.inherited == 0 }) {
      throw UsageError(
        invocation.options.word("control", as: "--control \(Word(control.text).text)"),
        "rules come from there, by -f -")
    }
  }
}

extension Resolution {
  private mutating func gather() {
    var keys = InsertionOrder()
    for (rule, draft) in drafts.enumerated() {
      for var mention in draft.mentions {
        mention.rule = rule
        if let index = keys.insert(mention.key) {
          sourceIndices.append(index)
          mentions[index].append(mention)
        } else {
          sourceIndices.append(mentions.count)
          mentions.append([mention])
        }
      }
    }
  }

  /// Refuses a second source that would take bytes of the same descriptor.
  private func checkDescriptors() throws(UsageError) {
    let readers = invocation.sources.filter { $0.plan.inherited != nil }
    for (position, source) in readers.enumerated() {
      guard let number = source.plan.inherited,
        let other = readers[..<position].first(where: { $0.plan.inherited == number })
      else { continue }
      let what = number == 0 ? "standard input" : "descriptor \(number)"
      throw UsageError(source.word, "'\(other.word.text)' has \(what) already")
    }
  }

  private mutating func makeSources() throws(UsageError) {
    var names = InsertionOrder()
    for group in mentions {
      let first = group[0]
      var settings = SettingValues()
      for mention in group where !mention.settings.values.isEmpty {
        for setting in mention.kind.settings where setting.scope == .source {
          guard let typed = mention.settings.values[setting.name] else { continue }
          guard let other = settings.values[setting.name] else {
            settings.set(setting.name, typed.value, word: typed.word)
            continue
          }
          if other.value != typed.value {
            throw UsageError(
              typed.word, "'\(first.word.text)' is one source and has '\(other.word.text)' already")
          }
        }
      }
      let name = settings.bytes("name") ?? first.word.bytes
      if let index = names.insert(name) {
        let other = invocation.sources[index].word
        throw UsageError(
          settings.word("name") ?? first.word, "'\(other.text)' has that name already; names are unique")
      }
      if !printedTo.isEmpty { settings = try receiving(settings, of: first, name) }
      invocation.sources.append(
        SourceSpec(
          word: first.word, kind: first.kind, address: first.address, name: name, settings: settings,
          plan: try give(try first.address.plan(settings), of: group, settings)))
    }
  }
}

// MARK: Rules

extension Resolution {
  private mutating func makeRules() throws(UsageError) {
    var sourceIndices = sourceIndices[...]
    for (rule, draft) in drafts.enumerated() {
      let actions = try makeActions(draft, jobs: jobsOfTakers[rule])
      var bindings: [BindingSpec] = []
      for mention in draft.mentions {
        let binding = try makeBinding(mention, of: sourceIndices.removeFirst(), actions)
        // Behind a limit the second one has its turn.
        if binding.limit == nil, bindings.contains(where: { $0.takesAll(of: binding) }) {
          throw UsageError(mention.word, "stands twice in its rule")
        }
        bindings.append(binding)
      }
      try checkReplies(actions, bindings, draft)
      try checkExits(draft)
      try checkReceivers(actions, bindings, draft)
      let text = invocation.options.files.isEmpty ? [] : draft.text(waits ? nil : program)
      invocation.rules.append(
        RuleSpec(bindings: bindings, actions: actions, text: text, isFromFile: draft.isFromFile))
    }
  }

  /// Refuses `exit=` behind the second of two sources that could be one: it would be the setting of that one alone.
  private func checkExits(_ draft: DraftRule) throws(UsageError) {
    guard draft.mentions.count > 1, let last = draft.mentions.last, last.kind.takesList,
      let exit = last.settings.word("exit")
    else { return }
    let others = draft.mentions.dropLast().filter { $0.kind === last.kind && !$0.settings.has("exit") }
    if others.isEmpty { return }
    let addresses = (others + [last]).map { Word($0.address.spelling).text }.joined(separator: ",")
    throw UsageError(
      exit,
      "would be a setting of '\(last.word.text)' alone; did you mean \(last.kind.name):\(addresses) \(exit.text)?"
    )
  }

  /// Refuses `idle=` where nothing takes the events that it makes.
  private func checkSilences() throws(UsageError) {
    for (index, source) in invocation.sources.enumerated() {
      guard !source.settings.values.isEmpty, let word = source.settings.word("idle") else { continue }
      let bindings = invocation.rules.flatMap(\.bindings).filter { $0.source == index }
      if !source.takes(eventsWith: "idle", bindings) {
        throw UsageError(
          word, "has no effect: nothing takes idle here; on=+idle or a rule with on=idle would")
      }
    }
  }

  private func makeActions(_ draft: DraftRule, jobs: Int?) throws(UsageError) -> [ActionSpec] {
    if draft.actions.isEmpty {
      guard let program = invocation.program else { return [.print(PrintSpec())] }
      let settings = SettingValues().with(jobs: jobs)
      return [waits ? .ignore : .run(CommandSpec(line: .program(program), settings: settings))]
    }
    return try draft.actions.map { (action) throws(UsageError) in
      let settings = action.keyword == .run ? action.settings.with(jobs: jobs) : action.settings
      switch action.keyword {
      case .ignore:
        return .ignore
      case .kill:
        return .kill(KillSpec(settings))
      case .print:
        return .print(
          PrintSpec(
            format: settings.choice("as").flatMap { RecordFormat(rawValue: $0) },
            fields: settings.fields("fields"), file: settings.bytes("file"),
            receivers: settings.bytes("to")?.names ?? []))
      case .run:
        if let word = settings.word("output-max"), settings.choice("report") == nil {
          throw UsageError(word, "has no effect without report=output")
        }
        return .run(CommandSpec(line: .shell(action.command?.bytes ?? []), settings: settings))
      }
    }
  }

  private func makeBinding(
    _ mention: Mention, of sourceIndex: Int, _ actions: [ActionSpec]
  ) throws(UsageError) -> BindingSpec {
    let source = invocation.sources[sourceIndex]
    var settings = SettingValues()
    if !mention.settings.values.isEmpty {
      for setting in mention.kind.settings where setting.scope == .rule {
        if let typed = mention.settings.values[setting.name] {
          settings.set(setting.name, typed.value, word: typed.word)
        }
      }
    }
    var binding = BindingSpec(source: sourceIndex, settings: settings)
    let selection = settings.events("on")
    var named: EventSet = []
    if let selection, let word = settings.word("on") {
      for name in selection.names { named.insert(try source.event(name, word)) }
    }
    binding.delivered = actions.map { source.delivered($0, selection?.mode, named) }
    if case .ending(let name, let status)? = settings.values["exit"]?.value, let word = settings.word("exit")
    {
      var events: EventSet?
      if let name { events = try source.event(name, word) }
      binding.exit = (events, status)
    }
    try source.checkPatterns(binding)
    binding.batch = try source.batch(of: binding, actions)
    return binding
  }
}

extension SettingValues {
  /// The settings with `jobs=`, if it was not typed.
  fileprivate func with(jobs: Int?) -> SettingValues {
    guard let jobs, !has("jobs") else { return self }
    var copy = self
    copy.set("jobs", .number(jobs), word: Word("jobs=\(jobs)"))
    return copy
  }
}

extension BindingSpec {
  /// Whether it lets through whatever the other would, however that was typed.
  fileprivate func takesAll(of other: BindingSpec) -> Bool {
    guard source == other.source, delivered == other.delivered else { return false }
    let (own, others) = (settings.without("on"), other.settings.without("on"))
    return own.values.mapValues(\.value) == others.values.mapValues(\.value)
  }
}
