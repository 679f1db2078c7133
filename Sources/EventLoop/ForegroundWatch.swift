import Platform

/// Tells once when a terminal is that of this process's group again, or has gone.
///
/// Nothing else tells it: a shell that brings a running job to the foreground sends no signal. So it is asked five times
/// a second, and by who wants to read only while something is there that nobody has read. The corresponding C function
/// is `tcgetpgrp`.
public final class ForegroundWatch {
  /// What the terminal is waited for.
  public enum Purpose {
    case reading
    /// For a process that has been stopped because it is not in the foreground.
    case anything
  }

  private static let interval: Int64 = 200_000_000

  private let terminal: Int32
  private let purpose: Purpose
  private let handler: () -> Void
  private var arrivals: EdgeWatch?
  private var timer: Timer?

  /// Watches a descriptor of a terminal, which stays the caller's; the handler never runs before this returns.
  public init(
    loop: EventLoop, descriptor: Int32, for purpose: Purpose, queue: LoopQueue,
    handler: @escaping () -> Void
  ) {
    terminal = descriptor
    self.purpose = purpose
    self.handler = handler
    timer = Timer(loop: loop) { [unowned self] _ in look() }
    if purpose == .reading {
      // What is there already is the first arrival.
      arrivals = try? EdgeWatch(loop: loop, descriptor: descriptor, interest: .read, queue: queue) {
        [unowned self] _ in look()
      }
    }
    if arrivals == nil { askAgain() }
  }

  /// Stops waiting.
  public func cancel() {
    arrivals?.disable()
    arrivals = nil
    timer?.cancel()
  }

  private func askAgain() {
    timer?.arm(at: Clock.monotonic() + Self.interval)
  }

  private func look() {
    if ControllingTerminal(terminal)?.isElsewhere == true {
      if arrivals == nil || hasInput { askAgain() }
      return
    }
    cancel()
    handler()
  }

  private var hasInput: Bool {
    var entry = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
  }
}
