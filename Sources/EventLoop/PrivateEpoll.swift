import CLibevent
import Platform

/// An epoll descriptor of our own with one descriptor in it, watched by libevent as a descriptor.
///
/// It says what libevent cannot: an arrival once, and the end of a reader with nothing else. It does the
/// same under poll and select.
final class PrivateEpoll {
  private let registration: Registration
  private let epoll: Descriptor
  private let target: Int32
  private let events: UInt32
  private let handler: (UInt32) -> Void

  init(
    loop: EventLoop, descriptor: Int32, events: UInt32, queue: LoopQueue,
    handler: @escaping (UInt32) -> Void
  ) throws(LoopError) {
    epoll = try Descriptor(epoll_create1(Int32(EPOLL_CLOEXEC)), "make an epoll descriptor")
    registration = Registration(loop: loop)
    target = descriptor
    self.events = events
    self.handler = handler
    registration.assign(
      descriptor: epoll.number, interest: EV_READ | EV_PERSIST, queue: queue,
      context: Unmanaged.passUnretained(self).toOpaque()
    ) { _, _, context in
      let watch = Unmanaged<PrivateEpoll>.fromOpaque(context!).takeUnretainedValue()
      watch.fire()
    }
    try control(EPOLL_CTL_ADD)
    try enable()
  }

  /// Changes what the epoll descriptor holds; `EPOLL_CTL_MOD` also makes it look again.
  func control(_ operation: Int32) throws(LoopError) {
    var event = epoll_event()
    event.events = events
    guard epoll_ctl(epoll.number, operation, target, &event) == 0 else {
      let code = errno
      throw LoopError(code: code, operation: "watch descriptor \(target)")
    }
  }

  func enable() throws(LoopError) {
    let code = registration.add()
    guard code == 0 else { throw LoopError(code: code, operation: "watch descriptor \(target)") }
  }

  func disable() {
    registration.remove()
  }

  private func fire() {
    var event = epoll_event()
    guard epoll_wait(epoll.number, &event, 1, 0) == 1 else { return }
    handler(event.events)
    registration.loop.turnEnded()
  }

  deinit {
    // Before the descriptor is closed and its number is somebody else's.
    registration.remove()
  }
}
