import Platform

/// Job control for who reads a terminal: in the background it rests, and goes on in the foreground.
///
/// There the kernel refuses to read, with `EIO` because `TTIN` is ignored, however much is there.
public final class TerminalRest {
  private let loop: EventLoop
  private let descriptor: Int32
  private let queue: LoopQueue
  private let onForeground: () -> Void
  private var watch: ForegroundWatch?

  /// Whether the terminal is another group's, so that there is nothing to watch.
  public var isResting: Bool { watch != nil }

  /// Makes one for a terminal; nil for anything else. `onForeground` runs in `queue` after each rest.
  public init?(
    _ descriptor: InheritedDescriptor, loop: EventLoop, queue: LoopQueue,
    onForeground: @escaping () -> Void
  ) {
    guard descriptor.isTerminal else { return nil }
    self.loop = loop
    self.descriptor = descriptor.number
    self.queue = queue
    self.onForeground = onForeground
  }

  /// Looks at what reading came to: a refusal begins a rest, and is nothing to read.
  public func check(
    _ transfer: InheritedDescriptor.Transfer, again read: () -> InheritedDescriptor.Transfer
  ) -> InheritedDescriptor.Transfer {
    guard transfer == .failed(EIO) else { return transfer }
    if begin() { return .wouldBlock }
    // It may have come to the foreground since; a terminal that is gone says the same again.
    let second = read()
    return second == .failed(EIO) && begin() ? .wouldBlock : second
  }

  /// Begins to rest if the terminal is another group's now; whether it rests.
  public func begin() -> Bool {
    if watch != nil { return true }
    guard ControllingTerminal(descriptor)?.isElsewhere == true else { return false }
    watch = ForegroundWatch(loop: loop, descriptor: descriptor, for: .reading, queue: queue) {
      [unowned self] in
      watch = nil
      onForeground()
    }
    return true
  }

  /// Rests no more, and tells nothing.
  public func cancel() {
    watch?.cancel()
    watch = nil
  }
}
