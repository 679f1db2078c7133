/// Which command gets the connections of a listener.
extension Resolution {
  /// A command that runs for the first event of a source.
  private struct Command {
    let rule: Int
    let word: Word
    let title: String
    let settings: SettingValues
  }

  /// The plan with its connections given to the command that runs for each of them, if there is one.
  mutating func give(_ plan: any SourcePlan, of group: [Mention], _ settings: SettingValues)
    throws(UsageError) -> any SourcePlan
  {
    guard let giving = plan.giving else { return plan }
    let commands = commands(for: group)
    guard let command = commands.first else { return plan }
    let jobs = command.settings.number("jobs")
    let connections = settings.number("connections")
    let number = jobs ?? connections ?? ConnectionTaker.standard
    // Where a client is not to wait, it must be let in to be turned away, or to stop another.
    let queues = command.settings.choice("busy") ?? Overlap.queue.rawValue == Overlap.queue.rawValue
    let taker = ConnectionTaker(title: command.title, connections: connections ?? (queues ? number : nil))
    let given = try giving.giving(to: taker, of: group[0].word)
    if commands.count > 1 {
      throw UsageError(
        commands[1].word, "the connections of '\(group[0].word.text)' go to \(command.title) already")
    }
    if let jobs, let connections, jobs != connections, let word = command.settings.word("jobs") {
      throw UsageError(
        word, "'connections=\(connections)' is the same number: a command runs for each connection")
    }
    jobsOfTakers[command.rule] = max(jobsOfTakers[command.rule] ?? 0, number)
    return given
  }

  /// Checks that commands that reply have somebody to reply to.
  func checkReplies(
    _ actions: [ActionSpec], _ bindings: [BindingSpec], _ draft: DraftRule
  ) throws(UsageError) {
    for (index, action) in draft.actions.enumerated() {
      guard case .run(let command) = actions[index], command.replies else { continue }
      let word = action.settings.word("reply") ?? "reply"
      for (binding, mention) in zip(bindings, draft.mentions) {
        let plan = invocation.sources[binding.source].plan
        let answered = binding.delivered[index].intersection(plan.takesReply)
        if answered.isEmpty {
          throw UsageError(word, "'\(mention.word.text)' delivers nothing here that could be replied to")
        }
        guard plan.giving != nil, answered == EventSet(plan.principal) else { continue }
        let events = mention.kind.events
        let record = events.indices.first { plan.carriesData.contains(EventSet($0)) }.map { events[$0].name }
        throw UsageError(
          word,
          "on \(events[plan.principal].name) the connection is the command's own; reply answers "
            + (record == "data" ? "data: on=data" : "lines: on=line"))
      }
    }
  }

  private func commands(for group: [Mention]) -> [Command] {
    var found: [Command] = []
    var last = -1
    for mention in group where mention.takesFirstEvent && mention.rule != last {
      last = mention.rule
      let draft = drafts[mention.rule]
      for action in draft.actions where action.keyword == .run && !action.settings.has("reply") {
        let command = action.command ?? action.word
        found.append(
          Command(
            rule: mention.rule, word: command, title: "'do \(command.text)'", settings: action.settings))
      }
      if draft.actions.isEmpty, !waits, let program {
        let word = program[0]
        found.append(
          Command(rule: mention.rule, word: word, title: "'-- \(word.text)'", settings: SettingValues()))
      }
    }
    return found
  }
}

extension Mention {
  /// Whether a command of its rule runs for the first event of the kind.
  fileprivate var takesFirstEvent: Bool {
    guard let selection = settings.events("on") else { return true }
    return selection.mode != .replace || selection.names.contains(kind.events[0].name)
  }
}
