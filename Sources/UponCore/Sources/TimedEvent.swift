import EventLoop

/// The event of every timer: one is delivered before the next one fires, and a hundred thousand need but one.
final class TimedEvent: Facility {
  let event = Event(capacity: 3)

  init(loop: EventLoop) {}
}
