/// The events of an inherited descriptor, by their place in the table.
enum InputEvent {
  static let line = 0
  static let data = 1
  static let readable = 2
  static let writable = 3
  static let idle = 4
  static let end = 5
  static let error = 6
  static let active = 7

  static let table: [EventKind] = [
    EventKind("line", .principal, busy: .queue, help: "a record, without its line end"),
    EventKind("data", .instead, busy: .queue, requires: "frame=chunk", help: "bytes as they came"),
    EventKind("readable", .instead, busy: .queue, requires: "frame=none", help: "there is something to read"),
    EventKind("writable", .instead, busy: .queue, requires: "write", help: "there is room to write"),
    EventKind(
      "idle", .printed, busy: .skip, requires: "idle=",
      help: "no byte for D; count tells how often in one silence"),
    EventKind("end", .named, busy: .queue, help: "end of input"),
    EventKind("error", .named, busy: .queue, help: "the descriptor cannot be read any more"),
    .active,
  ]
}

/// A descriptor to watch: what a record is, and what else is told of it.
struct InputPlan: InheritingPlan {
  /// What it is watched for.
  enum Purpose: Sendable, Equatable {
    case records(Framing)
    /// To tell when there is something to read, or room to write, and do neither.
    case readable, writable
  }

  let descriptor: Int32
  let purpose: Purpose
  let idle: IdleSpan?

  static let settings =
    Setting.reading + [Setting("write", help: "watch for writable instead of reading")]

  static let fields: [FieldKind] = [
    FieldKind("data", "text", help: "the record as text; bytes that are not UTF-8 as U+FFFD"),
    .dataBase64,
    .partial, .last,
    .error,
  ]

  init(descriptor: Int32, settings: SettingValues) throws(UsageError) {
    self.descriptor = descriptor
    idle = settings.idle()
    if let write = settings.word("write") {
      for name in ["frame", "max", "idle"] {
        if let word = settings.word(name) {
          throw UsageError(word, "has no effect beside \(write.text), which reads nothing")
        }
      }
      purpose = .writable
    } else if settings.choice(.readingFrame) == "none" {
      if let word = settings.word("max") {
        throw UsageError(word, "has no effect beside frame=none, which reads nothing")
      }
      purpose = .readable
    } else {
      purpose = .records(Framing(settings, frame: .readingFrame))
    }
  }

  var recordEnd: [UInt8] {
    if case .records(let framing) = purpose { framing.recordEnd } else { [] }
  }

  var inheriting: (any InheritingPlan)? { self }
  var descriptorOfCaller: Int32? { descriptor }
  var handsOver: Bool { purpose == .readable || purpose == .writable }

  func source(for port: Port, on services: Services) -> any Source {
    guard case .records(let framing) = purpose else { return ReadinessSource(self, port, services) }
    return InputSource(self, framing, port, services)
  }

  var principal: Int {
    switch purpose {
    case .records(let framing): framing.form == .chunk ? InputEvent.data : InputEvent.line
    case .readable: InputEvent.readable
    case .writable: InputEvent.writable
    }
  }

  var carriesData: EventSet {
    available.intersection([EventSet(InputEvent.line), EventSet(InputEvent.data)])
  }

  var available: EventSet {
    var events: EventSet = [EventSet(principal), EventSet(InputEvent.end), EventSet(InputEvent.error)]
    if idle != nil { events.formUnion([EventSet(InputEvent.idle), EventSet(InputEvent.active)]) }
    return events
  }
}
