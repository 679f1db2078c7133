import CLibevent
import Platform

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
  /// How much later a timer may fire where that lets one wake-up serve another timer too: what the kernel allows
  /// itself for the waits of any program. A timer that is alone is not made to wait.
  private static let slack: Int64 = 50_000

  private var heap: ContiguousArray<Entry> = []
  private var lastOrdinal: UInt64 = 0
  /// The time of the last call; an earlier deadline counts as this, or a timer that is always armed in the
  /// past would stay in front of all others.
  private var lastFired = Int64.min
  /// The deadline for whose sake the libevent timer is set; `max` when it is not.
  private var armed = Int64.max
  private var isFiring = false
  private var event: OpaquePointer?
  /// Called when the timers of a turn have fired.
  var onTurnEnd: () -> Void = {}

  private let clock: ManualClock?

  init(base: OpaquePointer, clock: ManualClock?) {
    self.clock = clock
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
    heap[index] = last
    last.timer._withUnsafeGuaranteedRef { $0.index = index }
    siftDown(index)
    siftUp(index)
  }

  func fire() {
    armed = .max
    isFiring = true
    var left = Timers.perTurn
    while left > 0, let head = heap.first {
      let now = clock?.now ?? Clock.monotonic()
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

  /// Sets the libevent timer if the earliest deadline comes before the one that it is set for.
  private func rearm() {
    guard clock == nil, let head = heap.first, head.deadline < armed else { return }
    armed = head.deadline
    let now = Clock.monotonic()
    var wait = max(head.deadline - now, 0)
    if wait > 0, hasSecond(before: head.deadline &+ Self.slack) { wait += Self.slack }
    var time = timeval(waiting: wait)
    precondition(event_add(event, &time) == 0, "event_add")
  }

  /// Whether a timer besides the earliest is due by then: it would be one of those right below it.
  private func hasSecond(before deadline: Int64) -> Bool {
    for index in 1..<max(min(5, heap.count), 1) where heap[index].deadline <= deadline { return true }
    return false
  }

  // MARK: The heap: four children a node

  private func siftUp(_ start: Int) {
    heap.withUnsafeMutableBufferPointer { heap in
      var index = start
      let entry = heap[index]
      while index > 0 {
        let parent = (index - 1) / 4
        guard entry.precedes(heap[parent]) else { break }
        Self.place(heap[parent], at: index, in: heap)
        index = parent
      }
      if index != start { Self.place(entry, at: index, in: heap) }
    }
  }

  private func siftDown(_ start: Int) {
    heap.withUnsafeMutableBufferPointer { heap in
      var index = start
      let entry = heap[index]
      while true {
        let first = index &* 4 &+ 1
        guard first < heap.count else { break }
        var least = first
        var child = first &+ 1
        while child < min(first &+ 4, heap.count) {
          if heap[child].precedes(heap[least]) { least = child }
          child &+= 1
        }
        guard heap[least].precedes(entry) else { break }
        Self.place(heap[least], at: index, in: heap)
        index = least
      }
      if index != start { Self.place(entry, at: index, in: heap) }
    }
  }

  @inline(__always)
  private static func place(_ entry: Entry, at index: Int, in heap: UnsafeMutableBufferPointer<Entry>) {
    heap[index] = entry
    entry.timer._withUnsafeGuaranteedRef {
      $0.index = index
    }
  }
}
