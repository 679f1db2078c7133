/// The events that all connections have in common, by their place in the table of their kind.
///
/// A kind puts its own first event at `opened` and what only it has behind `error`.
enum StreamEvent {
  static let opened = 0
  static let line = 1
  static let data = 2
  static let idle = 3
  static let close = 4
  static let error = 5
  static let end = 6

  /// The table of a kind: its first event, what connections have, and what only the kind has.
  static func table(opened: EventKind, _ further: [EventKind] = []) -> [EventKind] {
    [
      opened,
      EventKind("line", .printed, busy: .queue, help: "a record, without its line end"),
      EventKind("data", .printed, busy: .queue, requires: "frame=chunk", help: "bytes as they came"),
      EventKind(
        "idle", .printed, busy: .skip, requires: "idle=",
        help: "no byte on a connection for D; count tells how often in this silence"),
      EventKind("close", .printed, busy: .queue, help: "a connection is over"),
      EventKind("error", .named, busy: .queue, help: "a connection or the socket has failed"),
      EventKind("end", .named, busy: .queue, help: "the peer has finished sending"),
    ] + further
  }

  /// The fields of these events.
  static let fields: [FieldKind] = [
    FieldKind("conn", "integer", help: "the connection, numbered from 1 in the whole process"),
    FieldKind("peer", "text", help: "the address at its other end; empty for a unix socket without a name"),
    FieldKind("local", "text", help: "its own address"),
    FieldKind("data", "text", help: "the record as text; bytes that are not UTF-8 as U+FFFD"),
    .dataBase64,
    FieldKind("partial", "bool", help: "true on the parts of a record longer than max="),
    FieldKind("bytes_in", "integer", help: "bytes received, on a close event"),
    FieldKind("bytes_out", "integer", help: "bytes sent, on a close event"),
    FieldKind("duration_us", "integer", help: "microseconds that the connection was open, on a close event"),
    FieldKind("reason", "text", help: "why it is over: peer, reset, timeout, error, unsent or upon"),
    .error,
  ]
}

/// How what comes on connections becomes records.
struct StreamPlan: Sendable {
  enum Frame: Sendable, Equatable {
    case delimited(by: UInt8)
    case chunk
  }

  let frame: Frame
  /// The longest record in bytes.
  let max: Int
  let idle: Interval?

  static let settings: [Setting] = [
    Setting(
      "frame", .choice(["line", "nul", "chunk"]), standard: "line", help: "what a record of a connection is"),
    .match, .unmatch,
    Setting("max", .size, standard: "1M", help: "longest record; a longer one comes in parts"),
    Setting("idle", .interval(zero: false), help: "an idle event after D without a byte on a connection"),
  ]

  init(_ settings: SettingValues) {
    max = settings.number("max") ?? 1 << 20
    idle = settings.interval("idle")
    frame =
      switch settings.choice("frame") {
      case "nul": .delimited(by: 0)
      case "chunk": .chunk
      default: .delimited(by: UInt8(ascii: "\n"))
      }
  }

  /// The same for the standard error of a command: lines, whatever the others are.
  var ofErrors: StreamPlan { StreamPlan(frame: .delimited(by: UInt8(ascii: "\n")), max: max, idle: nil) }

  private init(frame: Frame, max: Int, idle: Interval?) {
    (self.frame, self.max, self.idle) = (frame, max, idle)
  }

  /// The event of a record.
  var record: Int { frame == .chunk ? StreamEvent.data : StreamEvent.line }

  /// The events of a connection that is still there to reply on.
  var takesReply: EventSet {
    available.subtracting([EventSet(StreamEvent.close), EventSet(StreamEvent.error)])
  }

  /// What can happen on a connection that upon reads.
  var available: EventSet {
    var events: EventSet = [EventSet(StreamEvent.opened), EventSet(record), EventSet(StreamEvent.close)]
    events.formUnion([EventSet(StreamEvent.error), EventSet(StreamEvent.end)])
    if idle != nil { events.insert(EventSet(StreamEvent.idle)) }
    return events
  }
}
