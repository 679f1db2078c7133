/// The session's side of one source: its rules, its labels and its holds.
///
/// A source offers events to its feed and goes on while `canTake` is true. Everything happens on the loop's thread.
final class Feed {
  /// Of the records that tell how a command has ended.
  private(set) lazy var exitLabel = Label(name: name, kind: kind.name, event: "exit")

  /// Why a source is paused. Holds of one reason are counted: two queues may wait for the same reader.
  enum Hold: Int {
    case output, commands, request
  }

  enum State {
    case opening, open
    /// Pending events of debounce and throttle are delivered and nothing more is taken.
    case ending
    case ended
  }

  let name: [UInt8]
  let kind: Kind
  let plan: any SourcePlan
  unowned(unsafe) let session: Session
  /// Whether the source may offer the next event now.
  private(set) var canTake = false
  /// Its place in the order of the session's sources.
  let ordinal: Int
  /// When it was armed.
  private(set) var armed = WallTime()
  private(set) var bindings: ContiguousArray<Binding> = []
  /// The binding of a feed that has one: the way of nearly every event.
  private var onlyBinding: Uncounted<Binding>?
  private(set) var state = State.opening {
    didSet { reconsider() }
  }
  /// Whether an event has been delivered.
  var hasFired = false
  /// Events delivered.
  var delivered: UInt64 = 0
  /// Whether an event is being fired by hand.
  var isTriggering = false
  /// Clients turned away.
  var refused: UInt64 = 0
  /// The last failure, for the message of a wait that timed out.
  var lastError: String?
  private(set) var source: (any Source)?
  /// What the source had lost when it was closed.
  private var lostBefore: UInt64?
  /// Made when they are first needed, and counted here.
  private var labels: ContiguousArray<Unmanaged<Label>?> = []
  private(set) var holds: InlineArray<3, Int32> = .init(repeating: 0)
  private(set) var isHeld = false {
    didSet { reconsider() }
  }
  /// Whether a hold keeps the source from making events: readers wait, ticks and signals cannot.
  private(set) var isPausable = false
  /// Whether its events count towards `-n` and `-a`, and keep the loop alive: all but those of `finish`.
  private(set) var counts = true

  init(_ spec: SourceSpec, ordinal: Int, session: Session) {
    self.ordinal = ordinal
    name = spec.name
    kind = spec.kind
    plan = spec.plan
    self.session = session
  }

  /// Whether `-a` waits for it: not where `exit=` ends upon by itself.
  var isAwaited: Bool { counts && !bindings.contains(where: \.hasExit) }

  deinit {
    for label in labels { label?.release() }
  }

  /// Datagrams that the kernel has dropped; nil for a source that has none.
  var lost: UInt64? { source?.lost ?? lostBefore }

  /// The name as messages show it.
  var title: String { Word(name).text }

  /// Finds out again whether events can be taken: the answer is asked for more often than it changes.
  func reconsider() {
    canTake = !isHeld && state == .open && !session.isStopping
  }

  /// Whether events can be delivered at all; `canTake` also looks at holds.
  var isOpen: Bool { state == .open && !session.isStopping }

  /// What the records of an event have in common.
  func label(_ index: Int) -> Label {
    withLabel(index) { $0 }
  }

  /// Runs `body` with the label, without counting it.
  @inline(__always)
  func withLabel<Result>(_ index: Int, _ body: (Label) -> Result) -> Result {
    let label = index < labels.count ? labels[index] : nil
    return (label ?? makeLabel(index))._withUnsafeGuaranteedRef(body)
  }

  @inline(never)
  private func makeLabel(_ index: Int) -> Unmanaged<Label> {
    let label = Unmanaged.passRetained(
      Label(name: name, kind: kind.name, event: kind.events[index].name))
    if labels.isEmpty { labels = ContiguousArray(repeating: nil, count: kind.events.count) }
    labels[index] = label
    return label
  }

  func attach(_ binding: Binding) {
    bindings.append(binding)
    onlyBinding = bindings.count == 1 ? Uncounted(binding) : nil
  }

  // MARK: Life

  /// Opens the source, in the place of that of `old` if there is one.
  func arm(replacing old: Feed? = nil) throws(SourceFailure) {
    let source = plan.source(for: self, on: session.services)
    self.source = source
    isPausable = source.isPausable
    counts = source.keepsAlive
    armed = .now
    state = .open
    do {
      if let other = old?.source {
        try source.arm(replacing: other)
      } else {
        try source.arm()
      }
    } catch {
      state = .ended
      self.source = nil
      throw error
    }
    session.services.diagnostics.life("\(title): armed")
  }

  /// Closes a source that has been armed in vain; it fires nothing.
  func abandon() {
    guard state == .open else { return }
    state = .ended
    source?.disarm()
    source = nil
  }

  /// Takes note that nothing more comes; the session lets go of the source at the end of the turn.
  func end() {
    guard state == .open else { return }
    state = .ending
    session.feedEnded(self)
  }

  /// Delivers what debounce and throttle hold back, closes the source and forgets it.
  func close() {
    guard state != .ended else { return }
    state = .ending
    lostBefore = source?.lost
    source?.disarm()
    for binding in bindings { binding.releasePending() }
    state = .ended
    source = nil
    session.services.diagnostics.life("\(title): ended")
  }

  // MARK: Events

  /// Hands one event to every rule that wants it; a rule takes it once, however often it names the source.
  @inline(__always)
  func offer(_ event: Event) {
    if let onlyBinding {
      _ = onlyBinding.use { $0.offer(event, from: self) }
    } else {
      offerToAll(event)
    }
  }

  private func offerToAll(_ event: Event) {
    var last: Rule?
    for binding in bindings where binding.rule !== last {
      if binding.offer(event, from: self) { last = binding.rule }
    }
  }

  /// Ends the source when the last of its rules has had enough.
  func bindingEnded() {
    if bindings.allSatisfy(\.isEnded) { end() }
  }

  /// Offers the event with the reason as its error, then fails.
  func fail(_ failure: SourceFailure, offering event: Event) {
    var reason = failure.reason
    reason.withUTF8 {
      event.add("error", .bytes(UnsafeRawBufferPointer($0)))
      offer(event)
    }
    fail(failure)
  }

  /// Tells once that the source has failed while it ran, and ends it.
  func fail(_ failure: SourceFailure) {
    lastError = failure.reason
    session.hasLostSource = true
    session.services.diagnostics.report("\(title): \(failure.reason)")
    end()
  }

  /// Delivers what debounce and throttle hold back of a connection that is over.
  func connectionClosed(_ connection: Connection) {
    for binding in bindings { binding.releasePending(of: connection) }
  }

  // MARK: Holds

  /// Holds what made the event: the connection that upon reads, or else the whole source.
  func hold(_ reason: Hold, for event: Event) {
    if let connection = event.connection, !connection.isGiven {
      connection.hold()
    } else {
      hold(reason)
    }
  }

  /// Releases what `hold(_:for:)` has held; the event may be a copy.
  func release(_ reason: Hold, for event: Event) {
    if let connection = event.connection, !connection.isGiven {
      connection.release()
    } else {
      release(reason)
    }
  }

  func hold(_ reason: Hold) {
    holds[reason.rawValue] += 1
    guard !isHeld else { return }
    isHeld = true
    if state == .open { source?.pause() }
  }

  func release(_ reason: Hold) {
    holds[reason.rawValue] -= 1
    guard isHeld, holds.indices.allSatisfy({ holds[$0] == 0 }) else { return }
    isHeld = false
    if state == .open { source?.resume() }
  }
}
