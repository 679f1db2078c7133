import CSystem
import EventLoop

/// One command at work.
final class Run {
  let feed: Feed
  /// Whether the source waits until the command has ended, because the command reads its descriptor.
  let holdsFeed: Bool
  private let loop: EventLoop
  private var child: Child?
  private var pump: Pump?
  private var grace: Timer?
  private static let graceTime: Int64 = 5_000_000_000

  init(feed: Feed, holdsFeed: Bool, loop: EventLoop) {
    self.feed = feed
    self.holdsFeed = holdsFeed
    self.loop = loop
  }

  /// Whether upon has ended it: how it died is then no failure of the command.
  var isStopped: Bool { grace != nil }

  func begin(_ child: Child, _ input: borrowing RunInput) {
    self.child = child
    pump = input.pump(on: loop)
  }

  /// Ends the group: TERM, CONT for one that is stopped, and KILL to what is left after the grace time.
  func stop() {
    guard let child, grace == nil else { return }
    child.signalGroup(SIGTERM)
    child.signalGroup(SIGCONT)
    grace = Timer(loop: loop) { _ in child.signalGroup(SIGKILL) }
    grace?.arm(at: Clock.monotonic() + Self.graceTime)
  }

  /// Lets go of everything.
  func end() {
    grace?.cancel()
    pump = nil
    child = nil
  }
}
