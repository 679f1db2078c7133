import EventLoop
import Platform

/// The terminal of the session, for the runs that read it.
final class Terminal: Facility {
  fileprivate let loop: EventLoop
  /// In the order they began.
  fileprivate var leases: [TerminalLease] = []

  init(loop: EventLoop) throws(LoopError) {
    self.loop = loop
  }

  /// Takes the terminal from the run that has it: upon is about to be stopped.
  func withhold() {
    for lease in leases { lease.withhold() }
  }

  /// Gives it again, if upon is in the foreground, to a process that is about to go on.
  func giveAgain() {
    for lease in leases { lease.giveAgain() }
  }

  /// Takes it from runs that go on without upon.
  func takeBack() {
    for lease in leases { lease.end(as: nil) }
  }
}

extension Services {
  /// The right of a run to the terminal that it reads; nil where the descriptor is no terminal of this session.
  func lease(of descriptor: Int32?) throws(LoopError) -> TerminalLease? {
    guard let descriptor, let terminal = ControllingTerminal(descriptor) else { return nil }
    return TerminalLease(of: terminal, to: try facility(Terminal.self))
  }
}

extension CommandSpec {
  /// The descriptor by which a run may read a terminal: standard input, or the one that it is handed.
  func terminal(keeping kept: Int32?) -> Int32? {
    switch input {
    case .inherit: 0
    case .data: kept
    case .event, .none: kept == 0 ? nil : kept
    }
  }
}

/// Why a run has been stopped that wants the terminal.
enum TerminalWant {
  /// It reads something else, and could have been given the terminal.
  case hasNone
  /// upon itself is in the background.
  case waits
}

/// The right of one run to the terminal: its group has it in the foreground, as long as upon has.
///
/// What stops the run stops upon as a whole, so that whoever has started upon gets the terminal back, with the modes
/// that it had. It goes on with upon.
final class TerminalLease {
  private enum State {
    case given
    /// upon is in the background, or another run has it.
    case withheld
    case over
  }

  private let terminal: ControllingTerminal
  private let owner: Terminal
  private var state: State
  /// The modes that are put back.
  private let modes: ControllingTerminal.Modes?
  /// Those that the run had when it was stopped.
  private var ownModes: ControllingTerminal.Modes?
  private var child: Child?
  private var watch: ForegroundWatch?

  fileprivate init(of terminal: ControllingTerminal, to owner: Terminal) {
    self.terminal = terminal
    self.owner = owner
    modes = terminal.modes
    state = terminal.isElsewhere ? .withheld : .given
  }

  deinit {
    if state == .given { terminal.take() }
  }

  /// The descriptor by which the process is given the terminal at its start; nil where it has to wait.
  var descriptor: Int32? { state == .given ? terminal.number : nil }

  /// Takes note of the process that has been started.
  func begin(_ child: Child) {
    self.child = child
    owner.leases.append(self)
  }

  /// Job control has stopped the process; `.waits` when it wants the terminal and does not have it.
  func stopped(by signal: Int32) -> TerminalWant? {
    switch state {
    case .given:
      withhold()
      if upon_disposition(SIGTSTP) == UPON_IGNORED.rawValue {
        resume()
      } else {
        // All the rest is stopped as by the signal itself.
        kill(getpid(), SIGTSTP)
      }
      return nil
    case .withheld where signal == SIGTTIN || signal == SIGTTOU:
      return resume() ? nil : wait()
    case .withheld, .over: return nil
    }
  }

  /// Waits for the foreground, and then has the process go on.
  private func wait() -> TerminalWant? {
    if watch == nil {
      watch = ForegroundWatch(
        loop: owner.loop, descriptor: terminal.number, for: .anything, queue: .urgent
      ) { [unowned self] in
        watch = nil
        if !resume() { _ = wait() }
      }
    }
    return .waits
  }

  fileprivate func withhold() {
    guard state == .given else { return }
    state = .withheld
    ownModes = terminal.modes
    terminal.take()
    if let modes { terminal.set(modes) }
  }

  /// Gives it the terminal again and has it go on, if upon is in the foreground; whether it is.
  @discardableResult
  private func resume() -> Bool {
    guard giveAgain() else { return false }
    child?.signalGroup(SIGCONT)
    return true
  }

  /// Gives it the terminal again, if upon is in the foreground; whether it is.
  @discardableResult
  fileprivate func giveAgain() -> Bool {
    guard state == .withheld, let child, !terminal.isElsewhere else { return false }
    watch?.cancel()
    watch = nil
    state = .given
    if let ownModes { terminal.set(ownModes) }
    terminal.give(to: child.pid)
    return true
  }

  /// The process has ended, or could not be started: takes the terminal back. A process that has exited by itself leaves
  /// the modes that it has set, as in a shell; nil stands for any other end.
  func end(as status: ExitStatus?) {
    let wasGiven = state == .given
    state = .over
    watch?.cancel()
    watch = nil
    child = nil
    owner.leases.removeAll { $0 === self }
    guard wasGiven else { return }
    terminal.take()
    if case .exited = status { return }
    if let modes { terminal.set(modes) }
  }
}
