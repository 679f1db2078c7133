import EventLoop

/// Debounce and throttle: lets one event stand for many.
///
/// Each event of the kind has a slot of its own, on each subject. What is held back is released when its time has
/// come, or all at once when the source or the subject ends.
final class Gate {
  enum Policy {
    /// The last of a burst, the span after it, at the latest `limit` after the first.
    case debounce(Interval, limit: Interval?)
    /// The first at once, then the last of each span.
    case throttle(Interval)
  }

  private struct Key: Hashable {
    let index: Int
    /// 0 for all that need not be told apart.
    let subject: UInt64
  }

  private final class Slot {
    let key: Key
    /// Whether its subject is over, so that nothing more comes of it.
    var isLast: Bool
    let pending = Event()
    var isPending = false
    /// A throttle lets nothing through before its span has passed.
    var isClosed = false
    var first: Int64 = 0
    var timer: Timer?

    init(key: Key, isLast: Bool) {
      self.key = key
      self.isLast = isLast
    }
  }

  private let policy: Policy
  private let loop: EventLoop
  private let deliver: (Event) -> Void
  private var slots: [Slot] = []
  private var slotsOfSubjects: [Key: Slot] = [:]

  init(_ policy: Policy, loop: EventLoop, deliver: @escaping (Event) -> Void) {
    self.policy = policy
    self.loop = loop
    self.deliver = deliver
  }

  func take(_ event: Event) {
    let slot = slot(for: event)
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

  /// Whether an event is held back.
  var isHolding: Bool {
    slots.contains(where: \.isPending) || slotsOfSubjects.values.contains(where: \.isPending)
  }

  /// Delivers everything that is held back.
  func releaseAll() {
    let waiting = slotsOfSubjects.values.sorted { $0.first < $1.first }
    for slot in slots + waiting {
      slot.timer?.cancel()
      release(slot)
    }
  }

  /// Delivers what is held back of one subject and forgets it.
  func release(_ subject: UInt64) {
    for key in slotsOfSubjects.keys where key.subject == subject {
      guard let slot = slotsOfSubjects.removeValue(forKey: key) else { continue }
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

  private func slot(for event: Event) -> Slot {
    let key = Key(index: event.index, subject: event.key)
    if key.subject == 0 {
      if let slot = slots.first(where: { $0.key == key }) { return slot }
    } else if let slot = slotsOfSubjects[key] {
      return slot
    }
    let slot = Slot(key: key, isLast: event.subject?.isOver ?? false)
    slot.timer = Timer(loop: loop) { [unowned self, unowned slot] now in expired(slot, now) }
    if key.subject == 0 {
      slots.append(slot)
    } else {
      slotsOfSubjects[key] = slot
    }
    return slot
  }

  private func expired(_ slot: Slot, _ now: Int64) {
    // A throttle goes on while there is something to release: the next span begins now.
    slot.isClosed = slot.isPending
    if case .throttle(let period) = policy, slot.isPending { slot.timer?.arm(at: period.after(now)) }
    release(slot)
    if slot.isLast, !slot.isClosed { slotsOfSubjects[slot.key] = nil }
  }
}
