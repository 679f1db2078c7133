/// What becomes of rules and sources when their text is read again: worked out first, then opened, then carried out.
///
/// A rule is known by its words, a source by its name. What is the same stays: a rule with its commands, a source with
/// what it has open. A source that stays and whose rules are others goes on with those, unless it is one that was opened
/// for what they took; then, and where its own words have changed, another takes its place.
struct Reload {
  /// What becomes of one source of the new text.
  enum Course {
    /// Nothing: it goes on as it is, has ended by itself, or fires at the start alone.
    case untouched
    /// It goes on, and other rules take its events.
    case joined(Feed)
    /// It is opened, in the place of another if there is one.
    case opened(replacing: Feed?)
  }

  let invocation: Invocation
  let before: LoadedRules
  private(set) var courses: [Course] = []
  /// The entry that each rule of the new text goes on with; nil for a rule that is new.
  private(set) var kept: [Int?]
  /// Rules of the old text that are not in the new one.
  private(set) var gone: [LoadedRules.Entry] = []
  private var goneRules: Set<ObjectIdentifier> = []
  /// Sources of the old text that are not in the new one, and are not replaced.
  private(set) var closed: [Feed] = []
  /// Sources that a request had removed, and that are opened again.
  private var returned: Set<Int> = []
  /// Where each source stands in rules, by its place in the text.
  private(set) var mentions: [[Mention]]

  /// One source in one rule.
  struct Mention {
    let rule: Int
    /// Its place among the sources of the rule.
    let index: Int
  }

  /// Compares the texts; throws where a name is not theirs to take.
  init(_ invocation: Invocation, instead before: LoadedRules, in feeds: Feeds) throws(SourceFailure) {
    self.invocation = invocation
    self.before = before
    kept = Array(repeating: nil, count: invocation.rules.count)
    mentions = Array(repeating: [], count: invocation.sources.count)
    for (rule, spec) in invocation.rules.enumerated() {
      for (index, binding) in spec.bindings.enumerated() {
        mentions[binding.source].append(Mention(rule: rule, index: index))
      }
    }
    matchRules()
    for (index, spec) in invocation.sources.enumerated() {
      courses.append(try course(of: index, spec, feeds))
    }
    closeRest(feeds)
  }

  // MARK: Rules

  /// Finds each rule in the old text, where no source of it has changed either. Of two that are the same each has one.
  private mutating func matchRules() {
    var places: [[UInt8]: [Int]] = [:]
    for (index, entry) in before.entries.enumerated().reversed() {
      places[entry.text, default: []].append(index)
    }
    for (index, rule) in invocation.rules.enumerated() {
      guard rule.bindings.allSatisfy({ isSame($0.source) }) else { continue }
      kept[index] = places[rule.text]?.popLast()
    }
    let found = Set(kept.compactMap { $0 })
    gone = before.entries.indices.filter { !found.contains($0) }.map { before.entries[$0] }
    goneRules = Set(gone.compactMap { $0.rule.map { ObjectIdentifier($0) } })
  }

  private func isSame(_ source: Int) -> Bool {
    let spec = invocation.sources[source]
    return before.sources[spec.name]?.text == spec.text
  }

  // MARK: Sources

  private mutating func course(
    of index: Int, _ spec: SourceSpec, _ feeds: Feeds
  ) throws(SourceFailure) -> Course {
    let old = before.sources[spec.name]
    let isSame = isSame(index)
    let hasNew = mentions[index].contains { kept[$0.rule] == nil }
    if let holder = feeds[spec.name] {
      guard holder === old?.feed else {
        if isSame, !hasNew { return .untouched }
        throw SourceFailure("'\(Word(spec.name).text)': a request has added a source of that name")
      }
      if !isSame { return .opened(replacing: holder) }
      return hasNew || hasLostRule(holder) ? .joined(holder) : .untouched
    }
    if spec.plan.firesAtStart { return .untouched }
    if isSame {
      if old?.wasRemoved ?? false, mentions[index].contains(where: { isFromFile($0) }) {
        returned.insert(index)
      } else if !hasNew {
        return .untouched
      }
    }
    return .opened(replacing: nil)
  }

  private func isFromFile(_ mention: Mention) -> Bool { invocation.rules[mention.rule].isFromFile }

  private func hasLostRule(_ feed: Feed) -> Bool {
    feed.bindings.contains { goneRules.contains(ObjectIdentifier($0.rule)) }
  }

  /// Finds what is closed. A source that only has another name now gives its place to the new one: it could not be
  /// opened twice.
  private mutating func closeRest(_ feeds: Feeds) {
    let names = Set(invocation.sources.map(\.name))
    var places: [[UInt8]: Int] = [:]
    for (index, course) in courses.enumerated() {
      if case .opened(replacing: nil) = course { places[invocation.sources[index].key] = index }
    }
    for (name, source) in before.sources where !names.contains(name) {
      guard let feed = source.feed, feeds[name] === feed else { continue }
      if let index = places[source.key] {
        courses[index] = .opened(replacing: feed)
        places[source.key] = nil
      } else {
        closed.append(feed)
      }
    }
    closed.sort { $0.ordinal < $1.ordinal }
  }

  /// Opens a source anew that was to go on.
  mutating func replace(_ index: Int, _ feed: Feed) {
    courses[index] = .opened(replacing: feed)
  }

  // MARK: What is made

  /// Whether a rule of which nothing is left is made: one that is new, or one whose source a request had removed.
  func needsRule(_ rule: Int) -> Bool {
    kept[rule] == nil
      || invocation.rules[rule].isFromFile
        && invocation.rules[rule].bindings.contains { returned.contains($0.source) }
  }

  /// Whether the rule is bound to a source that is opened: one that has ended by itself does not come back for a rule
  /// that stays.
  func binds(_ mention: Mention, _ source: Int) -> Bool {
    kept[mention.rule] == nil || returned.contains(source) && isFromFile(mention)
  }

  func spec(_ mention: Mention) -> BindingSpec { invocation.rules[mention.rule].bindings[mention.index] }

  /// The names of the sources of a rule.
  func names(of rule: Int) -> [[UInt8]] {
    invocation.rules[rule].bindings.map { invocation.sources[$0.source].name }
  }

  // MARK: What is told

  /// What has changed, by the names of sources: those in rules that are new, and those in rules that are gone.
  struct Outcome {
    var added: [[UInt8]] = []
    var removed: [[UInt8]] = []
    /// Options that the text has changed and that stay as they are.
    var options: [String] = []
  }

  var outcome: Outcome {
    var outcome = Outcome()
    var known: Set<[UInt8]> = []
    for (index, rule) in invocation.rules.enumerated() {
      for source in rule.bindings.map(\.source) where kept[index] == nil || returned.contains(source) {
        let name = invocation.sources[source].name
        if known.insert(name).inserted { outcome.added.append(name) }
      }
    }
    for name in gone.flatMap(\.names) where known.insert(name).inserted { outcome.removed.append(name) }
    return outcome
  }
}
