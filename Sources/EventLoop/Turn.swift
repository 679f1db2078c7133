/// Calls its handler in a later turn of the loop, after a look at everything else.
///
/// It is for work that is ready again at once, such as a regular file. A zero timeout, never
/// `event_active`: that would hold up every timer.
public final class Turn {
  private let registration: Registration
  private let handler: () -> Void

  /// Whether the handler is going to be called.
  public private(set) var isScheduled = false

  /// Makes a turn in `queue`; nothing is scheduled yet.
  public init(loop: EventLoop, queue: LoopQueue, handler: @escaping () -> Void) {
    registration = Registration(loop: loop)
    self.handler = handler
    let context = Unmanaged.passUnretained(self).toOpaque()
    registration.assign(descriptor: -1, interest: 0, queue: queue, context: context) { _, _, context in
      let turn = Unmanaged<Turn>.fromOpaque(context!).takeUnretainedValue()
      turn.fire()
    }
  }

  /// Asks for one call in the next turn; asking again before it comes changes nothing.
  ///
  /// The corresponding C function is `event_add` with a timeout of zero.
  public func schedule() {
    guard !isScheduled else { return }
    isScheduled = true
    registration.addForNextTurn()
  }

  /// Takes the call back.
  ///
  /// The corresponding C function is `event_del`.
  public func cancel() {
    guard isScheduled else { return }
    isScheduled = false
    registration.remove()
  }

  private func fire() {
    isScheduled = false
    handler()
    registration.loop.turnEnded()
  }
}
