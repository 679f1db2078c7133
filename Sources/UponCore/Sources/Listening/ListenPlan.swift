import Platform

/// Where to listen, how many clients are let in, and what becomes of their connections.
struct ListenPlan: InheritingPlan, GivingPlan {
  enum Endpoint: Sendable, Equatable {
    case tcp(HostPort)
    case unix(UnixEndpoint)
    /// A socket that upon was started with.
    case inherited(Activation)
  }

  /// The places of the events that only listeners have, behind those of connections.
  static let listening = StreamEvent.active + 1
  static let refused = StreamEvent.active + 2

  static let events = StreamEvent.table(
    opened: EventKind("accept", .principal, busy: .queue, help: "a client has connected"),
    [
      EventKind("listening", .named, busy: .queue, help: "clients can connect"),
      EventKind(
        "refused", .named, busy: .queue, requires: "per-peer=",
        help: "a client was turned away: not one of those allowed, or one too many of its address or user"),
    ])

  static let settings: [Setting] =
    [
      Setting(
        "connections", .count(1...Int.max),
        help: "how many are open at once; further clients wait in the backlog"),
      Setting(
        "per-peer", .count(1...Int.max), help: "how many of one address, or user, are open at once"),
    ] + StreamPlan.settings

  static let backlog = Setting(
    "backlog", .count(1...Int(Int32.max)), standard: "4096",
    help: "how many clients the kernel lets wait to be accepted")

  static let fields: [FieldKind] = StreamEvent.fields

  let endpoint: Endpoint
  let stream: StreamPlan
  let backlog: Int32
  /// How many are open at once; nil without a bound.
  private(set) var connections: Int?
  let perPeer: Int?
  /// Who is let in; nil for everybody.
  let allowed: AllowedAddresses?
  let users: AllowedUsers?
  let reusesPort: Bool
  /// The command that gets every connection; upon reads none then.
  private(set) var taker: ConnectionTaker?
  private let settings: SettingValues

  init(at endpoint: Endpoint, _ settings: SettingValues) {
    self.endpoint = endpoint
    self.settings = settings
    stream = StreamPlan(settings)
    backlog = Int32(clamping: settings.number(Self.backlog) ?? Int(Int32.max))
    connections = settings.number("connections")
    perPeer = settings.number("per-peer")
    allowed = settings.addresses()
    if case .unix(.abstract) = endpoint {
      users = settings.users() ?? .own
    } else {
      users = settings.users()
    }
    reusesPort = settings.has("reuseport")
  }

  let principal = StreamEvent.opened

  var available: EventSet {
    var events: EventSet =
      taker == nil ? stream.available : [EventSet(StreamEvent.opened), EventSet(StreamEvent.error)]
    events.insert(EventSet(Self.listening))
    if perPeer != nil || allowed != nil || users != nil { events.insert(EventSet(Self.refused)) }
    return events
  }

  var carriesData: EventSet { taker == nil ? EventSet(stream.record) : [] }

  var takesReply: EventSet { taker == nil ? stream.takesReply : [] }

  var reception: Reception { taker == nil ? .all : .none }

  var inheriting: (any InheritingPlan)? { self }
  var giving: (any GivingPlan)? { self }

  var descriptorOfCaller: Int32? {
    if case .inherited(let activation) = endpoint { activation.descriptor } else { nil }
  }

  func giving(to taker: ConnectionTaker, of source: Word) throws(UsageError) -> any SourcePlan {
    for name in ["frame", "max", "idle", "half-open"] {
      if let word = settings.word(name) {
        throw UsageError(word, "has no effect: \(taker.title) gets the connections of '\(source.text)'")
      }
    }
    var plan = self
    plan.taker = taker
    plan.connections = taker.connections
    return plan
  }

  func absence(of event: Int) -> String? {
    if let taker, event <= StreamEvent.active {
      return "cannot happen: \(taker.title) gets the connections, and upon does not read them"
    }
    if event == Self.refused {
      if case .unix = endpoint { return "needs per-peer= or allow-user=" }
      return "needs per-peer= or allow="
    }
    if event == StreamEvent.line { return "cannot happen with frame=chunk; data takes its place" }
    return nil
  }

  func source(for port: Port, on services: Services) -> any Source {
    ListenSource(self, port, services)
  }
}
