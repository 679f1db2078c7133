import CLibevent
import Platform

/// Waits for descriptors and times, and calls who registered for them.
///
/// A loop and everything registered on it belong to one thread. Registrations hold the loop; the loop does
/// not hold them. The corresponding C type is `struct event_base`.
public final class EventLoop {
  let base: OpaquePointer
  let timers: Timers
  /// The clock by which it goes, nil for that of the system.
  let clock: ManualClock?
  /// Called after each batch of handlers, so that what they have gathered can be written in one piece.
  ///
  /// A batch is what one descriptor, one turn or up to 256 due timers have caused.
  public var onTurnEnd: () -> Void = {} {
    didSet { timers.onTurnEnd = onTurnEnd }
  }

  /// Microseconds after which data waits until what is urgent has been looked at, and what was ready is done.
  private static let longestBatch: suseconds_t = 1_000

  private(set) var stopping = false
  /// Descriptors from this number on cannot be watched.
  public let descriptorBound: Int32

  /// The time by which its timers go, in nanoseconds: that of `Clock.monotonic()`, or of a clock of its own.
  public var now: Int64 { clock?.now ?? Clock.monotonic() }

  /// Makes a loop; `verbose` passes libevent's own messages to standard error, otherwise they are dropped.
  ///
  /// Where the messages go is one setting of the process, so the last loop decides. `backend` is one of
  /// `Backend.names`; without it libevent takes the best. With a `clock` timers fire by `advance(by:)` alone. Throws when there is no way to wait. The
  /// corresponding C functions are `event_base_new_with_config` and `event_config_avoid_method`.
  public init(verbose: Bool, backend: String? = nil, clock: ManualClock? = nil) throws(LoopError) {
    LibeventLog.install(verbose: verbose)
    guard let config = event_config_new() else {
      throw LoopError(code: ENOMEM, operation: "make an event loop")
    }
    defer { event_config_free(config) }
    let flags = [
      EVENT_BASE_FLAG_PRECISE_TIMER, EVENT_BASE_FLAG_NO_CACHE_TIME, EVENT_BASE_FLAG_NOLOCK,
      EVENT_BASE_FLAG_IGNORE_ENV,
    ]
    for flag in flags { event_config_set_flag(config, Int32(flag.rawValue)) }
    if let backend {
      for other in Backend.names where other != backend { event_config_avoid_method(config, other) }
    }
    // Priorities alone are strict: without this, 300 busy descriptors hold up a signal for a whole round. A bound in
    // callbacks would have 10,000 descriptors that are ready at once looked at again after each few of them.
    var longest = timeval(tv_sec: 0, tv_usec: Self.longestBatch)
    event_config_set_max_dispatch_interval(config, &longest, .max, LoopQueue.data.rawValue)
    guard let base = event_base_new_with_config(config) else {
      let code = errno
      throw LoopError(code: code == 0 ? ENOSYS : code, operation: "make an event loop")
    }
    event_base_priority_init(base, 2)
    self.base = base
    self.clock = clock
    timers = Timers(base: base, clock: clock)
    let method = String(cString: event_base_get_method(base))
    descriptorBound = Backend.bound(of: method) ?? .max
  }

  /// The name of the way to wait: `epoll`, or the next best that the system has.
  ///
  /// The corresponding C function is `event_base_get_method`.
  public var method: String { String(cString: event_base_get_method(base)) }

  /// What the way to wait can do.
  var features: Backend.Features { Backend.Features(rawValue: event_base_get_features(base)) }

  /// When the earliest timer is due, in nanoseconds of `Clock.monotonic()`; the largest number without one.
  public var nextDeadline: Int64 { timers.nextDeadline }

  /// Calls what is ready until `stop()`, also while nothing is registered.
  ///
  /// Must not be called from a handler. Throws when waiting itself fails. The corresponding C function is
  /// `event_base_loop`.
  public func run() throws(LoopError) {
    defer { stopping = false }
    if !stopping && event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY) < 0 {
      let code = errno
      throw LoopError(code: code, operation: "wait for events")
    }
  }

  /// Makes `run()` return after the handler that is running; before `run()`, makes it return at once.
  ///
  /// The corresponding C function is `event_base_loopbreak`.
  public func stop() {
    stopping = true
    event_base_loopbreak(base)
  }

  func turnEnded() {
    onTurnEnd()
  }

  deinit {
    timers.close()
    event_base_free(base)
  }
}
