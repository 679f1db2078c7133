/// What a reload makes and opens before anything is changed: rules, sources and the bindings between them.
struct Opening {
  /// The rule of each entry of the new text: one that goes on, a new one, or nil for one that is over.
  private(set) var rules: [Rule?]
  /// Those that were made.
  private(set) var fresh: [Rule] = []
  /// The sources that are opened, by their places in the text.
  private(set) var feeds: [Int: Feed] = [:]
  /// The bindings of the sources that go on with other rules, by their places in the text.
  private(set) var joining: [Int: [Binding]] = [:]
  /// New bindings.
  private var made: [Binding] = []

  /// Makes all of it, and opens it; throws where something of it cannot be had, and leaves nothing behind then.
  init(_ reload: inout Reload, by session: Session) throws(SourceFailure) {
    rules = reload.kept.map { entry in
      let rule = entry.flatMap { reload.before.entries[$0].rule }
      // Without a source it is retired, and held by what is on its way out.
      return rule?.openBindings == 0 ? nil : rule
    }
    do {
      for index in rules.indices where rules[index] == nil && reload.needsRule(index) {
        let rule = try session.makeRule(reload.invocation.rules[index], names: reload.names(of: index))
        fresh.append(rule)
        rules[index] = rule
      }
      try join(&reload)
      try open(reload, by: session)
    } catch {
      for rule in fresh { rule.retire() }
      throw error
    }
  }

  /// The opened sources in the order of the text.
  var opened: [Feed] { feeds.sorted { $0.key < $1.key }.map(\.value) }

  /// Gives the sources that go on their new rules, where they can go on with these.
  private mutating func join(_ reload: inout Reload) throws(SourceFailure) {
    for (index, course) in reload.courses.enumerated() {
      guard case .joined(let feed) = course else { continue }
      var bindings: [Binding] = []
      var new: [Binding] = []
      for mention in reload.mentions[index] {
        if let binding = attached(mention, to: feed) {
          bindings.append(binding)
        } else if reload.kept[mention.rule] == nil, let rule = rules[mention.rule] {
          let binding = try feed.binding(reload.spec(mention), rule, at: mention.index)
          bindings.append(binding)
          new.append(binding)
        }
      }
      if feed.canGoOn(with: bindings) {
        joining[index] = bindings
        made += new
      } else {
        reload.replace(index, feed)
      }
    }
  }

  private mutating func open(_ reload: Reload, by session: Session) throws(SourceFailure) {
    var replaced: [ObjectIdentifier: Feed] = [:]
    for (index, course) in reload.courses.enumerated() {
      guard case .opened(let old) = course else { continue }
      let feed = session.makeFeed(reload.invocation.sources[index])
      for mention in reload.mentions[index] {
        guard let rule = rules[mention.rule] else { continue }
        let earlier = old.flatMap { attached(mention, to: $0) }
        guard earlier != nil || reload.binds(mention, index) else { continue }
        let binding = try feed.binding(
          reload.spec(mention), rule, at: mention.index, goingOnFrom: earlier)
        feed.attach(binding)
        made.append(binding)
      }
      feeds[index] = feed
      replaced[ObjectIdentifier(feed)] = old
    }
    try session.arm(opened) { replaced[ObjectIdentifier($0)] }
  }

  /// The binding of a rule that stays to a source that is open.
  private func attached(_ mention: Reload.Mention, to feed: Feed) -> Binding? {
    guard let rule = rules[mention.rule] else { return nil }
    return feed.bindings.first { $0.rule === rule && $0.index == mention.index }
  }

  /// Makes the rules know their new bindings: from here on nothing can fail.
  func bind() {
    for binding in made { binding.rule.openBindings += 1 }
  }
}
