/// The events of a socket for datagrams, by their places in the table of its kind.
struct DatagramEvent: Sendable {
  let datagram: Int
  let idle: Int
  let active: Int
  let listening: Int
  let error: Int

  /// In the table of the kinds that have nothing else.
  static let places = DatagramEvent(datagram: 0, idle: 1, active: 4, listening: 2, error: 3)

  static let table: [EventKind] = [
    EventKind("datagram", .principal, busy: .queue, help: "a datagram, also an empty one"),
    EventKind(
      "idle", .printed, busy: .skip, requires: "idle=",
      help: "no datagram for D; count tells how often in one silence"),
    EventKind("listening", .named, busy: .queue, help: "datagrams can come"),
    EventKind("error", .named, busy: .queue, help: "the socket has failed"),
    .active,
  ]
}

/// Where datagrams come to, and how long they may be.
struct DatagramPlan: InheritingPlan {
  private static let longest = Setting(
    "max", .size, standard: "64K", help: "longest datagram; the rest of a longer one is lost")

  static let settings: [Setting] = [
    .match, .unmatch, longest,
    .idle(without: "a datagram"),
  ]

  static let fields: [FieldKind] = [
    FieldKind("peer", "text", help: "the address of the sender; empty for a unix socket without a name"),
    FieldKind("local", "text", help: "the address of the socket, on a listening event"),
    FieldKind("data", "text", help: "the datagram as text; bytes that are not UTF-8 as U+FFFD"),
    .dataBase64,
    FieldKind("partial", "bool", help: "true on a datagram longer than max=, of which this is the beginning"),
    FieldKind("size", "integer", help: "how long it was"),
    .error,
  ]

  let endpoint: DatagramEndpoint
  let events: DatagramEvent
  let max: Int
  let idle: IdleSpan?
  /// Whose datagrams are taken; nil for everybody.
  let allowed: AllowedAddresses?

  init(at endpoint: DatagramEndpoint, _ settings: SettingValues, events: DatagramEvent = .places) {
    self.endpoint = endpoint
    self.events = events
    // The table of accept has the length of records, which is not that of datagrams.
    max = settings.number(Self.longest) ?? .max
    idle = settings.idle()
    allowed = settings.addresses()
  }

  var principal: Int { events.datagram }

  var available: EventSet {
    var set: EventSet = [EventSet(events.datagram), EventSet(events.listening), EventSet(events.error)]
    if idle != nil { set.formUnion([EventSet(events.idle), EventSet(events.active)]) }
    return set
  }

  var carriesData: EventSet { EventSet(events.datagram) }

  var takesReply: EventSet { EventSet(events.datagram) }

  var inheriting: (any InheritingPlan)? { self }

  var descriptorOfCaller: Int32? {
    if case .inherited(let number) = endpoint { number } else { nil }
  }

  func source(for port: Port, on services: Services) -> any Source {
    DatagramSource(self, port, services)
  }
}
