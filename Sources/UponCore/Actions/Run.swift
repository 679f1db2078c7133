import CSystem
import EventLoop

/// One command at work.
final class Run {
  /// Why upon has stopped a run: how it died is then no failure of the command, unless it took too long.
  enum Stop {
    case ending, restart, timeout
  }

  let feed: Feed
  /// Whether the source waits until the command has ended, because the command reads its descriptor.
  let holdsFeed: Bool
  private(set) var stopped: Stop?
  private let spec: CommandSpec
  private let loop: EventLoop
  private var child: Child?
  private var pump: Pump?
  private var deadline: Timer?
  private var grace: Timer?

  init(_ spec: CommandSpec, feed: Feed, holdsFeed: Bool, loop: EventLoop) {
    self.spec = spec
    self.feed = feed
    self.holdsFeed = holdsFeed
    self.loop = loop
  }

  func begin(_ child: Child, _ input: borrowing RunInput) {
    self.child = child
    pump = input.pump(on: loop)
    guard let timeout = spec.timeout else { return }
    deadline = Timer(loop: loop) { [unowned self] _ in stop(.timeout) }
    deadline?.arm(at: timeout.after(Clock.monotonic()))
  }

  /// Ends the group: its stop signal, CONT for one that is stopped, and KILL to what is left after the grace time.
  func stop(_ reason: Stop) {
    guard let child, stopped == nil else { return }
    stopped = reason
    child.signalGroup(spec.stop)
    child.signalGroup(SIGCONT)
    grace = Timer(loop: loop) { _ in child.signalGroup(SIGKILL) }
    grace?.arm(at: spec.grace.after(Clock.monotonic()))
  }

  /// Lets go of everything.
  func end() {
    deadline?.cancel()
    grace?.cancel()
    // What a leader that obeyed leaves in its group has not been told twice, and nobody waits for it any more.
    if stopped != nil { child?.signalGroup(SIGKILL) }
    child?.release()
    pump = nil
    child = nil
  }
}
