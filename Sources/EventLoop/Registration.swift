import CLibevent
import Platform

/// Owns one `struct event` of libevent.
///
/// Its owner calls `assign` with itself as the unretained context. That is safe because the owner holds
/// the registration: the event is gone, also from the queue of what is ready, before the owner is.
struct Registration: ~Copyable {
  private let event: OpaquePointer
  let loop: EventLoop

  init(loop: EventLoop) {
    // Fails only without memory, where Swift traps as well.
    event = event_new(loop.base, -1, 0, { _, _, _ in }, nil)!
    self.loop = loop
  }

  /// Says what to wait for and whom to call; legal only while the event is not added.
  func assign(
    descriptor: Int32, interest: Int32, queue: LoopQueue, context: UnsafeMutableRawPointer,
    callback: event_callback_fn
  ) {
    event_assign(event, loop.base, descriptor, Int16(interest), callback, context)
    event_priority_set(event, queue.rawValue)
  }

  /// Starts waiting; returns 0 or an `errno`, which is `EMFILE` for a descriptor too large for `select`.
  func add() -> Int32 {
    if event_get_fd(event) >= loop.descriptorBound { return EMFILE }
    errno = 0
    return event_add(event, nil) == 0 ? 0 : (errno == 0 ? EINVAL : errno)
  }

  /// Becomes ready in the next turn by a timeout of zero.
  func addForNextTurn() {
    var time = timeval(waiting: 0)
    // Without a descriptor only memory can be missing.
    precondition(event_add(event, &time) == 0, "event_add")
  }

  /// Stops waiting, and takes back what is ready but has not been called.
  func remove() {
    event_del(event)
  }

  deinit {
    event_free(event)
  }
}
