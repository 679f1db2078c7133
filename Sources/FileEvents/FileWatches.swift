import EventLoop
import Platform

/// Reads what the kernel tells of all watched directories, and hands it to who watches them.
///
/// There is one for a loop: the system gives a user few of them (128). It belongs to the thread of its loop. The
/// corresponding C functions are `inotify_init1` and `inotify_add_watch`.
public final class FileWatches {
  /// What is read at once. An event costs the same at any size from here on.
  private static let bufferSize = 65_536
  /// The longest event: its name has 255 bytes and is padded.
  private static let longestEvent = 272
  /// Reading at each wake costs four times the time, and slows down who writes.
  private static let floodPause: Int64 = 1_000_000
  private static let slice: Int64 = 1_000_000

  let loop: EventLoop
  let instance: Int32
  private let buffer: UnsafeMutableRawPointer
  private var watch: DescriptorWatch?
  private var floodTimer: Timer?
  private var table = WatchTable()
  private var owners: ContiguousArray<(any WatchOwner)?> = []

  /// Counts the bytes of events that have been handed on, and one.
  private(set) var position: UInt64 = 1
  private var bytesRead: UInt64 = 1
  /// For the entries of one directory.
  let scanBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 32_768, alignment: 8)
  private var lastRead: Int64 = 0
  private var isReading = false
  /// What of the buffer has not been handed on.
  private var unread = 0..<0
  private var hasLost = false
  /// Watches that nobody has any interest in, still to be taken back.
  private var abandoned: ContiguousArray<Int32> = []
  private var turn: Turn?

  /// Makes an instance that watches nothing.
  ///
  /// Throws `outOfInstances` when the user has too many.
  public init(loop: EventLoop) throws(FileTrouble) {
    self.loop = loop
    instance = upon_inotify_open()
    guard instance >= 0 else {
      let code = errno
      throw code == EMFILE ? .outOfInstances : .unavailable(operation: "watch files", code: code)
    }
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 8)
    floodTimer = Timer(loop: loop) { [unowned self] _ in readInFlood() }
    turn = Turn(loop: loop, queue: .data) { [unowned self] in takeBack() }
    watch = DescriptorWatch(loop: loop, descriptor: instance, interest: .read, queue: .data) {
      [unowned self] in readAtOnce()
    }
    do {
      try watch?.enable()
    } catch {
      throw .unavailable(operation: error.operation, code: error.code)
    }
  }

  deinit {
    watch = nil
    close(instance)
    buffer.deallocate()
    scanBuffer.deallocate()
  }

  // MARK: Owners

  /// Takes an owner in; returns its slot.
  func add(_ owner: any WatchOwner) -> Int32 {
    for index in owners.indices where owners[index] == nil {
      owners[index] = owner
      return Int32(index)
    }
    owners.append(owner)
    return Int32(owners.count - 1)
  }

  /// Lets go of an owner whose watches have been taken back.
  func remove(owner: Int32) { owners[Int(owner)] = nil }

  /// Watches the directory that `descriptor` stands for; returns the number of the watch, or a negated `errno`.
  func watch(_ descriptor: Int32, _ mask: WatchMask, owner: Int32, tag: Int32) -> Int32 {
    var number = upon_inotify_watch(instance, descriptor, mask.rawValue)
    if number < 0, errno == ENOSPC, !abandoned.isEmpty {
      takeBack(until: .max)
      number = upon_inotify_watch(instance, descriptor, mask.rawValue)
    }
    guard number >= 0 else { return -errno }
    table.insert(watch: number, owner: owner, tag: tag)
    return number
  }

  /// Takes one owner's interest back, and soon the watch with the last one's.
  ///
  /// Taking back costs as much as watching, so that of a large tree it is done in slices; at the end the kernel does it
  /// by itself with the instance, in a fraction of the time.
  func forget(_ number: Int32, owner: Int32, tag: Int32) {
    guard table.remove(watch: number, owner: owner, tag: tag) else { return }
    if abandoned.isEmpty { turn?.schedule() }
    abandoned.append(number)
  }

  private func takeBack() {
    takeBack(until: Clock.monotonic() + Self.slice)
    if !abandoned.isEmpty { turn?.schedule() }
  }

  /// Takes back what is abandoned, but what somebody watches again by now.
  private func takeBack(until deadline: Int64) {
    while Clock.monotonic() < deadline, let number = abandoned.popLast() {
      if table.first(number) < 0 { upon_inotify_forget(instance, number) }
    }
  }

  /// The other tags from 0 on that an owner has for a watch.
  func tags(_ number: Int32, owner: Int32, besides tag: Int32) -> [Int32] {
    var tags: [Int32] = []
    var index = table.first(number)
    while index >= 0 {
      let entry = table[index]
      if entry.owner == owner && entry.tag >= 0 && entry.tag != tag { tags.append(entry.tag) }
      index = table.next(after: index)
    }
    return tags
  }

  /// The position behind everything that is queued now.
  ///
  /// A change is queued under the lock of its directory, so what a scan has seen lies before it.
  func horizon() -> UInt64 { bytesRead + UInt64(max(upon_fionread(instance), 0)) }

  // MARK: Reading

  /// The first events of a silence are read at once; when more come within a moment, it is a flood.
  private func readAtOnce() {
    let now = Clock.monotonic()
    if now - lastRead < Self.floodPause {
      watch?.disable()
      floodTimer?.arm(at: lastRead + Self.floodPause)
      return
    }
    lastRead = now
    _ = read()
  }

  private func readInFlood() {
    lastRead = Clock.monotonic()
    switch read() {
    case .nothing:
      // The descriptor was watched before, and nothing about it has changed.
      try? watch?.enable()
    case .all: floodTimer?.arm(at: lastRead + Self.floodPause)
    case .some: floodTimer?.arm(at: lastRead)
    }
  }

  private enum Amount { case nothing, some, all }

  /// Hands on everything that is queued.
  func drain() {
    while !isReading, case .some = read() {}
  }

  private func read() -> Amount {
    guard !isReading else { return .nothing }
    isReading = true
    defer { isReading = false }
    let count = Platform.read(instance, buffer, Self.bufferSize)
    if count > 0 {
      bytesRead += UInt64(count)
      dispatch(count)
    }
    let drained = count < Self.bufferSize - Self.longestEvent
    reach()
    if drained && hasLost {
      hasLost = false
      for owner in owners { owner?.recover() }
    }
    for owner in owners { owner?.endBatch(drained: drained) }
    return count <= 0 ? .nothing : drained ? .all : .some
  }

  private func dispatch(_ count: Int) {
    var horizon = nextHorizon()
    var offset = 0
    while offset < count {
      if position >= horizon {
        reach()
        horizon = nextHorizon()
      }
      let event = UnsafeRawPointer(buffer + offset)
      let number = event.load(as: Int32.self)
      let mask = WatchMask(rawValue: event.load(fromByteOffset: 4, as: UInt32.self))
      let space = Int(event.load(fromByteOffset: 12, as: UInt32.self))
      // The name is padded with zeros.
      let length = space == 0 ? 0 : strnlen((event + 16).assumingMemoryBound(to: CChar.self), space)
      let change = RawChange(
        mask: mask, cookie: event.load(fromByteOffset: 8, as: UInt32.self),
        name: UnsafeRawBufferPointer(start: event + 16, count: length))
      offset += 16 + space
      unread = offset..<count
      position += UInt64(16 + space)
      if mask.contains(.overflow) {
        hasLost = true
      } else {
        tell(change, of: number)
      }
    }
  }

  /// Whether an event with this cookie comes later in what was read.
  func isAhead(_ cookie: UInt32) -> Bool {
    var offset = unread.lowerBound
    while offset < unread.upperBound {
      let event = UnsafeRawPointer(buffer + offset)
      if event.load(fromByteOffset: 8, as: UInt32.self) == cookie { return true }
      offset += 16 + Int(event.load(fromByteOffset: 12, as: UInt32.self))
    }
    return false
  }

  /// Tells one change to all entries of its watch; those of unknown watches are late news of what was let go.
  private func tell(_ change: RawChange, of number: Int32) {
    let first = table.first(number)
    guard first >= 0 else { return }
    let entry = table[first]
    if table.next(after: first) < 0 {
      if change.mask.contains(.ignored) { table.removeAll(of: number) }
      owners[Int(entry.owner)]?.receive(change, tag: entry.tag)
      return
    }
    // Who is told may change the table.
    var told: [WatchTable.Entry] = []
    var index = first
    while index >= 0 {
      told.append(table[index])
      index = table.next(after: index)
    }
    let isLast = change.mask.contains(.ignored)
    if isLast { table.removeAll(of: number) }
    for entry in told where isLast || table.contains(entry) {
      owners[Int(entry.owner)]?.receive(change, tag: entry.tag)
    }
  }

  private func nextHorizon() -> UInt64 {
    var next = UInt64.max
    for owner in owners { next = min(next, owner?.horizon ?? .max) }
    return next
  }

  private func reach() {
    for owner in owners { if let owner, owner.horizon <= position { owner.reach(position) } }
  }
}
