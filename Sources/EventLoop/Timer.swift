/// Calls its handler once, not before a time of the monotonic clock.
///
/// Timers of equal deadlines fire in the order they were armed. At most 256 fire in one turn of the loop.
public final class Timer {
  private let loop: EventLoop
  private let handler: (_ now: Int64) -> Void
  /// The place in the heap, kept by `Timers`; negative when not armed.
  var index = -1

  /// The time it waits for, in nanoseconds of the loop's `now`; nil when it does not wait.
  public private(set) var deadline: Int64?

  /// Makes a timer that waits for nothing; the handler is told the time it was called at.
  public init(loop: EventLoop, handler: @escaping (_ now: Int64) -> Void) {
    self.loop = loop
    self.handler = handler
  }

  /// Waits for `deadline`, in nanoseconds of the loop's `now`, instead of what it waited for before.
  ///
  /// A deadline that has passed means the next turn; `Int64.max` means never.
  public func arm(at deadline: Int64) {
    cancel()
    guard deadline != .max else { return }
    self.deadline = deadline
    loop.timers.insert(self, deadline: deadline)
  }

  /// Stops waiting; legal in any handler, also that of another timer due in the same turn.
  public func cancel() {
    deadline = nil
    guard index >= 0 else { return }
    loop.timers.remove(at: index)
    index = -1
  }

  func fire(_ now: Int64) {
    deadline = nil
    handler(now)
  }

  deinit {
    if index >= 0 { loop.timers.remove(at: index) }
  }
}
