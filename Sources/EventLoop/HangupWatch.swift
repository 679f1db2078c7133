import Platform

/// Calls its handler once when whoever reads the other end of a descriptor has gone.
///
/// It waits for `EPOLLERR` and `EPOLLHUP` only, so unread data on a terminal or socket does not matter.
/// The descriptor stays the caller's.
public final class HangupWatch {
  private var epoll: PrivateEpoll?
  private let handler: () -> Void

  /// Whether the handler is still to be called.
  public var isWaiting: Bool { epoll != nil }

  /// Watches a descriptor; nil for a regular file and `/dev/null`, which have no reader to lose.
  ///
  /// Throws every other error, such as `EBADF`. The handler runs in queue urgent. The corresponding C
  /// function is `epoll_ctl` with an empty set of events.
  public init?(loop: EventLoop, descriptor: Int32, handler: @escaping () -> Void) throws(LoopError) {
    self.handler = handler
    do {
      epoll = try PrivateEpoll(loop: loop, descriptor: descriptor, events: 0, queue: .urgent) {
        [unowned self] _ in self.fire()
      }
    } catch {
      if error.code == EPERM { return nil }
      throw error
    }
  }

  /// Stops waiting.
  public func cancel() {
    epoll = nil
  }

  private func fire() {
    epoll = nil
    handler()
  }
}
