/// The session's side of one source: its rules, its state and its holds.
///
/// A source offers events to its feed, which is its port, and goes on while `canTake` is true.
final class Feed: Port {
  enum State {
    case opening, open
    /// Pending events of debounce and throttle are delivered and nothing more is taken.
    case ending
    case ended
  }

  unowned(unsafe) let session: Session
  /// Its place in the order of the session's sources.
  let ordinal: Int
  /// When it was armed.
  private(set) var armedAt = WallTime()
  private(set) var bindings: ContiguousArray<Binding> = []
  /// The binding of a feed that has one: the way of nearly every event.
  private var onlyBinding: Uncounted<Binding>?
  private(set) var state = State.opening {
    didSet {
      isArmed = state == .open
      reconsider()
    }
  }
  /// Whether an event that counts has been delivered.
  var hasFired = false
  /// Events delivered.
  var delivered: UInt64 = 0
  /// Whether an event is being fired by hand.
  var isTriggering = false
  private(set) var source: (any Source)?
  /// The source after it was closed, while it lingers.
  private var lingerer: (any Source)?
  /// What `-1`, `-n` and `-a` count.
  private(set) var counted = EventSet()
  /// What the source had lost when it was closed.
  private var lostBefore: UInt64?
  /// How many hold it, by their reasons. A vector is laid out at compile time, where an array would cost each start.
  private var holds = SIMD4<Int32>()
  /// Whether its events count towards `-n` and `-a`, and keep the loop alive: all but those of `finish`.
  private(set) var isCounted = true

  init(_ spec: SourceSpec, ordinal: Int, session: Session) {
    self.ordinal = ordinal
    self.session = session
    super.init(name: spec.name, kind: spec.kind, plan: spec.plan)
    isStopping = session.isStopping
  }

  /// Whether `-a` waits for it: not where `exit=` ends upon by itself.
  var isAwaited: Bool { isCounted && !hasExit }
  /// Whether a rule ends upon by it.
  private var hasExit = false

  /// Datagrams that the kernel has dropped; nil for a source that has none.
  var lost: UInt64? { source?.lost ?? lostBefore }

  /// Whether it has nothing more to offer.
  var hasEnded: Bool { state == .ending || state == .ended }

  /// Finds out again whether events can be taken: the answer is asked for more often than it changes.
  func reconsider() {
    canTake = !isHeld && (isOpen || lingerer != nil)
  }

  func attach(_ binding: Binding) {
    bindings.append(binding)
    counted.formUnion(binding.counted)
    if binding.hasExit { hasExit = true }
    onlyBinding = bindings.count == 1 ? Uncounted(binding) : nil
  }

  /// Gives up its bindings, and with them its part of their rules; it stays known by name and numbers.
  func takeBindings() -> ContiguousArray<Binding> {
    onlyBinding = nil
    defer { bindings = [] }
    return bindings
  }

  /// Gives up its bindings for others.
  func detachAll() {
    bindings = []
    counted = []
    hasExit = false
    onlyBinding = nil
  }

  // MARK: Life

  /// Opens the source, in the place of that of `old` if there is one.
  func arm(replacing old: Feed? = nil) throws(SourceFailure) {
    let source = plan.source(for: self, on: session.services)
    self.source = source
    isPausable = source.isPausable
    isCounted = source.keepsAlive
    armedAt = .now
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

  override func end() {
    guard state == .open else { return }
    state = .ending
    session.feedEnded(self)
  }

  /// Delivers what debounce and throttle hold back, closes the source and forgets it.
  func close() {
    guard state != .ended else { return }
    // One that has ended, or that the end of everything closes, has nothing more to deliver.
    takesRest = state == .open && !isStopping
    state = .ending
    lostBefore = source?.lost
    source?.disarm()
    for binding in bindings { binding.releasePending() }
    if let source, source.lingers { linger(source) }
    state = .ended
    source = nil
    if !isLingering { session.services.diagnostics.life("\(title): ended") }
  }

  /// Whether the closed source goes on until its command has ended.
  var isLingering: Bool { lingerer != nil }

  private func linger(_ source: any Source) {
    lingerer = source
    // Nobody can resume it any more.
    holds[Hold.request.rawValue] = 0
    isHeld = holds != SIMD4()
    if !isHeld { source.resume() }
  }

  override func lingered() {
    guard lingerer != nil else { return }
    session.services.diagnostics.life("\(title): ended")
    session.lingered(self)
  }

  /// Signals the group of the command that the source runs, also of one that is closed and lingers.
  func signalCommand(_ number: Int32) {
    (source ?? lingerer)?.signal(number, group: true)
  }

  /// Gives up the source that has lingered.
  func takeLingerer() -> (any Source)? {
    defer { reconsider() }
    return lingerer.take()
  }

  /// Takes note that the end of everything has been decided.
  func stop() {
    isStopping = true
    reconsider()
  }

  // MARK: Events

  /// Hands one event to every rule that wants it; a rule takes it once, however often it names the source.
  @inline(__always)
  override func offer(_ event: Event) {
    if let onlyBinding {
      _ = onlyBinding.use { $0.offer(event, from: self) }
    } else {
      offerToAll(event)
    }
  }

  @discardableResult
  private func offerToAll(_ event: Event) -> Bool {
    var last: Rule?
    let own = event.fieldCount
    for binding in bindings where binding.rule !== last {
      if binding.offer(event, from: self) { last = binding.rule }
      // The groups of its pattern are the rule's own.
      event.removeFields(from: own)
    }
    return last != nil
  }

  override func offerOutput(_ event: Event) {
    let isTaken =
      if lingerer != nil || state == .ending {
        offerLate(event)
      } else if let onlyBinding {
        onlyBinding.use { $0.offer(event, from: self) }
      } else {
        offerToAll(event)
      }
    if !isTaken, event.payload != nil { session.passThrough(event, from: self) }
  }

  private func offerLate(_ event: Event) -> Bool {
    var last: Rule?
    for binding in bindings where binding.rule !== last {
      if binding.offerLate(event, from: self) { last = binding.rule }
    }
    return last != nil
  }

  override func commandChanged(_ change: CommandChange) {
    let commands = session.commands
    switch change {
    case .began: commands.began()
    case .stopped: commands.wasStopped()
    case .ended(let status, let timedOut): commands.ended(status, until: nil, timedOut: timedOut)
    }
  }

  /// Ends the source when the last of its rules has had enough.
  func bindingEnded() {
    if bindings.allSatisfy(\.isEnded) { end() }
  }

  override func fail(_ failure: SourceFailure) {
    lastError = failure.reason
    session.hasLostSource = true
    session.services.diagnostics.report("\(title): \(failure.reason)")
    end()
  }

  override func ended(_ subject: any Subject) {
    for binding in bindings { binding.releasePending(of: subject.key) }
  }

  // MARK: Holds

  override func hold(_ reason: Hold) {
    holds[reason.rawValue] += 1
    guard !isHeld else { return }
    isHeld = true
    reconsider()
    if state == .open { source?.pause() } else { lingerer?.pause() }
  }

  override func release(_ reason: Hold) {
    holds[reason.rawValue] -= 1
    guard isHeld, holds == SIMD4() else { return }
    isHeld = false
    reconsider()
    if state == .open { source?.resume() } else { lingerer?.resume() }
  }

  /// Whether a request has paused it.
  var isPaused: Bool { holds[Hold.request.rawValue] > 0 }

  // MARK: What a source asks about its rules

  override var allowance: Int? { bindings.allowance(session.tally) }
  override var connectionLimit: Int? { bindings.connectionLimit }
  override var isWritten: Bool { session.outputs.isEmpty }

  override var gathersNames: Bool { bindings.contains(where: \.gathers) }

  override func takes(_ event: Int) -> Bool {
    bindings.contains { $0.takes(event) }
  }

  override var runsCommands: Bool { bindings.runCommands }
}
