import Platform

/// What a connection has received and not yet delivered: as a rule the beginning of a record, or records that wait
/// for their consumer. It exists only while there is something to keep.
final class PartialRecord {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// How far its bytes have been searched.
  var search = Framing.Search()

  init(_ bytes: UnsafeRawBufferPointer) {
    capacity = Self.size(for: bytes.count)
    base = .allocate(byteCount: capacity, alignment: 1)
    append(bytes)
  }

  /// Whether it is worth keeping for the next beginning of a record.
  var isReusable: Bool { capacity <= 4096 }

  /// Forgets what it holds and begins anew.
  func begin(_ bytes: UnsafeRawBufferPointer) {
    (start, end) = (0, 0)
    search = Framing.Search()
    append(bytes)
  }

  deinit {
    base.deallocate()
  }

  private static func size(for count: Int) -> Int {
    count <= 112 ? 112 : max(count, 256)
  }

  var count: Int { end - start }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + start, count: end - start) }

  func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    if end + bytes.count > capacity { makeRoom(bytes.count) }
    memcpy(base + end, source, bytes.count)
    end += bytes.count
  }

  func consume(_ count: Int) {
    start += count
  }

  private func makeRoom(_ extra: Int) {
    if count + extra <= capacity / 2 {
      memmove(base, base + start, count)
    } else {
      capacity = max(capacity * 2, count + extra)
      Memory.ensure(capacity)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
      memcpy(larger, base + start, count)
      base.deallocate()
      base = larger
    }
    (start, end) = (0, count)
  }
}
