import CSystem
import EventLoop

/// One run of upon: sources on a loop, rules that take their events, and what ends it.
public final class Session {
  let services: Services
  let options: Options
  let program: [[UInt8]]?
  private(set) var feeds: [Feed] = []
  private(set) var rules: [Rule] = []
  let outputs: Outputs
  let commands: Commands
  /// Every open connection; made when the first source needs it.
  private(set) lazy var connections = Connections(loop: services.loop)

  /// Numbers delivered events from 1.
  private var seq: UInt64 = 0
  /// Delivered events until `-n` is satisfied; the largest number without it.
  private(set) var remaining: Int
  /// The event whose variables PROGRAM gets after the wait.
  let lastEvent = Event()
  private(set) var lastLabel: Label?
  /// Whether the end has been decided: sources offer nothing more.
  var isStopping = false {
    didSet { for feed in feeds { feed.reconsider() } }
  }

  // The ending, see Session+Ending.swift.
  var cause: EndingCause?
  var phase = Phase.running
  var closing: [Feed] = []
  /// Feeds that have been closed in this turn; their memory goes when no callback of theirs is on the stack.
  var graveyard: [Feed] = []
  var isSettling = false
  /// A source failed while it ran.
  var hasLostSource = false
  /// Armed sources for whose sake the loop goes on.
  var alive = 0
  var grace: Timer?
  var deadline: Timer?
  var hangup: HangupWatch?
  let started = Clock.monotonic()

  /// Makes the loop and its services; no source is opened.
  public init(_ invocation: Invocation, process: ProcessState) throws(StartFailure) {
    options = invocation.options
    program = invocation.program
    remaining = if case .count(let count) = options.wait { count } else { .max }
    do throws(SourceFailure) {
      for source in invocation.sources {
        if let number = source.plan.inherited, !process.isOpen(number) {
          throw SourceFailure("\(Word(source.name).text): descriptor \(number) is closed")
        }
      }
      if let number = options.readyDescriptor, !process.isOpen(number) {
        throw SourceFailure("--ready-fd \(number): descriptor \(number) is closed")
      }
      services = try Services(process: process, options: options)
      outputs = Outputs(services: services)
      commands = Commands(services: services, failFast: options.failFast)
    } catch {
      throw StartFailure(reason: error.reason)
    }
    commands.onEnding = { [unowned self] in endSoon($0) }
    commands.beforeStart = { [unowned self] in outputs.flush() }
    outputs.onRoom = { [unowned self] in commands.reportsHaveRoom() }
  }

  /// Adds rules: everything is opened, or nothing and the reason is thrown.
  private func add(_ invocation: Invocation) throws(SourceFailure) {
    let fresh = invocation.sources.map { Feed($0, session: self) }
    for spec in invocation.rules {
      let rule = Rule(actions: try spec.actions.map { (action) throws(SourceFailure) in try make(action) })
      for bindingSpec in spec.bindings {
        let feed = fresh[bindingSpec.source]
        let binding: Binding
        do {
          binding = try Binding(bindingSpec, rule: rule, feed: feed)
        } catch {
          throw SourceFailure("\(feed.title): \(error.reason)")
        }
        feed.attach(binding)
        rule.bindings.append(binding)
      }
      rules.append(rule)
    }
    feeds += fresh
    for feed in fresh {
      do {
        try feed.arm()
        if feed.source?.keepsAlive ?? false { alive += 1 }
      } catch {
        throw SourceFailure("\(feed.title): \(error.reason)")
      }
    }
  }

  private func make(_ action: ActionSpec) throws(SourceFailure) -> Action {
    switch action {
    case .ignore: return IgnoreAction()
    case .print(let spec):
      if options.quiet, spec.file == nil { return IgnoreAction() }
      return try outputs.printer(spec, default: options.format)
    case .run(let spec): return try commands.action(for: spec, report: try report(spec))
    }
  }

  private func report(_ spec: CommandSpec) throws(SourceFailure) -> RunReport? {
    if spec.report == .none || options.quiet { return nil }
    return RunReport(to: try outputs.standardOutput(), as: options.format)
  }

  // MARK: Delivery

  /// Gives the event its number and counts it, once however many rules take it; false when no more is wanted.
  @inline(__always)
  func admit(_ event: Event, from feed: Feed) -> Bool {
    if event.seq != 0 { return true }
    if !feed.counts {
      guard phase == .finishing else { return false }
    } else if remaining == 0 || phase > .closing {
      return false
    }
    seq &+= 1
    event.seq = seq
    feed.delivered &+= 1
    if !feed.hasFired { firstFired(feed) }
    if remaining != .max || program != nil { countDown(event, feed) }
    return true
  }

  @inline(never)
  private func countDown(_ event: Event, _ feed: Feed) {
    guard feed.counts else { return }
    if program != nil, options.wait != .none {
      lastEvent.copy(of: event)
      lastEvent.forgetConnection()
      lastLabel = feed.label(event.index)
    }
    if remaining != .max {
      remaining -= 1
      if remaining == 0 { endSoon(.satisfied) }
    }
  }

  @inline(never)
  private func firstFired(_ feed: Feed) {
    feed.hasFired = true
    guard closesFeedsAsTheyFire, feed.counts else { return }
    feed.end()
    if feeds.allSatisfy({ $0.hasFired || !$0.isAwaited }) { endSoon(.satisfied) }
  }

  /// Whether `-a` waits: each source is closed when it has fired.
  var closesFeedsAsTheyFire: Bool { options.wait == .all }

  var delivered: UInt64 { seq }

  // MARK: Running

  /// Runs until the end and returns what it was; call once.
  public func run(_ invocation: Invocation) -> Ending {
    services.loop.onTurnEnd = { [unowned self] in settle() }
    do {
      try open(invocation)
      settle()
      if phase != .done {
        letGoOfStart()
        try services.loop.run()
      }
    } catch let failure as SourceFailure {
      services.diagnostics.report(failure.reason)
      return .status(125)
    } catch {
      services.diagnostics.report("\(error)")
      return .status(125)
    }
    return conclude()
  }

  /// The code that has read the arguments is two thirds of what is resident, and not needed while upon waits.
  private func letGoOfStart() {
    // Taking back the tenth that is needed costs 0.1 ms, which a wait of that length hides.
    if services.loop.nextDeadline > Clock.monotonic() + 100_000_000 { upon_release_text() }
  }

  private func open(_ invocation: Invocation) throws {
    // A second read of the clock would make every first period a little longer than asked.
    if let timeout = options.timeout {
      deadline = Timer(loop: services.loop) { [unowned self] _ in timedOut() }
      deadline?.arm(at: timeout.after(started))
    }
    outputs.onFailure = { [unowned self] output, failure in outputFailed(output, failure) }
    try watchStoppingSignals()
    try add(invocation)
    if let output = outputs.standard {
      hangup = try HangupWatch(loop: services.loop, descriptor: 1) { output.hungUp() }
    }
    Readiness.announce(descriptor: options.readyDescriptor, socket: services.process.notifySocket)
    for feed in feeds { (feed.source as? StartSource)?.fire() }
  }

  private func watchStoppingSignals() throws(LoopError) {
    for number in ProcessState.stoppingSignals where !services.process.wasIgnored(number) {
      try services.signals.watch(number, owner: self) { [unowned self] _ in
        if !services.signals.isWatched(number, besides: self) { stop(by: number) }
      }
    }
  }
}

/// Why upon could not start: status 125.
public struct StartFailure: Error {
  public let reason: String
}
