extension Session {
  /// Adds rules: everything is opened, or nothing and the reason is thrown.
  ///
  /// A name in use is refused, or with `replaces` the source that has it gives way, after the new one is armed.
  @discardableResult
  func add(
    _ invocation: consuming Invocation, replaces: Bool = false
  ) throws(SourceFailure) -> (feeds: [Feed], rules: [Rule]) {
    for spec in invocation.sources { try checkName(of: spec, replaces: replaces) }
    let fresh = invocation.sources.map { makeFeed($0) }
    var made: [Rule] = []
    do {
      for spec in invocation.rules { made.append(try rule(spec, of: fresh)) }
      // A hundred thousand sources need their memory for themselves.
      _ = consume invocation
      try watchReader()
      try arm(fresh) { feeds[$0.name] }
    } catch {
      for rule in made { rule.retire() }
      throw error
    }
    for feed in fresh {
      if let old = feeds[feed.name] {
        loaded?.willRemove(old)
        close(old)
      }
      insert(feed)
    }
    return (fresh, made)
  }

  /// Takes in a source that has been armed.
  func insert(_ feed: Feed) {
    feeds.add(feed)
    tally.opened(isCounted: feed.isCounted, isAwaited: feed.isAwaited)
    if feed.plan.runsCommand { commands.sourceRuns() }
  }

  /// Fires the `start` sources among those that have been added.
  func start(_ fresh: [Feed]) {
    for feed in fresh { feed.source?.started() }
  }

  /// Takes a source out; what it holds back is delivered, what its commands have begun goes on.
  func remove(_ feed: Feed) {
    loaded?.willRemove(feed)
    close(feed)
    // Nobody waits for it any more.
    if tally.waitsForNobody { endSoon(.satisfied) }
  }

  /// Closes a feed and forgets it; its memory goes at the end of the turn.
  func close(_ feed: Feed, keepingStatistics isKept: Bool = false) {
    guard feed.state != .ended else { return }
    tally.closed(isCounted: feed.isCounted, isStillAwaited: feed.isAwaited && !feed.hasFired)
    feed.close()
    feeds.remove(feed, keeping: isKept)
    if feed.isLingering {
      lingering.append(feed)
      return commands.sourceLingers()
    }
    bury(feed)
  }

  /// Takes note that what a closed source had begun has ended.
  func lingered(_ feed: Feed) {
    guard let position = lingering.firstIndex(where: { $0 === feed }) else { return }
    lingering.remove(at: position)
    commands.sourceIsOver()
    // It is on the stack.
    if let source = feed.takeLingerer() { graveyard.append(source) }
    bury(feed)
  }

  private func bury(_ feed: Feed) {
    graveyard.append(feed)
    for binding in feed.takeBindings() {
      for action in binding.rule.actions { action.forget(feed) }
      bindingClosed(binding)
    }
  }

  /// Takes note that a rule has one source less; the binding may be on the stack, and with it its rule.
  func bindingClosed(_ binding: Binding) {
    graveyard.append(binding)
    let rule = binding.rule
    rule.openBindings -= 1
    guard rule.openBindings == 0 else { return }
    rule.retire()
  }

  // MARK: Making

  /// Two sources on one descriptor would take each other's bytes.
  private func checkName(of spec: SourceSpec, replaces: Bool) throws(SourceFailure) {
    let title = Word(spec.name).text
    let same = feeds[spec.name]
    if same != nil, !replaces { throw SourceFailure("'\(title)': a source has that name already") }
    guard let number = spec.plan.inherited, feeds.count > 0 else { return }
    for feed in feeds.inOrder where feed !== same && feed.plan.inherited == number {
      throw SourceFailure("'\(title)': '\(feed.title)' watches descriptor \(number) already")
    }
  }

  func makeFeed(_ spec: SourceSpec) -> Feed {
    Feed(spec, ordinal: feeds.nextOrdinal(), session: self)
  }

  private func rule(_ spec: RuleSpec, of fresh: [Feed]) throws(SourceFailure) -> Rule {
    let rule = try makeRule(spec, names: spec.bindings.map { fresh[$0.source].name })
    do throws(SourceFailure) {
      for (index, bindingSpec) in spec.bindings.enumerated() {
        let feed = fresh[bindingSpec.source]
        feed.attach(try feed.binding(bindingSpec, rule, at: index))
        rule.openBindings += 1
      }
      return rule
    } catch {
      rule.retire()
      throw error
    }
  }

  /// Makes a rule that has no sources yet.
  func makeRule(_ spec: RuleSpec, names: [[UInt8]]) throws(SourceFailure) -> Rule {
    var actions: [Action] = []
    do {
      for action in spec.actions { actions.append(try make(action, names: names)) }
      return Rule(actions: actions)
    } catch {
      for action in actions { action.retire() }
      throw error
    }
  }

  private func make(_ action: ActionSpec, names: [[UInt8]]) throws(SourceFailure) -> Action {
    switch action {
    case .ignore: return IgnoreAction()
    case .kill(let spec):
      return KillAction(spec) { [unowned self] spec, number in kill(spec, number) }
    case .print(let spec):
      if options.quiet, spec.file == nil, spec.receivers.isEmpty { return IgnoreAction() }
      return try outputs.printer(spec, options)
    case .run(let spec): return try commands.action(for: spec, report: try report(spec), names: names)
    }
  }

  private func report(_ spec: CommandSpec) throws(SourceFailure) -> RunReport? {
    if spec.report == .none || options.quiet { return nil }
    let report = RunReport(
      to: try outputs.standardOutput(), as: options.format, fields: options.fields.map { FieldSelection($0) })
    report.onRecord = { [unowned self] event, label, port in observer?.show(event, label, of: port) }
    return report
  }

  /// Opens sources, each in the place of another if there is one: all of them, or none.
  func arm(_ fresh: [Feed], replacing old: (Feed) -> Feed?) throws(SourceFailure) {
    for feed in fresh {
      do {
        try feed.arm(replacing: old(feed))
      } catch {
        for armed in fresh { armed.abandon() }
        throw SourceFailure("\(feed.title): \(error.reason)")
      }
    }
  }
}
