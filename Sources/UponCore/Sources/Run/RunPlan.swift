import EventLoop

/// The events of a command that upon runs, by their place in the table.
enum RunEvent {
  static let line = 0
  static let data = 1
  static let exit = 2
  static let idle = 3
  static let stderr = 4
  static let active = 5

  static let table: [EventKind] = [
    EventKind(
      "line", .principal, busy: .queue, help: "a record of its standard output, without its line end"),
    EventKind("data", .instead, busy: .queue, requires: "frame=chunk", help: "bytes as they came"),
    EventKind("exit", .printed, busy: .queue, help: "the command has exited"),
    EventKind(
      "idle", .printed, busy: .skip, requires: "idle=",
      help: "it has written nothing for D; count tells how often in this silence"),
    EventKind(
      "stderr", .named, busy: .queue, help: "a line of its standard error, which otherwise goes through"),
    .active,
  ]
}

/// A command to run: how, what its records are, and when it is started again.
struct RunPlan: SourcePlan {
  /// What the command reads.
  enum Input: String, CaseIterable {
    case none, pipe, inherit
  }

  /// After which ends it is started again.
  enum Restart: String, CaseIterable {
    case always, fail
  }

  let spec: CommandSpec
  let command: [UInt8]
  let input: Input
  let frame: StreamPlan
  let restart: Restart?
  let until: CommandSpec.Until?
  let retry: (first: Interval, longest: Interval)

  static let settings: [Setting] =
    StreamPlan.settings.filter { $0.name != "half-open" }.map { setting in
      setting.name == "idle" ? .idle(without: "a byte") : setting
    } + [
      Setting(
        "stdin", .choice(Input.allCases.map(\.rawValue)), standard: "none",
        help: "what it reads; pipe is what send and print to= write to"),
      Setting(
        "restart", .choice(Restart.allCases.map(\.rawValue)), isValueOptional: true,
        help: "start it again when it has exited, or has failed"),
      Setting(
        "retry", .burst, standard: "1s,1m", help: "the pause before that; doubled each time up to MAX"),
      Setting(
        "until", .choice(CommandSpec.Until.allCases.map(\.rawValue)), help: "the end that is not restarted"),
    ] + Setting.ofProcess

  static let fields: [FieldKind] = [
    FieldKind("data", "text", help: "the record as text; bytes that are not UTF-8 as U+FFFD"),
    .dataBase64,
    .partial, .last,
    FieldKind("pid", "integer", help: "its process, on an exit event; absent when it could not be started"),
    FieldKind("status", "integer", help: "its exit status, where it exited"),
    FieldKind("signal", "text", help: "the signal that ended it, where one did"),
    FieldKind("duration_us", "integer", help: "microseconds from its start to its exit"),
  ]

  init(command: [UInt8], _ settings: SettingValues) throws(UsageError) {
    self.command = command
    spec = CommandSpec(line: .shell(command), settings: settings.only(Setting.ofProcess))
    input = settings.choice("stdin").flatMap(Input.init) ?? .none
    frame = StreamPlan(settings)
    restart =
      settings.has("restart") ? settings.choice("restart").flatMap(Restart.init) ?? .always : nil
    until = settings.choice("until").flatMap(CommandSpec.Until.init)
    let (first, longest) = settings.burst("retry") ?? (Self.standardRetry.first, Self.standardRetry.longest)
    retry = (first, longest ?? first)
    guard let restart else {
      for name in ["retry", "until"] {
        if let word = settings.word(name) { throw UsageError(word, "has no effect without restart") }
      }
      return
    }
    if let word = settings.word("until"), until == .exit || until == .fail && restart == .fail {
      throw UsageError(word, "nothing would be restarted; leave restart out, or say until=ok")
    }
  }

  private static let standardRetry = (
    first: Interval(nanoseconds: 1_000_000_000), longest: Optional(Interval(nanoseconds: 60_000_000_000))
  )

  func source(for port: Port, on services: Services) -> any Source {
    RunSource(self, port, services)
  }

  // MARK: Its ends

  /// Whether it is started again after an exit of that status.
  func restarts(after status: ExitStatus) -> Bool {
    guard let restart else { return false }
    let isLast =
      switch until {
      case .exit: true
      case .ok: status.isSuccess
      case .fail: !status.isSuccess
      case nil: false
      }
    return !isLast && (restart == .always || !status.isSuccess)
  }

  /// Whether a process that the other has started is what this one would start.
  func keepsProcess(of other: RunPlan) -> Bool {
    command == other.command && input == other.input && spec.shell == other.spec.shell
      && spec.directory == other.spec.directory && spec.detaches == other.spec.detaches
      && spec.timeout == other.spec.timeout && spec.user == other.spec.user
  }

  // MARK: Its events

  var runsCommand: Bool { true }
  var reception: Reception { input == .pipe ? .one : .none }

  var principal: Int { frame.framing.form == .chunk ? RunEvent.data : RunEvent.line }

  var recordEnd: [UInt8] { frame.framing.recordEnd }

  var carriesData: EventSet { [EventSet(principal), EventSet(RunEvent.stderr)] }

  var available: EventSet {
    var events: EventSet = [EventSet(principal), EventSet(RunEvent.exit), EventSet(RunEvent.stderr)]
    if frame.idle != nil { events.formUnion([EventSet(RunEvent.idle), EventSet(RunEvent.active)]) }
    return events
  }

  /// A line that is named or matched counts, and otherwise the exit, where that is delivered.
  func counted(_ delivered: EventSet, _ settings: SettingValues) -> EventSet {
    let line = kindName(principal)
    let selection = settings.events("on")
    let namesLine = selection.map { $0.mode == .all || $0.names.contains(line) } ?? false
    if namesLine || settings.has("match") || settings.has("unmatch") {
      return available.subtracting(EventSet(RunEvent.exit))
    }
    return delivered.contains(EventSet(RunEvent.exit)) || selection == nil || selection?.mode == .add
      ? EventSet(RunEvent.exit) : available
  }

  private func kindName(_ event: Int) -> String { RunEvent.table[event].name }
}

/// The pauses between an exit and the next start: doubled each time, and from the beginning after a long run.
struct RestartPause {
  private let first: Interval
  private let longest: Interval
  private var last: Interval?

  init(_ retry: (first: Interval, longest: Interval)) {
    (first, longest) = (retry.first, retry.longest)
  }

  /// The pause after a run of so many nanoseconds.
  mutating func next(after duration: Int64) -> Interval {
    guard let earlier = last, duration < longest.nanoseconds else {
      last = first
      return first
    }
    let (doubled, overflow) = earlier.nanoseconds.multipliedReportingOverflow(by: 2)
    let next = overflow ? longest : min(Interval(nanoseconds: doubled), longest)
    last = next
    return next
  }
}
