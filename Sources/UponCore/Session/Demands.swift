/// What the rules of a source want of it, which it may have asked when it was opened.
struct Demands: Equatable {
  private let taken: EventSet
  private let gathersNames: Bool
  private let runsCommands: Bool
  private let connectionLimit: Int?
  private let isBounded: Bool

  init(_ bindings: ContiguousArray<Binding>, _ tally: Tally) {
    taken = bindings.reduce([]) { $0.union($1.taken) }
    gathersNames = bindings.contains(where: \.gathers)
    runsCommands = bindings.runCommands
    connectionLimit = bindings.connectionLimit
    isBounded = bindings.allowance(tally) != nil
  }
}

extension ContiguousArray<Binding> {
  /// How many more data events may be taken from a descriptor that others read after us; nil without a bound.
  func allowance(_ tally: Tally) -> Int? {
    var allowance = tally.remaining
    if tally.closesAsTheyFire || contains(where: \.endsOnDelivery) { allowance = 1 }
    if allSatisfy({ $0.remaining < .max }) {
      allowance = Swift.min(allowance, map(\.remaining).max() ?? 0)
    }
    return allowance == .max ? nil : allowance
  }

  /// How many connections they take, nil without a bound.
  var connectionLimit: Int? {
    let limits = compactMap(\.connectionLimit)
    return limits.count == count ? limits.max() : nil
  }

  /// Whether a command runs for any event.
  var runCommands: Bool {
    contains { $0.rule.actions.contains { $0 is RunAction } }
  }
}
