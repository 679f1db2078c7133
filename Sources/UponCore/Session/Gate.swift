import EventLoop

/// Debounce and throttle: lets one event stand for many.
///
/// Each event of the kind has a slot of its own. What is held back is released when its time has come, or all at once
/// when the source ends.
final class Gate {
  enum Policy {
    /// The last of a burst, the span after it, at the latest `limit` after the first.
    case debounce(Interval, limit: Interval?)
    /// The first at once, then the last of each span.
    case throttle(Interval)
  }

  private final class Slot {
    let index: Int
    let pending = Event()
    var isPending = false
    /// A throttle lets nothing through before its span has passed.
    var isClosed = false
    var first: Int64 = 0
    var timer: Timer?

    init(index: Int) {
      self.index = index
    }
  }

  private let policy: Policy
  private let loop: EventLoop
  private let deliver: (Event) -> Void
  private var slots: [Slot] = []

  init(_ policy: Policy, loop: EventLoop, deliver: @escaping (Event) -> Void) {
    self.policy = policy
    self.loop = loop
    self.deliver = deliver
  }

  func take(_ event: Event) {
    let slot = slot(for: event.index)
    let now = Clock.monotonic()
    switch policy {
    case .debounce(let quiet, let limit):
      if !slot.isPending { slot.first = now }
      keep(event, in: slot)
      slot.timer?.arm(at: min(quiet.after(now), limit?.after(slot.first) ?? .max))
    case .throttle(let period):
      // An endless span has no deadline, so the timer cannot tell that it is under way.
      if slot.isClosed { return keep(event, in: slot) }
      slot.isClosed = true
      slot.timer?.arm(at: period.after(now))
      deliver(event)
    }
  }

  /// Delivers everything that is held back.
  func releaseAll() {
    for slot in slots {
      slot.timer?.cancel()
      release(slot)
    }
  }

  private func keep(_ event: Event, in slot: Slot) {
    let count = slot.isPending ? slot.pending.count : 0
    slot.pending.copy(of: event)
    slot.pending.count += count
    slot.isPending = true
  }

  private func release(_ slot: Slot) {
    guard slot.isPending else { return }
    slot.isPending = false
    deliver(slot.pending)
  }

  private func slot(for index: Int) -> Slot {
    if let slot = slots.first(where: { $0.index == index }) { return slot }
    let slot = Slot(index: index)
    slot.timer = Timer(loop: loop) { [unowned self, unowned slot] now in
      // A throttle goes on while there is something to release: the next span begins now.
      slot.isClosed = slot.isPending
      if case .throttle(let period) = policy, slot.isPending { slot.timer?.arm(at: period.after(now)) }
      release(slot)
    }
    slots.append(slot)
    return slot
  }
}
