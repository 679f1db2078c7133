import EventLoop

/// Debounce, throttle and batch: lets one event stand for many.
///
/// Each event of the kind has a slot of its own, on each subject; a batch has one for all events of a subject. What is
/// held back is released when its time has come, or all at once when the source or the subject ends.
final class Gate {
  enum Policy {
    /// The last of a burst, the span after it, at the latest `limit` after the first.
    case debounce(Interval, limit: Interval?)
    /// The first at once, then the last of each span.
    case throttle(Interval)
    /// All of a burst as one, the span after it, at the latest `limit` after the first.
    case batch(Interval, limit: Interval)
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
    /// What is held for a batch.
    var batch: EventBatch?
    /// When it is to be released, which the timer may not have heard yet.
    var deadline: Int64 = .max

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
    let now = loop.now
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
    case .batch(let quiet, let limit):
      gather(event, in: slot, quiet, limit, now)
    }
  }

  /// Takes note of a name that has come, where its event is not delivered: one that goes again is not told.
  func note(_ event: Event) {
    guard case .batch(let quiet, _) = policy, event.change == .new else { return }
    let slot = slot(for: event)
    let batch = batch(of: slot)
    batch.note(event)
    if !slot.isPending {
      let now = loop.now
      slot.isPending = true
      slot.first = now
      wait(slot, until: quiet.after(now))
    }
  }

  // MARK: Batches

  private func gather(_ event: Event, in slot: Slot, _ quiet: Interval, _ limit: Interval, _ now: Int64) {
    // Names are of one batch whatever has happened to them; events without bytes are not held.
    let isOther = slot.batch.map { !$0.isEmpty && $0.index != event.index } ?? false
    if slot.isPending, event.payload == nil || !event.isOfNames && isOther { release(slot) }
    guard event.payload != nil else { return deliver(event) }
    let batch = batch(of: slot)
    if !slot.isPending { slot.first = now }
    slot.isPending = true
    batch.take(event)
    if batch.size >= EventBatch.limit { return release(slot) }
    wait(slot, until: min(quiet.after(now), limit.after(slot.first)))
  }

  private func batch(of slot: Slot) -> EventBatch {
    if let batch = slot.batch { return batch }
    let batch = EventBatch()
    slot.batch = batch
    return batch
  }

  /// The timer is told only what is sooner: a flood would set it for each event.
  private func wait(_ slot: Slot, until deadline: Int64) {
    slot.deadline = deadline
    if slot.timer?.deadline ?? .max > deadline { slot.timer?.arm(at: deadline) }
  }

  private func batchExpired(_ slot: Slot, _ now: Int64) {
    if slot.deadline > now, slot.isPending { return wait(slot, until: slot.deadline) }
    release(slot)
    if slot.isLast { slotsOfSubjects[slot.key] = nil }
  }

  private func releaseBatch(_ slot: Slot) {
    slot.deadline = .max
    slot.timer?.cancel()
    guard let batch = slot.batch else { return }
    let pending = slot.pending
    if batch.describe(in: pending) { deliver(pending) }
    pending.forgetBatch()
    pending.forgetSubject()
    recycle(slot)
  }

  /// Uses its memory again, unless a copy of the event has kept it.
  private func recycle(_ slot: Slot) {
    if isKnownUniquelyReferenced(&slot.batch) {
      slot.batch?.removeAll()
    } else {
      slot.batch = nil
    }
  }

  // MARK: Slots

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
    if case .batch = policy { return releaseBatch(slot) }
    deliver(slot.pending)
  }

  /// Whether all events of a subject have one slot.
  var gathersAll: Bool {
    if case .batch = policy { true } else { false }
  }

  private func slot(for event: Event) -> Slot {
    let key = Key(index: gathersAll ? 0 : event.index, subject: event.key)
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
    if gathersAll { return batchExpired(slot, now) }
    // A throttle goes on while there is something to release: the next span begins now.
    slot.isClosed = slot.isPending
    if case .throttle(let period) = policy, slot.isPending { slot.timer?.arm(at: period.after(now)) }
    release(slot)
    if slot.isLast, !slot.isClosed { slotsOfSubjects[slot.key] = nil }
  }
}
