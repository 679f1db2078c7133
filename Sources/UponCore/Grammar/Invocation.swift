/// What the arguments ask for: typed, checked, and nothing opened yet.
public struct Invocation: Sendable {
  public var options = Options()
  /// Each source once, in the order typed.
  public var sources: [SourceSpec] = []
  public var rules: [RuleSpec] = []
  /// The words behind `--`, untouched; nil without.
  public var program: [[UInt8]]?
  /// All words as they were typed, to be read again with the files that they name; empty where they name none.
  var words: [Word] = []

  public init() {}
}

/// The options, in the order of the table in `Option.all`.
public struct Options: Sendable {
  /// What to do instead of running.
  public enum Mode: Sendable, Equatable {
    case run, help, version, kinds, backends, check
    /// Show the next times of the sources of time.
    case next(Int)

    /// Whether it prints a text that needs no rules.
    var isText: Bool {
      switch self {
      case .help, .version, .kinds, .backends: true
      case .run, .check, .next: false
      }
    }
  }

  /// What the run waits for.
  public enum Wait: Sendable, Equatable {
    case none
    /// `-n N`; `-1` is one.
    case count(Int)
    /// `-a`.
    case all
  }

  public var mode = Mode.run
  /// The kinds and actions that `--kinds` lists; all of them if none is named.
  public var listed: [String] = []
  public var format = RecordFormat.json
  /// The fields of records in that form, in their order; nil for all.
  public var fields: [String]?
  public var wait = Wait.none
  public var timeout: Interval?
  public var failFast = false
  public var quiet = false
  public var verbose = false
  public var stats = false
  public var readyDescriptor: Int32?
  /// libevent's name of the mechanism to wait by; nil for the best.
  public var backend: String?
  /// Where requests come from, in the order typed.
  public var controls: [ControlAddress] = []
  /// The files of `-f`, in the order in which they were read.
  public var files: [[UInt8]] = []
  /// Where options stand that were read from a file, by their long names.
  var origins: [(long: String, origin: Origin)] = []

  /// How many values the options have that may stand several times.
  var repeated: Int { controls.count + files.count }

  /// The word of an option, for messages.
  func word(_ long: String, as text: String) -> Word {
    Word(Array(text.utf8), from: origins.first { $0.long == long }?.origin)
  }

  public init() {}
}

/// One source: a kind, its address and the settings that open and read.
public struct SourceSpec: Sendable {
  /// The word as first typed.
  public let word: Word
  public let kind: Kind
  public let address: CheckedAddress
  /// Unique; the word as typed, or `name=`.
  public let name: [UInt8]
  public let settings: SettingValues
  let plan: any SourcePlan

  /// What it watches, the same for all sources of one place.
  var key: [UInt8] { Array(kind.identity.utf8) + [UInt8(ascii: ":")] + address.spelling }

  /// All that was said of it anywhere: two that have the same text do the same.
  var text: [UInt8] {
    let taken = plan.giving?.taker.map { [Word("\($0.connections ?? 0)")] } ?? []
    return ([word] + settings.words + taken).text
  }
}

/// One rule: sources and what is done with their events.
public struct RuleSpec: Sendable {
  public var bindings: [BindingSpec]
  public var actions: [ActionSpec]
  /// The rule in one spelling; empty where nothing was read from a file.
  let text: [UInt8]
  /// Whether it begins in a file.
  let isFromFile: Bool

  init(bindings: [BindingSpec], actions: [ActionSpec], text: [UInt8] = [], isFromFile: Bool = false) {
    self.bindings = bindings
    self.actions = actions
    self.text = text
    self.isFromFile = isFromFile
  }
}

/// A source as one rule sees it.
public struct BindingSpec: Sendable {
  /// The index of the source in `Invocation.sources`.
  public let source: Int
  /// The settings of scope `rule`, as typed.
  public let settings: SettingValues
  /// What each action of the rule takes, in the order of the actions.
  public var delivered: [EventSet] = []
  public var match: [UInt8]? { settings.bytes("match") }
  public var unmatch: [UInt8]? { settings.bytes("unmatch") }
  /// `limit=N` or `once`.
  public var limit: Int? { settings.has("once") ? 1 : settings.number("limit") }
  public var debounce: (Interval, limit: Interval?)? { settings.burst("debounce") }
  public var throttle: Interval? { settings.interval("throttle") }
  /// `batch=`, or that of the kind.
  public var batch: (quiet: Interval, limit: Interval)?
  /// `exit=`: the events that end upon (nil: any delivered one), and the status.
  public var exit: (events: EventSet?, status: Int32)?

  public init(source: Int, settings: SettingValues) {
    self.source = source
    self.settings = settings
  }
}

/// What is done with an event.
public enum ActionSpec: Sendable {
  case print(PrintSpec)
  case run(CommandSpec)
  case kill(KillSpec)
  case ignore
}

/// `print`, with its settings.
public struct PrintSpec: Sendable {
  public let format: RecordFormat?
  /// The fields in their order; nil for all.
  public let fields: [String]?
  public let file: [UInt8]?
  /// The names behind `to=`; empty where it prints elsewhere.
  public let receivers: [[UInt8]]

  public init(
    format: RecordFormat? = nil, fields: [String]? = nil, file: [UInt8]? = nil, receivers: [[UInt8]] = []
  ) {
    self.format = format ?? (receivers.isEmpty ? nil : .data)
    self.fields = fields
    self.file = file
    self.receivers = receivers
  }
}

/// `kill`, with its settings.
public struct KillSpec: Sendable {
  /// nil: that of the event, or the one that stops the command.
  public let signal: Int32?
  /// Sources in whose rules the commands stand; nil for all commands.
  public let names: [[UInt8]]?
  public let signalsGroup: Bool
  let settings: SettingValues

  init(_ settings: SettingValues) {
    self.settings = settings
    signal = settings.choice("signal").flatMap { SignalName($0)?.number }
    names = settings.bytes("to")?.names
    signalsGroup = settings.has("group")
  }
}

extension Options {
  /// The form in which a `print` writes: its own, or that of `-o`, whose fields belong to that form.
  func form(of print: PrintSpec) -> (format: RecordFormat, fields: [String]?) {
    (print.format ?? format, print.fields ?? (print.format == nil ? fields : nil))
  }
}

/// A command: for the shell, or a program with its arguments.
public struct CommandSpec: Sendable {
  public enum Line: Sendable {
    case shell([UInt8])
    case program([[UInt8]])
  }

  /// What a command reads on its standard input.
  public enum Input: String, Sendable, CaseIterable {
    case data, event, none, inherit
  }

  /// Which end of a run ends upon.
  public enum Until: String, Sendable, CaseIterable {
    case exit, ok, fail
  }

  /// What is told of each run that has ended.
  public enum Report: Sendable {
    case none
    /// A record with its status.
    case exit
    /// A record with its status and what it wrote.
    case output
  }

  public let line: Line
  /// The settings behind the command as typed, and the defaults of the table for those that have an effect.
  public let settings: SettingValues
  // Read once: the dictionary has no place in the path of an event.
  public let input: Input
  public let jobs: Int
  public let busy: Overlap?
  public let timeout: Interval?
  public let grace: Interval
  public let stop: Int32
  public let until: Until?
  public let shell: [UInt8]
  public let directory: [UInt8]?
  /// `NAME[:GROUP]`.
  public let user: [UInt8]?
  public let detaches: Bool
  public let replies: Bool
  public let report: Report
  /// How many bytes of each stream a report keeps.
  public let outputLimit: Int

  /// Takes the settings as typed; those that have a default in the table always have a value.
  public init(line: Line, settings typed: SettingValues = SettingValues()) {
    let settings = typed.completed(from: Setting.ofCommand)
    self.line = line
    input = settings.choice("stdin").flatMap(Input.init)!
    jobs = settings.number("jobs")!
    busy = settings.choice("busy").flatMap(Overlap.init)
    timeout = settings.interval("timeout")
    grace = settings.interval("grace")!
    stop = settings.choice("stop").flatMap { SignalName($0)?.number }!
    until = settings.choice("until").flatMap(Until.init)
    shell = settings.bytes("shell")!
    directory = settings.bytes("dir")
    user = settings.bytes("user")
    detaches = settings.has("detach")
    replies = settings.has("reply")
    report = settings.has("report") ? settings.choice("report") == nil ? .exit : .output : .none
    outputLimit = settings.number("output-max")!
    self.settings = report == .output ? settings : settings.without("output-max")
  }
}
