import EventLoop
import Platform

/// All commands of a session: what runs, what waits to run, and how it went.
final class Commands {
  let services: Services
  private(set) lazy var environment = CommandEnvironment()
  /// What commands without input read.
  private let nullDevice = NullDevice()
  var null: Int32 { nullDevice.number }
  /// Decides the end when a run has ended as `until=` or `-e` asks for, or PROGRAM cannot be run.
  var onEnding: (EndingCause) -> Void = { _ in }
  /// Writes queued records, so that they stand before what a command prints.
  var beforeStart: () -> Void = {}

  /// Which events may start a command.
  private enum Intake {
    case open
    case stopped(sparing: Port?)
  }
  /// Whether the loop runs: what is added then was asked for by a request.
  var isRunning = false

  private let failFast: Bool
  private var intake = Intake.open
  /// Events that were dropped by a stop and have not been told.
  private var dropped: UInt64 = 0
  /// The commands that can still run; one whose rule has gone goes when it is idle.
  private var actions: [RunAction] = []
  /// Events that no command ran for, of those that have gone.
  private var past: (skipped: UInt64, merged: UInt64) = (0, 0)
  /// How many of them are at work.
  private var busy = 0
  /// How many there have been.
  private var made = 0
  /// How many of these were sources.
  private var sources = 0
  private(set) var runs: UInt64 = 0
  private(set) var failed: UInt64 = 0
  /// Failed runs that a signal has ended.
  private(set) var killed: UInt64 = 0
  /// Failed runs that upon has ended because they took too long.
  private(set) var timedOut: UInt64 = 0
  /// Ended because upon told them to: a restart, or its own end.
  private(set) var stopped: UInt64 = 0
  private var lastStatus: Int32 = 0

  init(services: Services, failFast: Bool) {
    self.services = services
    self.failFast = failFast
  }

  func action(for spec: CommandSpec, report: RunReport?, names: [[UInt8]]) throws(SourceFailure) -> RunAction
  {
    try services.watchStops()
    let action = try RunAction(spec, report: report, names: names, commands: self)
    action.index = actions.count
    actions.append(action)
    made += 1
    return action
  }

  /// Whether no command runs and none waits.
  var isIdle: Bool { busy == 0 }

  /// Sends a signal to what runs for one of these sources, or to everything; nil stands for each command's `stop=`.
  func signal(_ number: Int32?, for names: [[UInt8]]?, group isWhole: Bool) {
    for action in actions where names.map(action.runs(forAnyOf:)) ?? true {
      action.signal(number, group: isWhole)
    }
  }

  /// Takes note of a source that is a command.
  func sourceRuns() {
    made += 1
    sources += 1
  }

  /// A source that was closed waits for its command to end.
  func sourceLingers() {
    busy += 1
  }

  func sourceIsOver() {
    busy -= 1
  }

  /// Takes note that one begins or has ended its work.
  func changed(_ action: RunAction, isIdle: Bool) {
    busy += isIdle ? -1 : 1
  }

  /// Lets go of one whose rule has gone.
  func forget(_ action: RunAction) {
    guard let index = action.index else { return }
    action.index = nil
    // The last one takes its place: a hundred thousand are let go of in linear time.
    let last = actions.removeLast()
    if last !== action {
      actions[index] = last
      last.index = index
    }
    past.skipped += action.unrun.skipped
    past.merged += action.unrun.merged
  }

  /// Events that no command ran for, of all commands.
  var unrun: (skipped: UInt64, merged: UInt64) {
    actions.reduce(past) { ($0.skipped + $1.unrun.skipped, $0.merged + $1.unrun.merged) }
  }

  /// The runs that have not ended, in the order they began.
  var running: [RunAction.Running] {
    actions.flatMap(\.running).sorted { $0.began < $1.began }
  }

  /// Goes on where reports had found no room.
  func reportsHaveRoom() {
    for action in actions { action.startNext() }
  }

  /// Drops what waits and tells what runs to stop, but for what the spared source has brought; KILL follows for what is
  /// left after its grace time.
  func stop(sparing spared: Port?) {
    intake = .stopped(sparing: spared)
    for action in actions { dropped &+= action.stop(sparing: spared) }
  }

  /// Whether an event of the source may still start a command; one that may not is counted.
  func takes(from port: Port, count: UInt64) -> Bool {
    guard case .stopped(let spared) = intake, port !== spared else { return true }
    dropped &+= count
    return false
  }

  /// Takes events of every source again: those that have been stopped have ended.
  func goOn() {
    intake = .open
  }

  /// Tells in one line what has been dropped since it was last told.
  func tellDropped() {
    if dropped > 0 {
      services.diagnostics.report(
        dropped == 1
          ? "1 event waited for a command and is dropped"
          : "\(dropped) events waited for commands and are dropped")
    }
    dropped = 0
  }

  func began() {
    runs &+= 1
  }

  /// Takes note of a run that upon has stopped; how it ended is no failure.
  func wasStopped() {
    stopped &+= 1
  }

  func ended(_ status: ExitStatus, until: CommandSpec.Until?, timedOut hasTimedOut: Bool = false) {
    lastStatus = status.shellStatus
    if !status.isSuccess { failed &+= 1 }
    if case .signaled = status { killed &+= 1 }
    if hasTimedOut { timedOut &+= 1 }
    let decides =
      switch until {
      case .exit: true
      case .ok: status.isSuccess
      case .fail: !status.isSuccess
      case nil: false
      }
    if decides || failFast && !status.isSuccess { onEnding(.commandDecided(status.shellStatus)) }
  }

  /// The status of the only command of all, a source that has ended without what `-1` waited for.
  func statusOfMissed(_ wait: Options.Wait) -> Int32? {
    wait == .count(1) && made == 1 && sources == 1 && lastStatus != 0 ? lastStatus : nil
  }

  /// The status that commands give a run that has ended in order.
  ///
  /// With `-1` and one command it is the command's own; otherwise a failure shows as 123, as with xargs.
  func status(of wait: Options.Wait) -> Int32 {
    if wait == .count(1), made == 1 { return lastStatus }
    return failed > 0 ? OwnStatus.commandFailed : 0
  }
}
