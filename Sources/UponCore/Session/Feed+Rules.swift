/// What a source asks about the rules that take its events.
extension Feed {
  /// How many more data events may be taken from a descriptor that others read after us; nil without a bound.
  var allowance: Int? {
    var allowance = session.remaining
    if session.closesFeedsAsTheyFire || bindings.contains(where: \.endsOnDelivery) { allowance = 1 }
    if bindings.allSatisfy({ $0.remaining < .max }) {
      allowance = min(allowance, bindings.map(\.remaining).max() ?? 0)
    }
    return allowance == .max ? nil : allowance
  }

  /// How many connections its rules take, nil without a bound.
  var connectionLimit: Int? {
    let limits = bindings.compactMap(\.connectionLimit)
    return limits.count == bindings.count ? limits.max() : nil
  }

  /// Whether a command runs for any of its events.
  var runsCommands: Bool {
    bindings.contains { $0.rule.actions.contains { $0 is RunAction } }
  }

  /// Whether a command that runs for the event inherits the descriptor of the source.
  func handsOver(_ index: Int) -> Bool {
    plan.handsOver && index == plan.principal
  }
}
