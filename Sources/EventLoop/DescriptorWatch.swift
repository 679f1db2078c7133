import CLibevent
import Platform

/// Calls its handler in every turn of the loop in which a descriptor is ready.
///
/// The descriptor stays the caller's and must be open while the watch is enabled.
public final class DescriptorWatch {
  private let registration: Registration
  private let handler: () -> Void

  /// The descriptor that is watched.
  public let descriptor: Int32

  /// Whether the handler can be called.
  public private(set) var isEnabled = false

  /// Makes a watch that is not enabled yet.
  ///
  /// The corresponding C function is `event_new`.
  public init(
    loop: EventLoop, descriptor: Int32, interest: Interest, queue: LoopQueue, handler: @escaping () -> Void
  ) {
    registration = Registration(loop: loop)
    self.descriptor = descriptor
    self.handler = handler
    registration.assign(
      descriptor: descriptor, interest: interest.rawValue | EV_PERSIST, queue: queue,
      context: Unmanaged.passUnretained(self).toOpaque()
    ) { _, _, context in
      let watch = Unmanaged<DescriptorWatch>.fromOpaque(context!).takeUnretainedValue()
      watch.fire()
    }
  }

  /// Starts watching.
  ///
  /// Throws `EPERM` where epoll refuses what is always ready: a regular file, a directory and `/dev/null`;
  /// `EBADF`; and `EMFILE` where the number is too large for `select`.
  /// The corresponding C function is `event_add`.
  public func enable() throws(LoopError) {
    guard !isEnabled else { return }
    let code = registration.add()
    guard code == 0 else { throw LoopError(code: code, operation: "watch descriptor \(descriptor)") }
    isEnabled = true
  }

  /// Stops watching, also when the descriptor is ready in this very turn.
  ///
  /// The corresponding C function is `event_del`.
  public func disable() {
    guard isEnabled else { return }
    isEnabled = false
    registration.remove()
  }

  /// A call on self, and not only on the closure: so the watch stays while the handler lets go of it.
  private func fire() {
    handler()
    registration.loop.turnEnded()
  }
}
