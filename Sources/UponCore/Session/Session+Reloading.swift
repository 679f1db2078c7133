import EventLoop
import Platform

/// Reading the files of `-f` again while the loop runs.
extension Session {
  /// Makes the rules those that the files say now: what is the same is not touched, and of the rest everything is
  /// opened, or nothing and the reason is thrown.
  func reload() throws(SourceFailure) -> Reload.Outcome {
    guard let before = loaded else { throw SourceFailure("no rules were read from a file, by -f") }
    closeEnded()
    if ending.isDecided { throw SourceFailure("upon is about to end") }
    ReadyNotice.reloading(services.process.notifySocket)
    defer { ReadyNotice.ready(services.process.notifySocket) }
    let invocation: Invocation
    let options: [String]
    do {
      (invocation, options) = try Parser.parseAgain(
        before.words, Vocabulary(Kind.all), keeping: self.options)
    } catch {
      throw SourceFailure(error.message)
    }
    var reload = try Reload(invocation, instead: before, in: feeds)
    for (index, course) in reload.courses.enumerated() {
      if case .opened(let old) = course { try checkDescriptor(of: invocation.sources[index], replacing: old) }
    }
    let opening = try Opening(&reload, by: self)
    carryOut(reload, opening)
    var outcome = reload.outcome
    outcome.options = options
    tell(outcome)
    return outcome
  }

  /// What a signal asks for: who sent it can only be told by standard error.
  func reloadByHangup() {
    do throws(SourceFailure) {
      _ = try reload()
    } catch {
      services.diagnostics.report("\(error.reason); nothing has been changed")
    }
  }

  /// Whether a hang-up means that the files are to be read again.
  var reloadsByHangup: Bool {
    loaded != nil && !ending.isDecided && !(hadTerminal && !services.process.hasTerminal)
  }

  private func checkDescriptor(of spec: SourceSpec, replacing old: Feed?) throws(SourceFailure) {
    guard let number = spec.plan.inherited else { return }
    let title = Word(spec.name).text
    if !services.process.isInherited(number) {
      throw SourceFailure("\(title): descriptor \(number) is closed")
    }
    for feed in feeds.inOrder where feed !== old && feed.plan.inherited == number {
      // Another of the text is closed by the same reload.
      if loaded?.sources[feed.name]?.feed === feed { continue }
      throw SourceFailure("'\(title)': '\(feed.title)' watches descriptor \(number) already")
    }
  }

  private func tell(_ outcome: Reload.Outcome) {
    if !outcome.options.isEmpty {
      services.diagnostics.report(
        "options stay as they were at the start: \(outcome.options.joined(separator: ", "))")
    }
    services.diagnostics.life(
      [("added", outcome.added), ("removed", outcome.removed)].reduce("reloaded") { text, part in
        part.1.isEmpty ? text : "\(text); \(part.0) \(part.1.map { Word($0).text }.joined(separator: ", "))"
      })
  }

  // MARK: Carrying out

  private func carryOut(_ reload: Reload, _ opening: Opening) {
    let after = LoadedRules(reload.invocation)
    for (index, rule) in opening.rules.enumerated() { after.keep(rule, at: index) }
    opening.bind()
    // One of sources that have all fired at the start has none.
    for rule in opening.fresh where rule.openBindings == 0 { rule.retire() }
    for (index, course) in reload.courses.enumerated() {
      let name = reload.invocation.sources[index].name
      switch course {
      case .untouched: after.keep(name, of: reload.before)
      case .joined(let feed):
        after.keep(name, of: reload.before)
        join(opening.joining[index] ?? [], to: feed)
      case .opened(let old):
        guard let feed = opening.feeds[index] else { continue }
        if let old { close(old) }
        insert(feed)
        after.take([feed], [])
      }
    }
    for feed in reload.closed { close(feed) }
    program = reload.invocation.program
    loaded = after
    start(opening.opened)
    if tally.waitsForNobody { endSoon(.satisfied) }
  }

  /// Gives a source that goes on other rules.
  private func join(_ bindings: [Binding], to feed: Feed) {
    tally.closed(isCounted: feed.isCounted, isStillAwaited: feed.isAwaited && !feed.hasFired)
    let gone = feed.goOn(with: bindings)
    tally.opened(isCounted: feed.isCounted, isAwaited: feed.isAwaited && !feed.hasFired)
    for binding in gone { bindingClosed(binding) }
    feed.bindingEnded()
  }
}
