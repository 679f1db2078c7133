import EventLoop
import Platform

/// One command at work: over when it has exited, when what it writes has been read to the end, and, once it has been
/// told to stop, when nobody is left in its group.
final class Run {
  /// Why upon has stopped a run: how it died is then no failure of the command, unless it took too long.
  enum Stop {
    case ending, restart, timeout
    /// Nobody is there any more to read what it writes.
    case gone
  }

  /// What the command was started for.
  struct Cause {
    let port: Port
    let seq: UInt64
    let count: UInt64
    let merged: UInt64
    /// Whether the source waits until the run is over, because the command reads its descriptor.
    let holdsPort: Bool
    /// What is its standard input and output, which counts as open until the run is over.
    let handover: (any Handover)?
    let reply: Reply?
    /// What tells by its end that the event is done.
    var ticket: (any Subject)? = nil
    /// Whom its event was about, 0 for nobody in particular.
    let key: UInt64
  }

  /// How often the group is looked at while it has members and its leader has exited: at first, and at most.
  private static let looks: (first: Int64, longest: Int64) = (500_000, 20_000_000)
  /// KILL takes effect at once, except on what the kernel itself keeps from dying.
  private static let afterKill: Int64 = 1_000_000_000

  let cause: Cause
  /// Numbers the runs of a command from 1.
  let number: UInt64
  private(set) var stopped: Stop?
  private(set) var status: ExitStatus?
  /// When it began and ended, by the loop's clock.
  let began: Int64
  private(set) var ended: Int64 = 0
  private(set) var pid: Int32 = 0
  private let spec: CommandSpec
  private let loop: EventLoop
  private let onOver: (Run) -> Void
  private var child: Child?
  private var input: Pump?
  /// Its right to the terminal that it reads.
  private var lease: TerminalLease?
  /// Called when it has been stopped because it wants the terminal, and cannot have it or not now.
  var onTerminalWanted: (TerminalWant) -> Void = { _ in }
  private(set) var output: RunOutput?
  private var deadline: Timer?
  private var grace: Timer?
  private var look: Timer?
  private var lookDelay = Run.looks.first
  private var killed: Int64?

  init(
    _ spec: CommandSpec, number: UInt64, cause: Cause, loop: EventLoop, onOver: @escaping (Run) -> Void
  ) {
    self.spec = spec
    self.number = number
    self.cause = cause
    self.loop = loop
    began = loop.now
    self.onOver = onOver
  }

  func begin(_ child: Child, _ input: Pump?, _ output: RunOutput?, _ lease: TerminalLease?) {
    self.child = child
    pid = child.pid
    self.input = input
    self.lease = lease
    lease?.begin(child)
    child.onStop = { [unowned self] in wasStopped(by: $0) }
    if let output {
      self.output = output
      // What the command leaves behind with its output can be told to end.
      child.holdsGroup = true
      output.begin { [unowned self] in settle() }
    }
    cause.reply?.onGone = { [unowned self] in stop(.gone) }
    guard let timeout = spec.timeout else { return }
    deadline = Timer(loop: loop) { [unowned self] _ in stop(.timeout) }
    deadline?.arm(at: timeout.after(began))
  }

  /// Ends the group: its stop signal, CONT for one that is stopped, and KILL to what is left after the grace time.
  func stop(_ reason: Stop) {
    guard let child, stopped == nil else { return }
    stopped = reason
    child.holdsGroup = true
    child.signalGroup(spec.stop)
    child.signalGroup(SIGCONT)
    grace = Timer(loop: loop) { [unowned self] _ in kill() }
    grace?.arm(at: spec.grace.after(loop.now))
    // The process itself may have exited, and only its output be held open.
    settle()
  }

  /// Sends a signal to the process, or to its whole group; it begins no end.
  func signal(_ number: Int32, group isWhole: Bool) {
    if isWhole { child?.signalGroup(number) } else { child?.signal(number) }
  }

  /// Leaves it running; the terminal is taken back.
  func letGo() {
    lease?.end(as: nil)
    lease = nil
  }

  /// Job control has stopped it.
  private func wasStopped(by signal: Int32) {
    if let lease {
      if lease.stopped(by: signal) == .waits { onTerminalWanted(.waits) }
    } else if signal == SIGTTIN || signal == SIGTTOU {
      onTerminalWanted(.hasNone)
    }
  }

  private func kill() {
    killed = loop.now
    child?.signalGroup(SIGKILL)
    settle()
  }

  /// Whether KILL was needed to end it.
  var wasKilled: Bool { killed != nil }

  func exited(_ status: ExitStatus) {
    self.status = status
    ended = loop.now
    lease?.end(as: stopped == nil ? status : nil)
    lease = nil
    settle()
  }

  /// Finds out whether it is over.
  private func settle() {
    guard status != nil, let child else { return }
    if stopped != nil {
      guard child.isGroupEmpty || isGivenUp else { return lookAgain() }
      // What has left the group may hold the output open for ever.
      output?.finish()
    }
    if let output, !output.isEnded { return }
    finish()
  }

  private var isGivenUp: Bool {
    killed.map { loop.now > $0 + Self.afterKill } ?? false
  }

  private func lookAgain() {
    if look == nil { look = Timer(loop: loop) { [unowned self] _ in settle() } }
    look?.arm(at: loop.now + lookDelay)
    lookDelay = min(lookDelay * 2, Self.looks.longest)
  }

  private func finish() {
    deadline?.cancel()
    grace?.cancel()
    look?.cancel()
    child?.release()
    child = nil
    input = nil
    cause.reply?.finish()
    onOver(self)
  }
}
