import EventLoop
import Platform

extension Kind {
  /// `run:COMMAND`: a command that upon runs, its lines and its end.
  static let run = Kind(
    "run", address: "COMMAND", help: "a command is run: its lines, and its end",
    events: RunEvent.table, settings: RunPlan.settings, fields: RunPlan.fields, takesInput: true,
    read: { (address, word) throws(UsageError) in
      if address.allSatisfy({ $0 == UInt8(ascii: " ") || 9...13 ~= $0 }) {
        throw UsageError(word, "COMMAND is empty; expected one word for the shell, run:'./job -q'")
      }
      return CheckedAddress(address) { (settings) throws(UsageError) in
        try RunPlan(command: address, settings)
      }
    })
}

/// Runs a command and offers its records, and an event when it has exited; starts it again where that is asked for.
///
/// When it is closed it stops the command, and goes on delivering until that has ended.
final class RunSource: Source {
  let isPausable = true
  let adaptsToRules = false
  let plan: RunPlan
  unowned(unsafe) let port: Port
  let services: Services
  private let event = Event(capacity: 6)
  private var file: CommandFile?
  /// The process at work, and those that have exited while somebody holds their pipes.
  private var current: Launch?
  private var earlier: [Launch] = []
  /// When it starts again, after an exit or a shortage.
  private var timer: Timer?
  private var pauses: RestartPause
  private var failures: CommandFailures
  private var number: UInt64 = 0
  /// Whether nothing is started any more.
  private var isOver = false
  private var isClosing = false
  /// The source that takes the place of this one: it gets the process, or waits until that is over.
  private weak var successor: RunSource?
  private weak var predecessor: RunSource?

  init(_ plan: RunPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
    pauses = RestartPause(plan.retry)
    failures = CommandFailures(of: Word(plan.command).text, diagnostics: services.diagnostics)
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    try services.watchStops()
    file = try CommandFile(plan.spec)
    timer = Timer(loop: services.loop) { [unowned self] _ in launch() }
  }

  func arm(replacing old: any Source) throws(SourceFailure) {
    try arm()
    guard let old = old as? RunSource else { return }
    old.successor = self
    predecessor = old
  }

  func started() {
    if predecessor == nil, current == nil, !isOver { launch() }
  }

  /// Gives the process to a successor of the same command, and otherwise stops it; a detached one is left alone.
  func disarm() {
    timer?.cancel()
    isOver = true
    predecessor?.successor = nil
    if let successor, successor.plan.keepsProcess(of: plan), successor.port.takesSame(as: port) {
      return handOver(to: successor)
    }
    isClosing = true
    if plan.spec.detaches {
      for launch in earlier + [current].compactMap({ $0 }) { launch.letGo() }
      (current, earlier) = (nil, [])
    }
    current?.stop(.ending)
    for launch in earlier { launch.finish() }
  }

  var lingers: Bool { current != nil || !earlier.isEmpty }

  private func handOver(to other: RunSource) {
    self.successor = nil
    other.predecessor = nil
    (other.current, other.earlier) = (current, earlier)
    (other.number, other.pauses) = (number, pauses)
    (current, earlier) = (nil, [])
    for launch in other.earlier + [other.current].compactMap({ $0 }) { launch.move(to: other) }
    // One that was waiting to start again starts at once.
    if other.current == nil { other.launch() }
  }

  /// Takes note that everything of this source is over.
  private func lingered() {
    guard isClosing, !lingers else { return }
    let successor = successor
    port.lingered()
    successor?.predecessorIsOver()
  }

  private func predecessorIsOver() {
    predecessor = nil
    started()
  }

  func pauseReading(_ isPaused: Bool) {
    for launch in earlier + [current].compactMap({ $0 }) { launch.hold(isPaused) }
  }

  var nextDue: Int64? { timer?.deadline }
  var receivers: [any Receiver]? { [current?.input].compactMap { $0 } }
  var process: RunningProcess? {
    current.map { RunningProcess(pid: $0.run.pid, command: Word(plan.command).text, began: $0.run.began) }
  }

  func signal(_ number: Int32?, group isWhole: Bool) {
    current?.run.signal(number ?? plan.spec.stop, group: isWhole)
  }

  // MARK: Running

  private func launch() {
    guard !isOver, current == nil, let file else { return }
    number += 1
    let launch = Launch(self, number: number)
    do throws(LoopError) {
      try launch.begin(file)
      current = launch
      port.commandChanged(.began)
    } catch {
      if error.isPassing {
        failures.tellShortage(of: port, error.code)
        number -= 1
        timer?.arm(at: Clock.monotonic() + Self.shortagePause)
      } else {
        couldNotStart(error, file)
      }
    }
  }

  private static let shortagePause: Int64 = 200_000_000

  private func couldNotStart(_ failure: LoopError, _ file: CommandFile) {
    let status = ExitStatus.exited(OwnStatus.ofProgram(failure.code))
    failures.tell(status, of: port, because: file.reason(failure))
    port.commandChanged(.began)
    ended(Launch.Exit(pid: nil, status: status, duration: 0, stopped: nil))
  }

  /// The process has exited, and what it had written has been offered.
  func exited(_ launch: Launch, _ exit: Launch.Exit) {
    current = nil
    earlier.append(launch)
    ended(exit)
  }

  private func ended(_ exit: Launch.Exit) {
    offer(exit)
    // What it was stopped for is no failure, unless it took too long.
    if exit.stopped == .ending { return port.commandChanged(.stopped) }
    let status = exit.countedStatus
    if !isOver, port.isOpen, plan.restarts(after: exit.status) {
      timer?.arm(at: pauses.next(after: exit.duration).after(Clock.monotonic()))
      return
    }
    isOver = true
    if !port.takes(RunEvent.exit) {
      failures.tell(status, of: port, after: exit.stopped == .timeout ? plan.spec.timeout : nil)
    }
    port.commandChanged(.ended(status, timedOut: exit.stopped == .timeout))
    endIfDone()
  }

  /// A process has been stopped because it wants the terminal.
  func wantsTerminal(_ want: TerminalWant) {
    failures.tellTerminal(of: port, want)
  }

  private func offer(_ exit: Launch.Exit) {
    event.begin(RunEvent.exit, at: .now)
    if let pid = exit.pid { event.add("pid", .int(Int64(pid))) }
    event.add(exit.status) {
      event.add("duration_us", .int(exit.duration / 1000))
      port.offerOutput(event)
    }
  }

  /// Nobody holds the pipes of a process that has exited any more.
  func done(_ launch: Launch) {
    earlier.removeAll { $0 === launch }
    endIfDone()
  }

  private func endIfDone() {
    if isClosing { return lingered() }
    if isOver, !lingers { port.end() }
  }
}

extension RunSource {
  func pause() { pauseReading(true) }
  func resume() { pauseReading(false) }
}
