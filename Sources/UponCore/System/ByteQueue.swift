import Platform

/// Bytes written at the end and taken from the front, in one piece of memory.
///
/// The memory belongs to the queue and is freed with it; it shrinks back to `floor` when the queue has run empty.
struct ByteQueue: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  private let floor: Int

  init(capacity: Int = 4096) {
    floor = capacity
    self.capacity = capacity
    base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }

  deinit {
    base.deallocate()
  }

  @inline(__always)
  var count: Int { end - start }

  @inline(__always)
  var isEmpty: Bool { start == end }

  /// What is queued, valid until the next change.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + start, count: end - start)
  }

  /// The byte so far behind the front.
  @inline(__always)
  subscript(position: Int) -> UInt8 {
    get { base.load(fromByteOffset: start + position, as: UInt8.self) }
    set { base.storeBytes(of: newValue, toByteOffset: start + position, as: UInt8.self) }
  }

  /// Drops `count` bytes from the front.
  mutating func consume(_ count: Int) {
    start += count
    guard start == end else { return }
    start = 0
    end = 0
    // A burst must not hold its memory for ever.
    if capacity > max(floor, 1 << 18) {
      base.deallocate()
      capacity = floor
      base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    }
  }

  /// Drops the beginning of a UTF-8 sequence whose rest has been cut off.
  mutating func dropCutSequence() {
    for length in 1..<4 where length <= count {
      let lead = base.load(fromByteOffset: end - length, as: UInt8.self)
      if lead & 0xC0 == 0x80 { continue }
      if lead >= 0xC0, UTF8Sequence.length(base, end - length, end) == (length, false) { end -= length }
      return
    }
  }

  mutating func removeAll() {
    consume(count)
  }

  /// Makes room for `extra` bytes and returns where they go; `commit` tells how many were written.
  @inline(__always)
  mutating func room(for extra: Int) -> UnsafeMutableRawPointer {
    if capacity - end < extra { grow(extra) }
    return base + end
  }

  @inline(__always)
  mutating func commit(_ written: Int) {
    end += written
  }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    let count = end - start
    if start > 0, count + extra <= capacity, start >= capacity / 2 {
      memmove(base, base + start, count)
    } else {
      capacity = max(capacity * 2, count + extra)
      Memory.ensure(capacity)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      memcpy(larger, base + start, count)
      base.deallocate()
      base = larger
    }
    start = 0
    end = count
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    room(for: 1).storeBytes(of: byte, as: UInt8.self)
    end += 1
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    memcpy(room(for: bytes.count), source, bytes.count)
    end += bytes.count
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    memcpy(room(for: text.utf8CodeUnitCount), text.utf8Start, text.utf8CodeUnitCount)
    end += text.utf8CodeUnitCount
  }

  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// The number in decimal.
  @inline(__always)
  mutating func append(decimal value: UInt64) {
    if value < 10 { return append(UInt8(truncatingIfNeeded: value) &+ 48) }
    let digits = Self.digits(of: value)
    let position = room(for: digits)
    var rest = value
    var index = digits
    while index > 0 {
      index -= 1
      let next = rest / 10
      position.storeBytes(
        of: UInt8(truncatingIfNeeded: rest &- next &* 10) &+ 48, toByteOffset: index, as: UInt8.self)
      rest = next
    }
    end += digits
  }

  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  @inline(__always)
  private static func digits(of value: UInt64) -> Int {
    var digits = 1
    var limit: UInt64 = 10
    while digits < 20, value >= limit {
      digits += 1
      let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
      if overflow { return digits }
      limit = next
    }
    return digits
  }
}
