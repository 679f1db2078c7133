/// A source as one rule sees it: what it lets through, how often, and what ends with it.
final class Binding {
  /// Owns the rule, and is not read: a strong reference would be counted in the path of an event.
  private let owned: Rule
  unowned(unsafe) let rule: Rule
  /// Its place among the sources of the rule.
  let index: Int
  unowned(unsafe) let feed: Feed
  private let session: Uncounted<Session>
  /// The actions of the rule, in its order, which keeps them.
  private let routes: ContiguousArray<Route>
  /// The action of a rule that has one, which takes all that is wanted.
  private let onlyAction: Uncounted<Action>?
  private let wanted: EventSet
  private let match: Pattern?
  private let unmatch: Pattern?
  /// Delivered events left; the largest number stands for no limit.
  private(set) var remaining: Int
  /// It takes events of so many connections; nil without a bound, and for other kinds.
  let connectionLimit: Int?
  /// What `-1`, `-n` and `-a` count.
  let counted: EventSet
  private let exitEvents: EventSet
  private let exitsOnDelivery: Bool
  private let exitStatus: Int32
  private var gate: Gate?
  private var hasToldLimit = false

  /// An action and what it takes.
  private struct Route {
    let events: EventSet
    let action: Uncounted<Action>
  }

  /// Makes one of a rule that is new to the source, or of one that goes on with so many events left; `index` is its place
  /// among the sources of the rule.
  init(
    _ spec: BindingSpec, rule: Rule, at index: Int, feed: Feed, remaining left: Int? = nil
  ) throws(SourceFailure) {
    owned = rule
    self.index = index
    self.rule = rule
    self.feed = feed
    session = Uncounted(feed.session)
    routes = ContiguousArray(
      zip(spec.delivered, rule.actions).map { Route(events: $0, action: Uncounted($1)) })
    onlyAction = routes.count == 1 ? routes[0].action : nil
    wanted = spec.delivered.reduce([]) { $0.union($1) }
    match = try Binding.pattern(spec.match)
    unmatch = try Binding.pattern(spec.unmatch)
    connectionLimit = feed.plan.giving != nil ? spec.limit : nil
    remaining = left ?? (connectionLimit == nil ? spec.limit ?? .max : .max)
    counted = feed.plan.counted(wanted, spec.settings)
    exitEvents = spec.exit?.events ?? []
    exitsOnDelivery = spec.exit.map { $0.events == nil } ?? false
    exitStatus = spec.exit?.status ?? 0
    if let (quiet, limit) = spec.debounce {
      gate = Gate(.debounce(quiet, limit: limit), loop: feed.session.services.loop) { [unowned self] in
        deliver($0, from: self.feed)
      }
    } else if let period = spec.throttle {
      gate = Gate(.throttle(period), loop: feed.session.services.loop) { [unowned self] in
        deliver($0, from: self.feed)
      }
    } else if let (quiet, limit) = spec.batch {
      gate = Gate(.batch(quiet, limit: limit), loop: feed.session.services.loop) { [unowned self] in
        deliver($0, from: self.feed)
      }
    }
  }

  private static func pattern(_ bytes: [UInt8]?) throws(SourceFailure) -> Pattern? {
    guard let bytes else { return nil }
    do {
      return try Pattern(bytes)
    } catch {
      throw SourceFailure(error.message)
    }
  }

  var isEnded: Bool { remaining == 0 }
  var hasExit: Bool { exitsOnDelivery || !exitEvents.isEmpty }

  /// Whether one delivered event of the principal kind may end upon.
  var endsOnDelivery: Bool { exitsOnDelivery || exitEvents.contains(EventSet(feed.plan.principal)) }

  /// Takes the event if it passes; returns whether it did.
  @inline(__always)
  func offer(_ event: Event, from feed: Feed) -> Bool {
    let bit = EventSet(event.index)
    guard remaining > 0, wanted.union(exitEvents).contains(bit), passes(event) else {
      gate?.note(event)
      return false
    }
    if exitEvents.contains(bit) { feed.session.endSoon(.exit(exitStatus), sparing: feed) }
    guard wanted.contains(bit) else { return false }
    if let gate {
      gate.take(event)
    } else {
      deliver(event, from: feed)
    }
    return true
  }

  private func deliver(_ event: Event, from feed: Feed) {
    guard remaining > 0, session.use({ $0.admit(event, from: feed) }) else { return }
    if let onlyAction {
      onlyAction.use { $0.take(event, from: feed) }
    } else {
      deliverToAll(event, from: feed)
    }
    if exitsOnDelivery, counted.contains(EventSet(event.index)) {
      feed.session.endSoon(.exit(exitStatus), sparing: feed)
    }
    if remaining != .max {
      remaining -= 1
      if remaining == 0 { feed.bindingEnded() }
    }
  }

  /// Prints an event of a source that is closed and lingers, and starts nothing; returns whether it was printed.
  func offerLate(_ event: Event, from feed: Feed) -> Bool {
    let bit = EventSet(event.index)
    guard wanted.contains(bit), passes(event) else { return false }
    var isPrinted = false
    for route in routes where route.events.contains(bit) {
      route.action.use { action in
        guard action.prints else { return }
        session.use { $0.number(event, of: feed) }
        action.take(event, from: feed)
        isPrinted = true
      }
    }
    return isPrinted
  }

  /// What any of its actions takes, or ends upon.
  var taken: EventSet { wanted.union(exitEvents) }

  func takes(_ event: Int) -> Bool { taken.contains(EventSet(event)) }

  private func deliverToAll(_ event: Event, from feed: Feed) {
    let bit = EventSet(event.index)
    for route in routes where route.events.contains(bit) { route.action.use { $0.take(event, from: feed) } }
  }

  /// Whether it unites names: one that comes and goes at once is not told then.
  var gathers: Bool { gate?.gathersAll ?? false }

  /// Whether debounce, throttle or batch holds an event back.
  var isHolding: Bool { gate?.isHolding ?? false }

  /// Delivers what debounce or throttle holds back.
  func releasePending() {
    gate?.releaseAll()
  }

  /// Delivers what debounce or throttle holds back of one subject.
  func releasePending(of key: UInt64) {
    gate?.release(key)
  }

  @inline(__always)
  private func passes(_ event: Event) -> Bool {
    if match == nil && unmatch == nil && connectionLimit == nil { return true }
    return matches(event)
  }

  private func matches(_ event: Event) -> Bool {
    if let connectionLimit, let subject = event.subject, subject.ordinal > connectionLimit {
      return false
    }
    guard let data = event.data else { return true }
    if let match, !decide(match.matches(data), onGivingUp: false) { return false }
    if let unmatch, decide(unmatch.matches(data), onGivingUp: true) { return false }
    if let match, match.hasGroups { match.addGroups(of: data, to: event) }
    return true
  }

  /// Data on which the pattern gave up does not pass; it is told once.
  private func decide(_ outcome: Pattern.Outcome, onGivingUp answer: Bool) -> Bool {
    switch outcome {
    case .match: return true
    case .none: return false
    case .gaveUp:
      if !hasToldLimit {
        hasToldLimit = true
        feed.session.services.diagnostics.report(
          "\(feed.title): the pattern took too many steps on a record, which is not delivered")
      }
      return answer
    }
  }
}
