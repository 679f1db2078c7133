import CLibevent
import CSystem

/// All timers of a loop, ordered in one heap, with one libevent timer for the earliest.
///
/// One libevent timer each would cost more than twice the time for 100,000, and come late.
final class Timers {
  /// A timer in the heap. Unmanaged is safe: a `Timer` takes itself out before it goes.
  private struct Entry {
    let deadline: Int64
    /// The order of arming, which decides between equal deadlines.
    let ordinal: UInt64
    let timer: Unmanaged<Timer>

    func precedes(_ other: Entry) -> Bool {
      deadline != other.deadline ? deadline < other.deadline : ordinal < other.ordinal
    }
  }

  private static let perTurn = 256

  private var heap: ContiguousArray<Entry> = []
  private var lastOrdinal: UInt64 = 0
  /// The time of the last call; an earlier deadline counts as this, or a timer that is always armed in the
  /// past would stay in front of all others.
  private var lastFired = Int64.min
  /// What the libevent timer is set to; `max` when it is not.
  private var armed = Int64.max
  private var isFiring = false
  private var event: OpaquePointer?
  /// Called when the timers of a turn have fired.
  var onTurnEnd: () -> Void = {}

  init(base: OpaquePointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    event = event_new(
      base, -1, 0,
      { _, _, context in
        let timers = Unmanaged<Timers>.fromOpaque(context!).takeUnretainedValue()
        timers.fire()
      }, context)
    event_priority_set(event, LoopQueue.urgent.rawValue)
  }

  /// Frees the event; the loop calls it before it frees the base.
  func close() {
    event_free(event)
    event = nil
  }

  var nextDeadline: Int64 { heap.first?.deadline ?? .max }

  func insert(_ timer: Timer, deadline: Int64) {
    lastOrdinal += 1
    let deadline = max(deadline, lastFired)
    heap.append(Entry(deadline: deadline, ordinal: lastOrdinal, timer: .passUnretained(timer)))
    timer.index = heap.count - 1
    siftUp(timer.index)
    if !isFiring { rearm() }
  }

  /// Takes a timer out. The libevent timer stays: at worst it fires once for nothing.
  func remove(at index: Int) {
    let last = heap.removeLast()
    guard index < heap.count else { return }
    place(last, at: index)
    siftDown(index)
    siftUp(index)
  }

  private func fire() {
    armed = .max
    isFiring = true
    var left = Timers.perTurn
    while left > 0, let head = heap.first {
      let now = Clock.monotonic()
      guard head.deadline <= now else { break }
      lastFired = now
      left -= 1
      let timer = head.timer.takeUnretainedValue()
      timer.index = -1
      remove(at: 0)
      timer.fire(now)
    }
    isFiring = false
    onTurnEnd()
    rearm()
  }

  /// Sets the libevent timer if the earliest deadline comes before what it is set to.
  private func rearm() {
    guard let head = heap.first, head.deadline < armed else { return }
    armed = head.deadline
    let now = Clock.monotonic()
    var time = timeval(waiting: head.deadline > now ? head.deadline - now : 0)
    precondition(event_add(event, &time) == 0, "event_add")
  }

  // MARK: The heap: four children a node

  private func place(_ entry: Entry, at index: Int) {
    heap[index] = entry
    entry.timer._withUnsafeGuaranteedRef { $0.index = index }
  }

  private func siftUp(_ start: Int) {
    var index = start
    let entry = heap[index]
    while index > 0 {
      let parent = (index - 1) / 4
      guard entry.precedes(heap[parent]) else { break }
      place(heap[parent], at: index)
      index = parent
    }
    if index != start { place(entry, at: index) }
  }

  private func siftDown(_ start: Int) {
    var index = start
    let entry = heap[index]
    while true {
      let first = index * 4 + 1
      guard first < heap.count else { break }
      var least = first
      for child in (first + 1)..<max(first + 1, min(first + 4, heap.count))
      where heap[child].precedes(heap[least]) {
        least = child
      }
      guard heap[least].precedes(entry) else { break }
      place(heap[least], at: index)
      index = least
    }
    if index != start { place(entry, at: index) }
  }
}
