import EventLoop

/// A source's side of the session: whether it may offer, and where its events, its end and its failure go.
///
/// A source is told by `pause()` and `resume()` when `canTake` changes for long; in between it asks before each offer,
/// because what it offers may be what fills the line. While it may not offer it keeps what it has, or leaves it where
/// it is. The actions behind it see the same object: by it they hold the source, and know its name in messages and
/// records. Everything happens on the loop's thread.
class Port {
  /// What has become of a command that a source runs.
  enum CommandChange {
    case began
    /// Because upon has told it to.
    case stopped
    case ended(ExitStatus, timedOut: Bool)
  }

  /// Why a source is paused. Holds of one reason are counted: two lines may wait for the same reader.
  enum Hold: Int, CaseIterable {
    case output, commands, request
  }

  final let name: [UInt8]
  final let kind: Kind
  final let plan: any SourcePlan
  /// Whether the source may offer the next event now.
  final var canTake = false
  /// Whether events can be delivered at all; `canTake` also looks at holds.
  final var isOpen: Bool { isArmed && !isStopping }
  /// Whether the source has been opened and has not ended.
  final var isArmed = false
  /// Whether the end of everything has been decided, so that nothing more is delivered.
  final var isStopping = false
  /// Whether anybody holds it: the source is paused then.
  final var isHeld = false
  /// Whether a hold keeps the source from making events: readers wait, ticks and signals cannot.
  final var isPausable = false
  /// Whether it is being removed by a request: what has been read and not offered is offered now, held or not.
  final var takesRest = false
  /// The last failure, for the message of a wait that timed out.
  final var lastError: String?
  /// Clients turned away.
  final var refused: UInt64 = 0
  /// The label of the records that tell how a command has ended.
  private(set) final lazy var doneLabel = Label(name: name, kind: kind.name, event: "done")
  /// Labels of its events, made when they are first needed, and counted here.
  private final var labels: ContiguousArray<Unmanaged<Label>?> = []

  init(name: [UInt8], kind: Kind, plan: any SourcePlan) {
    self.name = name
    self.kind = kind
    self.plan = plan
  }

  deinit {
    for label in labels { label?.release() }
  }

  /// The name as messages show it.
  final var title: String { Word(name).text }

  // MARK: What a source tells

  /// Delivers one event, which is valid until the call returns; the source may be paused or closed by it.
  func offer(_ event: Event) { fatalError("a port is opened by its session") }

  /// Delivers what a command has written, or its exit; data that no rule takes goes through to where upon writes.
  ///
  /// Legal also after `disarm`, while the source lingers: it is printed then, and starts nothing.
  func offerOutput(_ event: Event) { fatalError("a port is opened by its session") }

  /// Takes note that a source which has gone on after `disarm` is over.
  func lingered() {}

  /// Counts what a command of the source does.
  func commandChanged(_ change: CommandChange) {}

  /// Takes note that nothing more comes; the session lets go of the source at the end of the turn.
  func end() { fatalError("a port is opened by its session") }

  /// Tells once that the source has failed while it ran, and ends it.
  func fail(_ failure: SourceFailure) { fatalError("a port is opened by its session") }

  /// Delivers what debounce, throttle and batch hold back of a subject that is over.
  func ended(_ subject: any Subject) {}

  /// Offers the event with the reason as its error, then fails.
  final func fail(_ failure: SourceFailure, offering event: Event) {
    var reason = failure.reason
    reason.withUTF8 {
      event.add("error", .bytes(UnsafeRawBufferPointer($0)))
      offer(event)
    }
    fail(failure)
  }

  // MARK: What a source asks about the rules that take its events

  /// How many more data events may be taken from a descriptor that others read after us; nil without a bound.
  var allowance: Int? { nil }

  /// How many connections its rules take, nil without a bound.
  var connectionLimit: Int? { nil }

  /// Whether a rule takes the event of that place in the table.
  func takes(_ event: Int) -> Bool { false }

  /// Whether its rules take the same events as those of another.
  final func takesSame(as other: Port) -> Bool {
    kind.events.indices.allSatisfy { takes($0) == other.takes($0) }
  }

  /// Whether a command runs for any of its events.
  var runsCommands: Bool { false }

  /// Whether all that was printed has left upon.
  var isWritten: Bool { true }

  /// Whether any of its rules unites names, so that it has to be told of each new one.
  var gathersNames: Bool { false }

  // MARK: Holds

  func hold(_ reason: Hold) {}
  func release(_ reason: Hold) {}

  /// Holds what made the event: its subject where that can be held alone, or else the whole source.
  final func hold(_ reason: Hold, for event: Event) {
    if let subject = event.subject, subject.holdsAlone { subject.hold() } else { hold(reason) }
  }

  /// Releases what `hold(_:for:)` has held; the event may be a copy.
  final func release(_ reason: Hold, for event: Event) {
    if let subject = event.subject, subject.holdsAlone { subject.release() } else { release(reason) }
  }

  // MARK: Labels

  /// What the records of an event have in common.
  final func label(_ index: Int) -> Label {
    withLabel(index) { $0 }
  }

  /// Runs `body` with the label, without counting it.
  @inline(__always)
  final func withLabel<Result>(_ index: Int, _ body: (Label) -> Result) -> Result {
    let label = index < labels.count ? labels[index] : nil
    return (label ?? makeLabel(index))._withUnsafeGuaranteedRef(body)
  }

  @inline(never)
  private final func makeLabel(_ index: Int) -> Unmanaged<Label> {
    let label = Unmanaged.passRetained(
      Label(name: name, kind: kind.name, event: kind.events[index].name))
    if labels.isEmpty { labels = ContiguousArray(repeating: nil, count: kind.events.count) }
    labels[index] = label
    return label
  }
}
