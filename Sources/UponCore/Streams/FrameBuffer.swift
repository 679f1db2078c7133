import Platform

/// Bytes that have been read and not yet framed, in memory of its own.
struct FrameBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var start = 0
  private(set) var end = 0
  private var search = Framing.Search()
  private static let minimum = 1 << 16

  init() {
    capacity = Self.minimum
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit {
    base.deallocate()
  }

  var count: Int { end - start }
  var isEmpty: Bool { start == end }

  /// A place for at least half of the least capacity; `commit` tells how much has been put there.
  mutating func room() -> UnsafeMutableRawBufferPointer {
    if isEmpty {
      (start, end) = (0, 0)
    } else if capacity - end < Self.minimum / 2 {
      // Moving less than half is cheaper than reading in small pieces; beyond that the memory grows.
      if count > capacity / 2 { grow() } else { compact() }
    }
    return UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
  }

  mutating func commit(_ count: Int) {
    end += count
  }

  mutating func consume(_ count: Int) {
    start += count
    search.consume(count)
    // A long record must not hold its memory for ever.
    if start == end, capacity > 1 << 20 { self = FrameBuffer() }
  }

  /// The bytes from the front on; valid until the next change.
  func front(_ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + start, count: count)
  }

  /// The next record, as long as its bytes are not consumed; nil while it is incomplete.
  @inline(__always)
  mutating func next(_ framing: Framing, _ remainder: Framing.Remainder) -> Framing.Record? {
    framing.next(in: base + start, end - start, &search, remainder)
  }

  private mutating func compact() {
    memmove(base, base + start, count)
    (start, end) = (0, count)
  }

  private mutating func grow() {
    Memory.ensure(capacity * 2)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
    memcpy(larger, base + start, count)
    base.deallocate()
    base = larger
    capacity *= 2
    (start, end) = (0, count)
  }
}
