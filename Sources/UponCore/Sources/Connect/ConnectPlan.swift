/// A connection out: where to, how often it is tried, and what is told of it.
struct ConnectPlan: SourcePlan {
  enum Target: Sendable, Equatable {
    case host(HostPort)
    /// With its path, unless the name is abstract.
    case unix(SocketAddress, path: [UInt8]?)
  }

  /// The place of `down`, behind the events that all connections have.
  static let down = StreamEvent.active + 1

  static let events = StreamEvent.table(
    opened: EventKind("connect", .principal, busy: .queue, help: "the connection is made"),
    [EventKind("down", .instead, busy: .queue, requires: "down", help: "nobody answers there any more")])

  static let settings: [Setting] =
    [
      Setting(
        "retry", .intervalOr("no"), standard: standardRetry.description,
        help: "how long after a failed attempt comes the next; no: the first failure is final"),
      Setting(
        "connect-timeout", .interval(zero: false), standard: "5s", help: "how long one address may not answer"
      ),
      Setting("reconnect", help: "open again after a close"),
      Setting("down", help: "wait until nobody answers there"),
    ] + StreamPlan.settings

  static let fields: [FieldKind] =
    [
      FieldKind("attempts", "integer", help: "attempts so far, with the one that is told"),
      FieldKind("elapsed_us", "integer", help: "microseconds since the first of them"),
    ] + StreamEvent.fields

  /// As the table has it.
  static let standardRetry = Interval(nanoseconds: 250_000_000)

  let target: Target
  /// nil: the first failure is final.
  let retry: Interval?
  /// Whether the first attempts may follow each other faster.
  let startsQuickly: Bool
  let timeout: Interval
  let reconnects: Bool
  let isDown: Bool
  let stream: StreamPlan

  init(to target: Target, _ typed: SettingValues) throws(UsageError) {
    let settings = typed.completed(from: Self.settings)
    self.target = target
    retry = settings.interval("retry")
    // A default counts as one also where it is typed: what --check prints must be the same rule when it is read again.
    startsQuickly = settings.interval("retry") == Self.standardRetry
    timeout = settings.interval("connect-timeout")!
    reconnects = settings.has("reconnect")
    isDown = settings.has("down")
    stream = StreamPlan(settings)
    guard isDown else { return }
    for name in ["reconnect", "frame", "max", "idle", "half-open"] {
      if let word = typed.word(name) { throw UsageError(word, "has no effect beside down") }
    }
  }

  var principal: Int { isDown ? Self.down : StreamEvent.opened }

  var available: EventSet {
    isDown ? [EventSet(Self.down), EventSet(StreamEvent.error)] : stream.available
  }

  var carriesData: EventSet { isDown ? [] : EventSet(stream.record) }

  var takesReply: EventSet { isDown ? [] : stream.takesReply }

  var reception: Reception { isDown ? .none : .one }

  func source(for port: Port, on services: Services) -> any Source {
    ConnectSource(self, port, services)
  }
}
