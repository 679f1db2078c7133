extension SourceSpec {
  /// What an action takes, from what the rule's `on=` names.
  func delivered(_ action: ActionSpec, _ mode: EventSelection.Mode?, _ named: EventSet) -> EventSet {
    var standard = EventSet(plan.principal)
    let runs =
      switch action {
      case .run, .kill: true
      case .print, .ignore: false
      }
    for (index, event) in kind.events.enumerated()
    where event.delivery == .usual || event.delivery == .printed && !runs {
      standard.formUnion(EventSet(index).intersection(plan.available))
    }
    return switch mode {
    case nil: standard
    case .add: standard.union(named)
    case .replace: named
    case .all: plan.available
    }
  }

  /// Finds an event that a setting names, if it can happen at all.
  func event(_ name: String, _ word: Word) throws(UsageError) -> EventSet {
    guard let index = kind.events.firstIndex(where: { $0.name == name }) else {
      let names = kind.events.map(\.name)
      if let near = Synonyms.events.meaning(of: name, in: names) ?? Suggestion.nearest(name, names) {
        throw UsageError(word, "\(kind.name) has no event '\(Word(name).text)'; did you mean \(near)?")
      }
      throw UsageError(word, "\(kind.name) has no event '\(Word(name).text)'; it has \(names.listed("and"))")
    }
    if plan.available.contains(EventSet(index)) { return EventSet(index) }
    if let reason = plan.absence(of: index) { throw UsageError(word, "'\(name)' \(reason)") }
    guard let requirement = kind.events[index].requires else {
      throw UsageError(
        word, "'\(name)' cannot happen here; \(kind.events[plan.principal].name) takes its place")
    }
    let setting = kind.settings.first { requirement == $0.name + "=" }
    throw UsageError(word, "'\(name)' needs \(setting?.synopsis ?? requirement)")
  }

  /// How the rule gathers events: as it says, or else as the kind has it where commands run.
  func batch(
    of binding: BindingSpec, _ actions: [ActionSpec]
  ) throws(UsageError) -> (quiet: Interval, limit: Interval)? {
    var events: EventSet = []
    for set in binding.delivered { events.formUnion(set) }
    if let (quiet, limit) = binding.settings.burst("batch"), let word = binding.settings.word("batch") {
      if events.isDisjoint(with: plan.gathers) {
        throw UsageError(word, "has no effect: no event with data is delivered here")
      }
      return quiet.nanoseconds == 0 ? nil : (quiet, limit ?? quiet.times(10))
    }
    if binding.debounce != nil || binding.throttle != nil { return nil }
    var runs = false
    for action in actions {
      switch action {
      // One run a name.
      case .run(let command) where command.busy == .queue: return nil
      case .run, .kill: runs = true
      case .print, .ignore: break
      }
    }
    return runs && !events.isDisjoint(with: plan.gathers) ? plan.standardBatch : nil
  }

  /// Whether any of the events that need the setting is taken, by an action or by `exit=`.
  func takes(eventsWith setting: String, _ bindings: [BindingSpec]) -> Bool {
    var taken: EventSet = []
    for binding in bindings {
      taken.formUnion(binding.exit?.events ?? [])
      for set in binding.delivered { taken.formUnion(set) }
    }
    return kind.events.indices.contains {
      kind.events[$0].requires == setting + "=" && taken.contains(EventSet($0))
    }
  }

  /// Refuses patterns in a rule that looks at no data.
  func checkPatterns(_ binding: BindingSpec) throws(UsageError) {
    guard let word = binding.settings.word("match") ?? binding.settings.word("unmatch") else { return }
    var events = binding.exit?.events ?? []
    for set in binding.delivered { events.formUnion(set) }
    if events.isDisjoint(with: plan.carriesData) {
      throw UsageError(word, "has no effect: no event with data is delivered here")
    }
  }
}
