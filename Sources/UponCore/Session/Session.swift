import EventLoop
import Platform

/// One run of upon: sources on a loop, rules that take their events, and what ends it.
public final class Session {
  let services: Services
  let options: Options
  var program: [[UInt8]]? {
    didSet { updateFollowing() }
  }
  var feeds = Feeds()
  /// The rules that were typed and read, where some were read from a file.
  var loaded: LoadedRules?
  /// Whether there was a terminal at the start, which may hang up.
  private(set) var hadTerminal = false
  let outputs: Outputs
  let commands: Commands
  /// The ways by which requests come.
  let intake: any RequestIntake
  /// Who is shown what is delivered; nil, which costs nothing, while nobody is.
  var observer: (any RecordObserver)? {
    didSet { updateFollowing() }
  }
  /// Whether anybody has to be told of a delivered event beside its rules.
  private var isFollowed = false

  var tally: Tally
  var ending = Ending()
  /// The event whose variables PROGRAM gets after the wait.
  let lastEvent = Event()
  private(set) var lastLabel: Label?
  /// Whether the end has been decided: sources offer nothing more.
  var isStopping = false {
    didSet { for feed in feeds.inOrder { feed.stop() } }
  }

  /// Feeds that have nothing more to offer, closed at the end of the turn.
  var closing: [Feed] = []
  /// Feeds that are closed and whose commands have not ended.
  var lingering: [Feed] = []
  /// Feeds and rules that were closed in this turn; their memory goes when no callback of theirs is on the stack.
  var graveyard: [AnyObject] = []
  var isSettling = false
  /// The source whose commands run to their end where all others are stopped.
  var spared: Feed?
  /// A source failed while it ran.
  var hasLostSource = false
  var grace: Timer?
  var deadline: Timer?
  private var hangup: HangupWatch?
  private var watchesReader = false
  let started: Int64

  /// Makes the loop and its services; no source is opened. With a `clock` the loop goes by that.
  init(
    _ invocation: Invocation, process: ProcessState, intake: any RequestIntake, clock: ManualClock? = nil
  ) throws(StartFailure) {
    self.intake = intake
    options = invocation.options
    program = invocation.program
    tally = Tally(options.wait)
    do throws(SourceFailure) {
      for source in invocation.sources {
        if let number = source.plan.inherited, !process.isOpen(number) {
          throw SourceFailure("\(Word(source.name).text): descriptor \(number) is closed")
        }
      }
      if let number = options.readyDescriptor, !process.isOpen(number) {
        throw SourceFailure("--ready-fd \(number): descriptor \(number) is closed")
      }
      for control in options.controls {
        if let number = control.inherited, !process.isOpen(number) {
          throw SourceFailure("--control \(Word(control.text).text): descriptor \(number) is closed")
        }
      }
      services = try Services(
        process: process, verbose: options.verbose, backend: options.backend, clock: clock)
      outputs = Outputs(services: services)
      commands = Commands(services: services, failFast: options.failFast)
    } catch {
      throw StartFailure(reason: error.reason)
    }
    started = services.loop.now
    commands.onEnding = { [unowned self] in endSoon($0) }
    commands.beforeStart = { [unowned self] in outputs.flush() }
    updateFollowing()
    outputs.recipients.find = { [unowned self] name in target(name) }
    outputs.onRoom = { [unowned self] in
      commands.reportsHaveRoom()
      intake.outputHasRoom()
    }
  }

  // MARK: Delivery

  /// Gives the event its number and counts it, once however many rules take it; false when no more is wanted.
  @inline(__always)
  func admit(_ event: Event, from feed: Feed) -> Bool {
    if event.seq != 0 { return true }
    if !feed.isCounted {
      guard ending.phase == .finishing || feed.isTriggering else { return false }
    } else if tally.isSatisfied || ending.phase > .closing {
      return false
    }
    event.seq = tally.deliver()
    feed.delivered &+= 1
    if !feed.hasFired { firstFired(feed, event.index) }
    if isFollowed { follow(event, feed) }
    return true
  }

  /// Whether events are counted for `-n`, or kept for PROGRAM.
  var countsDown: Bool { tally.wanted != nil || program != nil }

  private func updateFollowing() {
    isFollowed = countsDown || observer != nil
  }

  /// Gives a late event its number, once: it counts for nothing.
  func number(_ event: Event, of feed: Feed) {
    guard event.seq == 0 else { return }
    event.seq = tally.deliver()
    feed.delivered &+= 1
    observer?.show(event, feed.label(event.index), of: feed)
  }

  /// Writes what a command has written and no rule takes.
  func passThrough(_ event: Event, from feed: Feed) {
    guard let bytes = event.payload else { return }
    guard feed.plan.carriesData.contains(EventSet(event.index)) else { return }
    if event.index == feed.plan.principal {
      (try? outputs.standardOutput())?.write(bytes, from: feed)
    } else {
      services.diagnostics.pass(bytes)
    }
  }

  func countDown(_ event: Event, _ feed: Feed) {
    guard feed.isCounted, feed.counted.contains(EventSet(event.index)) else { return }
    if program != nil, options.wait != .none {
      lastEvent.copy(of: event)
      lastEvent.forgetSubject()
      lastLabel = feed.label(event.index)
    }
    if tally.countDown() { endSoon(.satisfied) }
  }

  @inline(never)
  private func firstFired(_ feed: Feed, _ index: Int) {
    // The lines of a command need not be what is waited for.
    guard feed.counted.contains(EventSet(index)) else { return }
    if tally.closesAsTheyFire, feed.source?.owesMore ?? false { return }
    feed.hasFired = true
    guard tally.closesAsTheyFire, feed.isCounted else { return }
    feed.end()
    if tally.fired(isAwaited: feed.isAwaited) { endSoon(.satisfied) }
  }

  // MARK: Running

  /// Runs until the end and returns what it was; call once.
  public func run(_ invocation: consuming Invocation) -> Termination {
    services.loop.onTurnEnd = { [unowned self] in settle() }
    do {
      try open(invocation)
      settle()
      if ending.phase != .done {
        letGoOfStart()
        try services.loop.run()
      }
    } catch let failure as SourceFailure {
      intake.close()
      services.diagnostics.report(failure.reason)
      return .status(OwnStatus.failed)
    } catch {
      intake.close()
      services.diagnostics.report("\(error)")
      return .status(OwnStatus.failed)
    }
    return conclude()
  }

  /// The code that has read the arguments is two thirds of what is resident, and not needed while upon waits.
  private func letGoOfStart() {
    // Taking back the tenth that is needed costs 0.1 ms, which a wait of that length hides.
    if services.loop.nextDeadline > services.loop.now + 100_000_000 { upon_release_text() }
  }

  private func open(_ invocation: consuming Invocation) throws {
    // A second read of the clock would make every first period a little longer than asked.
    if let timeout = options.timeout {
      deadline = Timer(loop: services.loop) { [unowned self] _ in timedOut() }
      deadline?.arm(at: timeout.after(started))
    }
    outputs.onFailure = { [unowned self] output, failure in outputFailed(output, failure) }
    try watchSignals()
    try intake.open(options.controls, session: self)
    if !options.files.isEmpty {
      hadTerminal = services.process.hasTerminal
      loaded = LoadedRules(invocation)
    }
    let (fresh, made) = try add(invocation)
    loaded?.take(fresh, made)
    commands.isRunning = true
    ReadyNotice.announce(descriptor: options.readyDescriptor, socket: services.process.notifySocket)
    start(fresh)
  }

  /// Notices a reader of standard output that goes while nothing is written.
  func watchReader() throws(SourceFailure) {
    guard let output = outputs.standard, !watchesReader else { return }
    do throws(LoopError) {
      hangup = try HangupWatch(loop: services.loop, descriptor: 1) { output.hungUp() }
      watchesReader = true
    } catch {
      throw SourceFailure("standard output", errno: error.code)
    }
  }

  private func watchSignals() throws(LoopError) {
    let numbers = (ProcessState.stoppingSignals + [SIGTSTP]).filter { !services.process.wasIgnored($0) }
    try services.signals.watch(numbers, owner: self) { [unowned self] info in
      if services.signals.isWatched(info.number, besides: self) { return }
      switch info.number {
      case SIGTSTP: suspend()
      case SIGHUP where reloadsByHangup: reloadByHangup()
      default: stop(by: info.number)
      }
    }
  }
}

/// Why upon could not start: status 125.
public struct StartFailure: Error {
  public let reason: String
}
