/// The events that all connections have in common, by their place in the table of their kind.
///
/// A kind puts its own first event at `opened` and what only it has behind `active`.
enum StreamEvent {
  static let opened = 0
  static let line = 1
  static let data = 2
  static let idle = 3
  static let close = 4
  static let error = 5
  static let end = 6
  static let active = 7

  /// The table of a kind: its first event, what connections have, and what only the kind has.
  static func table(opened: EventKind, _ further: [EventKind] = []) -> [EventKind] {
    [
      opened,
      EventKind("line", .printed, busy: .queue, help: "a record, without its line end"),
      EventKind("data", .printed, busy: .queue, requires: "frame=chunk", help: "bytes as they came"),
      EventKind(
        "idle", .printed, busy: .skip, requires: "idle=",
        help: "no byte on a connection for D; count tells how often in one silence"),
      EventKind("close", .printed, busy: .queue, help: "a connection is over"),
      EventKind("error", .named, busy: .queue, help: "a connection or the socket has failed"),
      EventKind("end", .named, busy: .queue, help: "the peer has finished sending"),
      .active,
    ] + further
  }

  /// The fields of these events.
  static let fields: [FieldKind] = [
    FieldKind("conn", "integer", help: "the connection, numbered from 1 in the whole process"),
    FieldKind("peer", "text", help: "the address at its other end; empty for a unix socket without a name"),
    FieldKind("local", "text", help: "its own address"),
    FieldKind("data", "text", help: "the record as text; bytes that are not UTF-8 as U+FFFD"),
    .dataBase64,
    .partial, .last,
    FieldKind("bytes_in", "integer", help: "bytes received, on a close event"),
    FieldKind("bytes_out", "integer", help: "bytes sent, on a close event"),
    FieldKind("duration_us", "integer", help: "microseconds that the connection was open, on a close event"),
    FieldKind("reason", "text", help: "why it is over: peer, reset, timeout, error, unsent or upon"),
    .error,
  ]

  /// The fields of unix sockets.
  static let credentials: [FieldKind] = [
    FieldKind("pid", "integer", help: "the process at the other end of a unix socket, when it connected"),
    FieldKind("uid", "integer", help: "its user"),
    FieldKind("gid", "integer", help: "its group"),
  ]
}

/// How what comes on connections becomes records.
struct StreamPlan: Sendable {
  let framing: Framing
  let idle: IdleSpan?
  /// Whether it stays open when the peer has finished sending.
  let isHalfOpen: Bool

  private static let frame = Setting(
    "frame", .choice(["line", "nul", "chunk"]), standard: "line", help: "what a record of a connection is")

  static let settings: [Setting] = [
    frame, .match, .unmatch, .max,
    .idle(without: "a byte on a connection"),
    Setting("half-open", help: "keep a connection whose peer has finished sending, to send to it"),
  ]

  init(_ settings: SettingValues) {
    framing = Framing(settings, frame: Self.frame)
    idle = settings.idle()
    isHalfOpen = settings.has("half-open")
  }

  /// The plan for the standard error of a command: lines, however its output is framed.
  var ofErrors: StreamPlan {
    StreamPlan(Framing(form: .delimited(by: Framing.newline), longest: framing.longest))
  }

  private init(_ framing: Framing) {
    (self.framing, idle, isHalfOpen) = (framing, nil, false)
  }

  /// The event of a record.
  var record: Int { framing.form == .chunk ? StreamEvent.data : StreamEvent.line }

  /// The events of a connection that is still there to reply on.
  var takesReply: EventSet {
    available.subtracting([EventSet(StreamEvent.close), EventSet(StreamEvent.error)])
  }

  /// What can happen on a connection that upon reads.
  var available: EventSet {
    var events: EventSet = [EventSet(StreamEvent.opened), EventSet(record), EventSet(StreamEvent.close)]
    events.formUnion([EventSet(StreamEvent.error), EventSet(StreamEvent.end)])
    if idle != nil { events.formUnion([EventSet(StreamEvent.idle), EventSet(StreamEvent.active)]) }
    return events
  }
}
