import EventLoop
import Platform

/// `do COMMAND`, and PROGRAM as an action: runs a command for each event.
///
/// Events that come while all runs are busy wait in line, are dropped, merge or restart, as `busy=` or else their kind
/// says. Order is kept.
final class RunAction: Action {
  let spec: CommandSpec
  unowned(unsafe) let commands: Commands
  let file: CommandFile
  let report: RunReport?
  var runs: [Run] = []
  var line = WaitingLine()
  private var started: UInt64 = 0
  var failures: CommandFailures
  var retry: Timer?
  var retryDelay: Int64 = 0
  /// What has become of the last event that it took, for who fires one by hand.
  enum Outcome: String {
    case ran, queued, merged, dropped
  }
  var outcome: Outcome?
  /// What `Commands` has been told.
  private var wasIdle = true
  private var isRetired = false
  /// Where the session's commands have it; nil once they have let go of it.
  var index: Int?
  /// Whether a program that cannot be run ends upon: where it was typed, as with xargs.
  let endsWhenMissing: Bool
  /// How often it has run without a pause for events about names.
  private var streak = RunStreak()
  /// The sources of its rule.
  private let names: [[UInt8]]

  init(_ spec: CommandSpec, report: RunReport?, names: [[UInt8]], commands: Commands) throws(SourceFailure) {
    self.spec = spec
    self.report = report
    self.names = names
    endsWhenMissing = !commands.isRunning
    self.commands = commands
    file = try CommandFile(spec)
    failures = CommandFailures(of: file.title, diagnostics: commands.services.diagnostics)
  }

  /// Whether nothing waits and nothing runs that upon waits for.
  var isIdle: Bool { line.isEmpty && (runs.isEmpty || spec.detaches) }

  /// Whether another run may begin: not while the reports of earlier ones find no room.
  private var hasRoom: Bool {
    runs.count < spec.jobs && retry?.deadline == nil && report?.destination.isFull != true
  }

  /// Tells `Commands` what has changed, and lets it go when its rule has gone and nothing is left to do.
  private func update() {
    let isIdle = isIdle
    if isIdle != wasIdle {
      wasIdle = isIdle
      commands.changed(self, isIdle: isIdle)
    }
    if isRetired, line.isEmpty, runs.isEmpty { commands.forget(self) }
  }

  override func retire() {
    isRetired = true
    update()
  }

  override func take(_ event: Event, from port: Port) {
    defer { update() }
    guard commands.takes(from: port, count: event.count) else {
      event.wasDropped()
      return skip(event)
    }
    let reply = makeReply(event, port)
    if hasRoom, line.isEmpty || isShared, mayStart(event) {
      if reply?.isGone == true { return skip(event) }
      outcome = .ran
      if let failure = start(event, port, reply) { couldNotStart(event, port, reply, failure) }
    } else {
      wait(event, port, reply)
    }
  }

  private func makeReply(_ event: Event, _ port: Port) -> Reply? {
    guard spec.replies, port.plan.takesReply.contains(EventSet(event.index)) else { return nil }
    return event.subject?.reply { [unowned self, unowned port] in failures.tellReply(of: port, $0) }
  }

  // MARK: Sharing

  /// Whether several clients share the runs, of which one client never has all: it could keep the others waiting.
  private var isShared: Bool { spec.replies && spec.jobs > 1 }

  /// Whether its client leaves a run for others.
  private func mayStart(_ event: Event) -> Bool {
    if !isShared || event.key == 0 { return true }
    var own = 0
    for run in runs where run.cause.key == event.key { own += 1 }
    return own < spec.jobs - 1
  }

  /// The first that may start; those of a client that has enough runs stay in line, in their order.
  private func takeNext() -> WaitingLine.Item? {
    if line.isEmpty { return nil }
    return isShared ? line.takeFirst { mayStart($0) } : line.takeFirst()
  }

  // MARK: Waiting

  private func wait(_ event: Event, _ port: Port, _ reply: Reply?) {
    switch spec.busy ?? port.kind.events[event.index].busy {
    case .skip:
      skip(event)
      reply?.finish()
    case .restart:
      outcome = line.isEmpty ? .queued : .merged
      line.merge(event, port, reply) { _ in true }
      for run in runs { run.stop(.restart) }
    case .merge:
      let count = line.count
      line.merge(event, port, reply) {
        $0.port === port && $0.event.key == event.key
          && ($0.event.index == event.index || $0.event.isOfNames && event.isOfNames)
      }
      outcome = line.count > count ? .queued : .merged
    case .queue:
      outcome = .queued
      line.append(event, port, holdsPort: port.isPausable, reply: reply)
    }
  }

  private func skip(_ event: Event) {
    outcome = .dropped
    line.skip(event)
  }

  /// Starts what waits, as far as there is room.
  func startNext() {
    defer { update() }
    while hasRoom, let next = takeNext() {
      if next.reply?.isGone == true {
        line.skip(next.event)
      } else if let failure = start(next.event, next.port, next.reply, merged: next.merged) {
        if failure.isPassing {
          line.putBack(next)
          return tryAgain(next.port, failure)
        }
        couldNotStart(next.event, next.port, next.reply, failure)
      }
      if next.holdsPort { next.port.release(.commands, for: next.event) }
    }
  }

  /// Drops what waits and stops what runs, but for what the spared source has brought; returns how many events were
  /// dropped.
  func stop(sparing spared: Port?) -> UInt64 {
    let dropped = line.clear(sparing: spared)
    if line.isEmpty { retry?.cancel() }
    if !spec.detaches { for run in runs where run.cause.port !== spared { run.stop(.ending) } }
    update()
    return dropped
  }

  func runs(forAnyOf others: [[UInt8]]) -> Bool { names.contains { others.contains($0) } }

  /// Sends a signal to every run; nil stands for the one that stops them.
  func signal(_ number: Int32?, group isWhole: Bool) {
    for run in runs { run.signal(number ?? spec.stop, group: isWhole) }
  }

  // MARK: Running

  /// Returns what kept the command from running.
  private func start(_ event: Event, _ port: Port, _ reply: Reply?, merged: UInt64 = 0) -> LoopError? {
    commands.beforeStart()
    let given = spec.replies ? nil : event.subject?.handover
    let kept = port.plan.handedOver(for: event.index)
    let run = makeRun(event, port, reply, merged: merged, holdsPort: kept != nil, handover: given)
    do throws(LoopError) {
      let label = port.label(event.index)
      let source: RunInput.Source =
        switch (spec.input, given, kept) {
        case (.data, let given?, _): .descriptor(given.descriptor)
        // Readiness of standard input is told so that the command reads it there.
        case (.data, _, 0), (.inherit, _, _): .descriptor(0)
        case (.data, _, _): .bytes(event.payload)
        case (.event, _, _): .record(event, label)
        case (.none, _, _): .bytes(nil)
        }
      var input = try RunInput(source, null: commands.null)
      let lease = try commands.services.lease(of: spec.terminal(keeping: kept))
      let output = try RunOutput(
        spec, reply, ownsConnection: given != nil, loop: commands.services.loop)
      let counts = CommandEnvironment.Counts(skipped: line.skippedBeforeRun, merged: merged)
      let child = try spawn(event, label, counts, given) { [unowned run] (environment) throws(LoopError) in
        var request = try file.request(environment)
        request.input = input.descriptor
        if let given { request.output = given.descriptor }
        // A reply to somebody who cannot get it goes nowhere.
        if spec.replies { request.output = commands.null }
        if let output {
          if let end = output.outputEnd { request.output = end }
          if let end = output.errorsEnd { request.errors = end }
        }
        request.descriptorLimit = commands.services.process.descriptorLimit
        request.keep = kept.flatMap { $0 > 2 ? $0 : nil }
        request.terminal = lease?.descriptor
        return try commands.services.children.start(request) { [unowned run] in run.exited($0) }
      }
      given?.giveAway()
      run.begin(child, input.pump(on: commands.services.loop), output, lease)
      run.onTerminalWanted = { [unowned self] in failures.tellTerminal(of: port, $0) }
    } catch {
      return error
    }
    runs.append(run)
    begins()
    if event.isOfNames, spec.busy != .queue, streak.begins(at: Clock.monotonic()) {
      commands.services.diagnostics.report(
        "\(port.title): \(file.title) has run ten times without a pause; what it writes itself is left out by exclude="
      )
    }
    line.runBegins()
    retryDelay = 0
    if kept != nil { port.hold(.commands) }
    return nil
  }

  /// Calls `body` with the environment of the event; once more without its data where that is too long for the
  /// kernel, and by the shell where the kernel cannot execute a program.
  private func spawn(
    _ event: Event, _ label: Label, _ counts: CommandEnvironment.Counts, _ given: (any Handover)?,
    _ body: (SpawnRequest.Strings) throws(LoopError) -> Child
  ) throws(LoopError) -> Child {
    let environment = file.environment ?? commands.environment
    do throws(LoopError) {
      return try environment.with(event, label, counts, given, body)
    } catch {
      if error.code == ENOEXEC, file.fallBackToShell() { return try spawn(event, label, counts, given, body) }
      guard error.code == E2BIG, !environment.omitsData else { throw error }
      environment.omitsData = true
      defer { environment.omitsData = false }
      return try spawn(event, label, counts, given, body)
    }
  }

  func begins() {
    started += 1
    commands.began()
  }

  func makeRun(
    _ event: Event, _ port: Port, _ reply: Reply?, merged: UInt64 = 0, holdsPort: Bool = false,
    handover: (any Handover)? = nil
  ) -> Run {
    let cause = Run.Cause(
      port: port, seq: event.seq, count: event.count, merged: merged, holdsPort: holdsPort,
      handover: handover, reply: reply, ticket: event.ticket, key: event.key)
    return Run(spec, number: started + 1, cause: cause, loop: commands.services.loop) { [unowned self] in
      ended($0)
    }
  }

  private func ended(_ run: Run) {
    runs.removeAll { $0 === run }
    streak.ended(at: Clock.monotonic())
    guard var status = run.status else { return }
    var told = status
    if run.stopped == nil || run.stopped == .timeout {
      failures.tell(status, of: run.cause.port, after: run.stopped == .timeout ? spec.timeout : nil)
      // How it obeyed says nothing about its work: the statuses of timeout(1).
      if run.stopped == .timeout {
        status = .exited(run.wasKilled ? OwnStatus.signalBase + SIGKILL : OwnStatus.timedOut)
        if told.isSuccess { told = status }
      }
      commands.ended(status, until: spec.until, timedOut: run.stopped == .timeout)
    } else {
      commands.wasStopped()
    }
    writeReport(run, told)
    if run.cause.holdsPort { run.cause.port.release(.commands) }
    startNext()
  }

  func writeReport(_ run: Run, _ status: ExitStatus) {
    guard let report else { return }
    report.write(run, status, skipped: line.skippedBeforeReport)
    line.reportIsWritten()
  }
}
