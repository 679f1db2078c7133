/// A source that has been checked and not yet opened: what can happen there, and how it is made.
protocol SourcePlan: Sendable {
  /// The index of the principal event in the kind's table.
  var principal: Int { get }
  /// The events that can happen under these settings.
  var available: EventSet { get }
  /// The events whose records carry data, which `match=` and `unmatch=` look at.
  var carriesData: EventSet { get }
  /// The events that `batch=` gathers.
  var gathers: EventSet { get }
  /// How a rule that runs commands gathers them, where it does not say so itself.
  var standardBatch: (quiet: Interval, limit: Interval)? { get }
  /// The place of the event that stands for names too many to keep, and the path that it has; nil where nothing is
  /// about names.
  var overflow: (event: Int, path: [UInt8], end: UInt8)? { get }
  /// Whether an event that is fired by hand has to be given a path.
  var needsPath: Bool { get }
  /// What stands behind the data of a record that is delivered.
  var recordEnd: [UInt8] { get }
  /// The events to whose subject a command can reply.
  var takesReply: EventSet { get }
  /// Who gets what `print to=` writes to the source.
  var reception: Reception { get }
  /// Whether it is a command, whose failure counts as that of a command of `do`.
  var runsCommand: Bool { get }
  /// The events that `-1`, `-n` and `-a` count in a rule of these settings that delivers those.
  func counted(_ delivered: EventSet, _ settings: SettingValues) -> EventSet
  /// Why an event of the kind cannot happen, where the table does not say it.
  func absence(of event: Int) -> String?
  /// The plan as one that watches a descriptor of the caller; nil for those that watch none.
  var inheriting: (any InheritingPlan)? { get }
  /// The plan as one that has connections to give to a command; nil for those that have none.
  var giving: (any GivingPlan)? { get }
  /// The plan as one whose times can be told beforehand; nil for all others.
  var timed: (any TimedPlan)? { get }
  /// Why nothing of it comes any more, nil where that is not known beforehand.
  var overdue: String? { get }
  /// Whether it fires when upon starts, and never later.
  var firesAtStart: Bool { get }
  /// Makes the source; nothing is opened before it is armed.
  func source(for port: Port, on services: Services) -> any Source
}

/// Who gets what is printed to a source.
enum Reception {
  case none
  /// One connection or command, which is waited for.
  case one
  /// Whoever is connected.
  case all
}

extension SourcePlan {
  var principal: Int { 0 }
  var available: EventSet { EventSet(0) }
  var carriesData: EventSet { [] }
  var gathers: EventSet { carriesData }
  var standardBatch: (quiet: Interval, limit: Interval)? { nil }
  var overflow: (event: Int, path: [UInt8], end: UInt8)? { nil }
  var needsPath: Bool { false }
  var recordEnd: [UInt8] { [] }
  var takesReply: EventSet { [] }
  var reception: Reception { .none }
  var runsCommand: Bool { false }
  func counted(_ delivered: EventSet, _ settings: SettingValues) -> EventSet { EventSet(rawValue: .max) }
  func absence(of event: Int) -> String? { nil }
  var inheriting: (any InheritingPlan)? { nil }
  var giving: (any GivingPlan)? { nil }
  var timed: (any TimedPlan)? { nil }
  var overdue: String? { nil }
  var firesAtStart: Bool { false }
  /// The descriptor of the caller that it watches.
  var inherited: Int32? { inheriting?.descriptorOfCaller }

  /// The descriptor of the caller that a command inherits which runs for the event.
  func handedOver(for event: Int) -> Int32? {
    guard let inheriting, inheriting.handsOver, event == principal else { return nil }
    return inheriting.descriptorOfCaller
  }
}

/// The plan of a source that may watch a descriptor of the caller.
protocol InheritingPlan: SourcePlan {
  /// The descriptor, nil where the source opens its own.
  var descriptorOfCaller: Int32? { get }
  /// Whether a command inherits it and reads or writes it; the source waits until the command has ended.
  var handsOver: Bool { get }
}

extension InheritingPlan {
  var handsOver: Bool { false }
}

/// The plan of a source whose connections a command may get. `limit=` counts them, and the source ends when the last of
/// them is over.
protocol GivingPlan: SourcePlan {
  /// The command that gets every connection; upon reads none then.
  var taker: ConnectionTaker? { get }
  /// The plan with each connection given to a command.
  func giving(to taker: ConnectionTaker, of source: Word) throws(UsageError) -> any SourcePlan
}

/// The command that gets the connections of a listener.
struct ConnectionTaker: Sendable {
  /// As messages name it: `do './handler'`.
  let title: String
  /// How many connections are open at once, which is how many commands run; nil where further ones are not to wait.
  let connections: Int?

  /// So many without `jobs=` and `connections=`.
  static let standard = 40
}
