import Platform

/// Finds entries by a directory and a name in it; an entry keeps its index as long as it is there.
///
/// Entries lie in pages that never move, and names in memory that a later entry uses again: a table that has grown
/// to its size allocates nothing.
final class NameTable<Value> {
  struct Entry {
    var hash: UInt32 = 0
    var parent: Int32 = NameTable.unused
    var next: Int32 = -1
    /// Tells this entry from the one that had the index before.
    var serial: UInt32 = 0
    var length: UInt32 = 0
    var capacity: UInt32 = 0
    var name: UnsafeMutablePointer<UInt8>?
    var value: Value
  }

  static var unused: Int32 { -2 }
  private static var pageBits: Int32 { 8 }

  private var pages: ContiguousArray<UnsafeMutablePointer<Entry>> = []
  private var heads: ContiguousArray<Int32>
  private let blank: Value
  private let seed = UInt64.random(in: 0 ... .max)
  private var firstFree: Int32 = -1
  private var used: Int32 = 0
  private var lastSerial: UInt32 = 0

  /// How many entries there are.
  private(set) var count = 0

  init(blank: Value) {
    self.blank = blank
    heads = ContiguousArray(repeating: -1, count: 64)
  }

  /// The number of indices that have ever been in use.
  var bound: Int32 { used }

  func isUsed(_ index: Int32) -> Bool { entry(index).pointee.parent != Self.unused }

  @inline(__always)
  func entry(_ index: Int32) -> UnsafeMutablePointer<Entry> {
    pages[Int(index >> Self.pageBits)] + Int(index & (1 << Self.pageBits - 1))
  }

  subscript(index: Int32) -> Value {
    @inline(__always) get { entry(index).pointee.value }
    @inline(__always) _modify { yield &entry(index).pointee.value }
  }

  func parent(_ index: Int32) -> Int32 { entry(index).pointee.parent }

  func serial(_ index: Int32) -> UInt32 { entry(index).pointee.serial }

  /// The bytes of a name, which stay where they are until the entry goes or has another name.
  func name(_ index: Int32) -> UnsafeRawBufferPointer {
    let entry = entry(index)
    return UnsafeRawBufferPointer(start: entry.pointee.name, count: Int(entry.pointee.length))
  }

  /// The name with a zero at its end, for C.
  func cName(_ index: Int32) -> UnsafePointer<CChar> {
    UnsafeRawPointer(entry(index).pointee.name!).assumingMemoryBound(to: CChar.self)
  }

  /// The index of an entry, or -1.
  func find(_ parent: Int32, _ name: UnsafeRawBufferPointer) -> Int32 {
    let hash = hash(parent, name)
    var index = heads[Int(hash) & (heads.count - 1)]
    while index >= 0 {
      let entry = entry(index)
      if entry.pointee.hash == hash && entry.pointee.parent == parent
        && Int(entry.pointee.length) == name.count
        && (name.isEmpty || memcmp(entry.pointee.name!, name.baseAddress!, name.count) == 0)
      {
        return index
      }
      index = entry.pointee.next
    }
    return -1
  }

  /// Adds an entry; there must be none of that name.
  func insert(_ parent: Int32, _ name: UnsafeRawBufferPointer, _ value: Value) -> Int32 {
    let index = takeIndex()
    lastSerial &+= 1
    entry(index).pointee.serial = lastSerial
    entry(index).pointee.value = value
    count += 1
    if count > heads.count { grow() }
    store(index, parent, name)
    return index
  }

  func remove(_ index: Int32) {
    unchain(index)
    let entry = entry(index)
    entry.pointee.parent = Self.unused
    entry.pointee.next = firstFree
    entry.pointee.value = blank
    firstFree = index
    count -= 1
  }

  /// Gives an entry another directory and name; there must be none of that name.
  func move(_ index: Int32, to parent: Int32, _ name: UnsafeRawBufferPointer) {
    unchain(index)
    store(index, parent, name)
  }

  func removeAll() {
    for index in 0..<used where isUsed(index) { remove(index) }
  }

  // MARK: Storage

  private func takeIndex() -> Int32 {
    if firstFree >= 0 {
      let index = firstFree
      firstFree = entry(index).pointee.next
      return index
    }
    if Int(used >> Self.pageBits) == pages.count {
      let page = UnsafeMutablePointer<Entry>.allocate(capacity: 1 << Self.pageBits)
      page.initialize(repeating: Entry(value: blank), count: 1 << Self.pageBits)
      pages.append(page)
    }
    used += 1
    return used - 1
  }

  private func store(_ index: Int32, _ parent: Int32, _ name: UnsafeRawBufferPointer) {
    let entry = entry(index)
    if entry.pointee.name == nil || Int(entry.pointee.capacity) < name.count + 1 {
      let capacity = max(24, (name.count + 1 + 7) & ~7)
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      // The new name may be a part of the old one.
      memcpy(bytes, name.baseAddress ?? UnsafeRawPointer(bytes), name.count)
      entry.pointee.name?.deallocate()
      entry.pointee.name = bytes
      entry.pointee.capacity = UInt32(capacity)
    } else if let start = name.baseAddress {
      memmove(entry.pointee.name!, start, name.count)
    }
    entry.pointee.name![name.count] = 0
    entry.pointee.length = UInt32(name.count)
    entry.pointee.parent = parent
    entry.pointee.hash = hash(parent, self.name(index))
    let bucket = Int(entry.pointee.hash) & (heads.count - 1)
    entry.pointee.next = heads[bucket]
    heads[bucket] = index
  }

  private func unchain(_ index: Int32) {
    let bucket = Int(entry(index).pointee.hash) & (heads.count - 1)
    if heads[bucket] == index {
      heads[bucket] = entry(index).pointee.next
      return
    }
    var before = heads[bucket]
    while entry(before).pointee.next != index { before = entry(before).pointee.next }
    entry(before).pointee.next = entry(index).pointee.next
  }

  private func grow() {
    heads = ContiguousArray(repeating: -1, count: heads.count * 2)
    for index in 0..<used where isUsed(index) && entry(index).pointee.name != nil {
      let entry = entry(index)
      let bucket = Int(entry.pointee.hash) & (heads.count - 1)
      entry.pointee.next = heads[bucket]
      heads[bucket] = index
    }
  }

  private func hash(_ parent: Int32, _ name: UnsafeRawBufferPointer) -> UInt32 {
    var state = seed ^ UInt64(UInt32(bitPattern: parent)) &* 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset + 8 <= name.count {
      state = Self.mix(state ^ name.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var rest = UInt64(name.count - offset) << 56
    while offset < name.count {
      rest = rest << 8 ^ UInt64(name[offset])
      offset += 1
    }
    return UInt32(truncatingIfNeeded: Self.mix(state ^ rest))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low
  }

  deinit {
    for page in pages {
      for bucket in 0..<(1 << Self.pageBits) { page[Int(bucket)].name?.deallocate() }
      page.deinitialize(count: 1 << Self.pageBits)
      page.deallocate()
    }
  }
}
