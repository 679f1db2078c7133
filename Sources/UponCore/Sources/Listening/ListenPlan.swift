import Platform

/// Where to listen, how many clients are let in, and what becomes of their connections.
struct ListenPlan: InheritingPlan, GivingPlan {
  enum Place: Sendable, Equatable {
    case tcp(HostPort)
    case unix(UnixPlace)
    /// A socket that upon was started with.
    case inherited(Activation)
  }

  /// The places of the events that only listeners have, behind those of connections.
  static let listening = StreamEvent.end + 1
  static let refused = StreamEvent.end + 2

  static let events = StreamEvent.table(
    opened: EventKind("accept", .principal, busy: .queue, help: "a client has connected"),
    [
      EventKind("listening", .named, busy: .queue, help: "clients can connect"),
      EventKind(
        "refused", .named, busy: .queue, requires: "per-peer=",
        help: "a client was turned away, one too many of its address or user"),
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

  static let fields: [FieldKind] =
    StreamEvent.fields + [
      FieldKind(
        "pid", "integer", help: "the process at the other end of a unix socket, on accept and refused"),
      FieldKind("uid", "integer", help: "its user"),
      FieldKind("gid", "integer", help: "its group"),
    ]

  let place: Place
  let stream: StreamPlan
  let backlog: Int32
  /// How many are open at once; nil without a bound.
  private(set) var connections: Int?
  let perPeer: Int?
  let reusesPort: Bool
  /// The command that gets every connection; upon reads none then.
  private(set) var taker: ConnectionTaker?
  private let settings: SettingValues

  init(at place: Place, _ settings: SettingValues) {
    self.place = place
    self.settings = settings
    stream = StreamPlan(settings)
    backlog = Int32(clamping: settings.number("backlog") ?? 4096)
    connections = settings.number("connections")
    perPeer = settings.number("per-peer")
    reusesPort = settings.has("reuseport")
  }

  let principal = StreamEvent.opened

  var available: EventSet {
    var events: EventSet =
      taker == nil ? stream.available : [EventSet(StreamEvent.opened), EventSet(StreamEvent.error)]
    events.insert(EventSet(Self.listening))
    if perPeer != nil { events.insert(EventSet(Self.refused)) }
    return events
  }

  var carriesData: EventSet { taker == nil ? EventSet(stream.record) : [] }

  var takesReply: EventSet { taker == nil ? stream.takesReply : [] }

  var reception: Reception { taker == nil ? .all : .none }

  var inheriting: (any InheritingPlan)? { self }
  var giving: (any GivingPlan)? { self }

  var descriptorOfCaller: Int32? {
    if case .inherited(let activation) = place { activation.descriptor } else { nil }
  }

  func giving(to taker: ConnectionTaker, of source: Word) throws(UsageError) -> any SourcePlan {
    for name in ["frame", "max", "idle"] {
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
    if let taker, event <= StreamEvent.end {
      return "cannot happen: \(taker.title) gets the connections, and upon does not read them"
    }
    if event == StreamEvent.line { return "cannot happen with frame=chunk; data takes its place" }
    return nil
  }

  func source(for port: Port, on services: Services) -> any Source {
    ListenSource(self, port, services)
  }
}
