import Platform

/// Calls its handler once for each time something arrives at a descriptor, though nobody reads it.
///
/// Arrivals between two turns of the loop are one call. The descriptor stays the caller's.
public final class EdgeWatch {
  private let epoll: PrivateEpoll
  private var isEnabled = true

  /// Watches a descriptor for `.read` (arrivals and ends) or `.write`; it is enabled at once.
  ///
  /// What is there already is the first arrival. Throws `EPERM` for a regular file, a directory and `/dev/null`.
  /// The corresponding C functions are `epoll_create1` and `epoll_ctl`.
  public init(
    loop: EventLoop, descriptor: Int32, interest: Interest, queue: LoopQueue,
    handler: @escaping (Readiness) -> Void
  ) throws(LoopError) {
    var events: Readiness = .byEdge
    if interest.contains(.read) { events.formUnion([.input, .finished]) }
    if interest.contains(.write) { events.insert(.output) }
    epoll = try PrivateEpoll(
      loop: loop, descriptor: descriptor, events: events.rawValue, queue: queue
    ) { handler(Readiness(rawValue: $0)) }
  }

  /// Looks again: if the descriptor is ready now, that counts as an arrival.
  ///
  /// The corresponding C function is `epoll_ctl` with `EPOLL_CTL_MOD`.
  public func rearm() throws(LoopError) {
    try epoll.control(EPOLL_CTL_MOD)
  }

  /// Watches again; what arrived meanwhile is one arrival.
  public func enable() throws(LoopError) {
    guard !isEnabled else { return }
    try epoll.enable()
    isEnabled = true
  }

  /// Stops calling the handler.
  public func disable() {
    guard isEnabled else { return }
    isEnabled = false
    epoll.disable()
  }
}
