import EventLoop
import Platform

/// Reads what is appended to the files that stand under a name, or a pattern of names, through rotation.
///
/// Each file that has stood there is a generation, known by its inode: it is read to its end, under whatever name it has by
/// now, before a newer one, and nothing is read twice. What one name gives comes in the order of the generations.
public final class LogFollower {
  /// Where files are read from that are there at the start; what appears later is read from its start.
  public enum Start: Sendable { case end, start }

  /// Who is told.
  public struct Handlers {
    /// Called with the bytes that come next of a generation, the first of which has the offset given. They are gone after
    /// the call.
    public var onBytes: (LogGeneration, UnsafeRawBufferPointer, _ offset: UInt64) -> Void
    /// A newer file has taken the name of a generation.
    public var onRotate: (LogGeneration) -> Void = { _ in }
    /// The file was cut, and is read from its start; what of a record was read before will not be continued.
    public var onTruncate: (LogGeneration) -> Void = { _ in }
    /// Nothing comes any more of a generation: what of a record was read is its last one.
    public var onEnd: (LogGeneration) -> Void = { _ in }
    public var onTrouble: (FileTrouble) -> Void = { _ in }

    public init(onBytes: @escaping (LogGeneration, UnsafeRawBufferPointer, _ offset: UInt64) -> Void) {
      self.onBytes = onBytes
    }
  }

  /// A file that has come, under the name that events have led it to.
  private final class Unopened {
    var name: [UInt8]?
    var looks = 0

    init(name: [UInt8]) { self.name = name }
  }

  /// What a move has taken along.
  private enum Moving {
    case generation(LogGeneration)
    case unopened(Unopened)
  }

  /// How often opening waits for a directory in which names change meanwhile.
  private static let mostTries = 50

  /// An old generation ends after so much silence, and there are no more than so many: they fill disks.
  static let linger: Int64 = 5_000_000_000
  static let mostOld = 64
  private static let bufferSize = 65_536
  private static let slice: Int64 = 1_000_000

  let watches: FileWatches
  let path: [UInt8]
  let handlers: Handlers
  let start: Start
  /// What the last part of the path matches; nil for one name.
  let pattern: Glob?
  private(set) var slot: Int32 = -1
  private var trail: Trail!
  private var turn: Turn?
  private var timer: Timer?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 8)

  /// From the oldest to the newest.
  private(set) var generations: [LogGeneration] = []
  /// Where to go on in files of an earlier run.
  private var saved: [LogPosition]
  /// Whether there was an earlier run, so that what is new here has not been read.
  private let isGoingOn: Bool
  private var directory: OpenFile?
  private var directoryIdentity = FileIdentity(device: 0, inode: 0)
  private var directoryWatch: Int32 = -1
  private var lastName: [UInt8] = []
  private var lastTag: Int32 = 0
  private var moved: [(cookie: UInt32, file: Moving)] = []
  /// New files that have not been opened, in the order in which they came, with the names that they have by now.
  private var unopened: [Unopened] = []
  /// Counts changes of their names.
  private var nameChanges = 0
  private var isArmed = false
  private var needsLook = true
  private var isPaused = false
  private var isClosed = false

  /// Follows a path, whose last part is a pattern when it has `*`, `?` or `[`. `saved` are positions of an earlier run.
  public init(
    path: [UInt8], from start: Start, saved: [LogPosition] = [], watches: FileWatches, handlers: Handlers
  ) {
    self.path = path
    self.start = start
    self.saved = saved
    isGoingOn = !saved.isEmpty
    self.watches = watches
    self.handlers = handlers
    let last = path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...]
    let isPattern = last.contains { [0x2A, 0x3F, 0x5B].contains($0) }
    pattern = isPattern ? Glob(String(decoding: last, as: UTF8.self)) : nil
    slot = watches.add(self)
    trail = Trail(path: path, watches: watches, owner: slot)
    turn = Turn(loop: watches.loop, queue: .data) { [unowned self] in work() }
    timer = Timer(loop: watches.loop) { [unowned self] _ in work() }
    turn?.schedule()
  }

  deinit { buffer.deallocate() }

  /// The positions of all open generations, for an orderly end or a rotation.
  public func positions() -> [LogPosition] { generations.map { $0.position() } + saved }

  /// Reads nothing until `resume()`; the files keep what comes.
  public func pause() { isPaused = true }

  public func resume() {
    isPaused = false
    if !isClosed { turn?.schedule() }
  }

  public func close() {
    guard !isClosed else { return }
    isClosed = true
    turn?.cancel()
    timer?.cancel()
    for generation in generations { forgetWatch(generation) }
    generations = []
    moved = []
    if directoryWatch >= 0 { watches.forget(directoryWatch, owner: slot, tag: 0) }
    trail.close()
    watches.remove(owner: slot)
  }

  // MARK: Files under the name

  /// Directory events first: they lead each generation to its present name.
  private func work() {
    guard !isClosed else { return }
    if trail.isStale { resolve() }
    if needsLook { lookForFiles() }
    let deadline = Clock.monotonic() + Self.slice
    var isMore = false
    if !isPaused {
      for generation in generations where !isMore && !isClosed {
        isMore = read(generation, until: deadline)
      }
    }
    guard !isClosed else { return }
    if isMore { turn?.schedule() } else { endOld() }
  }

  private func resolve() {
    let end = trail.follow(.left)
    if trail.isOutOfWatches { handlers.onTrouble(.outOfWatches(directories: 1)) }
    guard let holder = end.holder, let facts = try? FileFacts.look(holder.number, "").get() else {
      directory = nil
      return markAllOld()
    }
    lastName = end.name
    needsLook = true
    if directory != nil && directoryWatch >= 0 && facts.identity == directoryIdentity { return }
    let old = directoryWatch
    let mask = WatchMask.names
    directoryWatch = max(watches.watch(holder.number, mask, owner: slot, tag: 0), -1)
    if old >= 0 && old != directoryWatch { watches.forget(old, owner: slot, tag: 0) }
    directory = holder
    directoryIdentity = facts.identity
  }

  private func markAllOld() {
    for generation in generations where !generation.isOld { retire(generation) }
  }

  private func retire(_ generation: LogGeneration) {
    generation.isOld = true
    generation.lastRead = Clock.monotonic()
    handlers.onRotate(generation)
  }

  private func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    pattern.map { $0.matches(name) } ?? name.elementsEqual(lastName)
  }

  /// Opens what stands under the name now, if it is not open yet.
  private func lookForFiles() {
    guard let directory else {
      isArmed = true
      needsLook = false
      return
    }
    guard openNew(directory), !isClosed else { return }
    needsLook = false
    var found: [(name: [UInt8], facts: FileFacts)] = []
    for name in names(directory) {
      // Through a link: where it leads is what is read.
      if let facts = name.withCString({ try? FileFacts.look(directory.number, $0, follow: true).get() }),
        facts.type == .file
      {
        found.append((name, facts))
      }
    }
    let earliest = saved.map(\.born).min() ?? 0
    let present = Set(found.map { $0.facts.raw.inode })
    // Those born first come first: they are read in this order.
    for (name, facts) in found.sorted(by: { isEarlier($0, $1) }) {
      meet(name, facts, directory, isMissed: earliest > 0 && facts.raw.born > earliest && isRotated(name))
      if isClosed { return }
    }
    for generation in generations where !generation.isOld && !present.contains(generation.inode) {
      retire(generation)
    }
    isArmed = true
    saved = []
  }

  /// Births are counted in ticks of the kernel: of two in one tick the file that has been rotated is the earlier.
  private func isEarlier(_ one: (name: [UInt8], facts: FileFacts), _ other: (name: [UInt8], facts: FileFacts))
    -> Bool
  {
    if one.facts.raw.born != other.facts.raw.born { return one.facts.raw.born < other.facts.raw.born }
    return one.name != lastName && other.name == lastName
  }

  /// Opens files that have come by the names they have now; returns whether these were still theirs.
  private func openNew(_ directory: OpenFile) -> Bool {
    for _ in 0..<Self.mostTries where unopened.contains(where: { $0.name != nil }) && !isClosed {
      let files = unopened
      let changes = nameChanges
      var opened: [(name: [UInt8], file: OpenFile)] = []
      for new in files {
        if let name = new.name,
          let file = name.withCString({ try? OpenFile(upon_open_file(directory.number, $0, 1)) })
        {
          opened.append((name, file))
        }
      }
      // What is queued may say that a name was another file's by then.
      watches.drain()
      guard nameChanges == changes, !isClosed else { continue }
      // One without a name is on the move, or gone.
      for new in files { new.looks += 1 }
      unopened.removeAll { new in new.looks > (new.name == nil ? 3 : 0) }
      for (name, file) in opened where !isClosed {
        guard let facts = try? FileFacts.look(file.number, "").get(), facts.type == .file else { continue }
        meet(name, facts, directory, isMissed: true, opened: file)
      }
    }
    return true
  }

  /// Whether a name is one that rotation gives, and the file not packed.
  private func isRotated(_ name: [UInt8]) -> Bool {
    pattern == nil && name.starts(with: lastName)
      && ![".gz", ".bz2", ".xz", ".zst", ".lz4", ".Z", ".zip"].contains {
        name.suffix($0.utf8.count).elementsEqual($0.utf8)
      }
  }

  private func names(_ directory: OpenFile) -> [[UInt8]] {
    // Of an earlier run, the siblings too: what was rotated while nobody read is finished first.
    if pattern == nil && saved.isEmpty { return [lastName] }
    var names: [[UInt8]] = []
    guard let file = try? OpenFile(upon_open_directory(directory.number, ".")) else { return names }
    let entries = watches.scanBuffer
    while case let count = upon_read_directory(file.number, entries.baseAddress, entries.count), count > 0 {
      var offset = 0
      while offset < count {
        let entry = UnsafeRawPointer(entries.baseAddress! + offset)
        offset += Int(entry.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
        let start = (entry + 19).assumingMemoryBound(to: CChar.self)
        let name = UnsafeRawBufferPointer(start: start, count: strlen(start))
        if matches(name) || !saved.isEmpty { names.append(Array(name)) }
      }
    }
    return names
  }

  /// Takes a file in; one that was rotated while nobody read is `isMissed`.
  private func meet(
    _ name: [UInt8], _ facts: FileFacts, _ directory: OpenFile, isMissed: Bool, opened: OpenFile? = nil
  ) {
    let isNamed = name.withUnsafeBytes { matches($0) }
    if let known = generations.first(where: { $0.inode == facts.raw.inode && $0.device == facts.raw.device })
    {
      known.name = name
      known.lastName = name
      known.isUnlinked = false
      if isNamed { known.isOld = false }
      return
    }
    guard isNamed || isMissed || saved.contains(where: { $0.inode == facts.raw.inode }) else { return }
    guard let file = opened ?? name.withCString({ try? OpenFile(upon_open_file(directory.number, $0, 1)) }),
      let openedFacts = try? FileFacts.look(file.number, "").get(), openedFacts.type == .file
    else {
      let separator: [UInt8] = path.contains(0x2F) ? Array(path[...path.lastIndex(of: 0x2F)!]) : []
      if isNamed { handlers.onTrouble(.unwatched(path: separator + name, code: EACCES)) }
      return
    }
    lastTag += 1
    let generation = LogGeneration(
      file: file, facts: openedFacts, name: name, tag: lastTag, offset: 0, now: Clock.monotonic())
    if let place = saved.firstIndex(where: { generation.isFile(of: $0) }) {
      generation.seek(saved.remove(at: place).offset)
      generation.isOld = !isNamed
    } else {
      guard isNamed || isMissed else { return }
      generation.isOld = !isNamed
      if !isArmed && start == .end && !isGoingOn { generation.seek(openedFacts.raw.size) }
    }
    watch(generation)
    if pattern == nil {
      for older in generations where !older.isOld { retire(older) }
    }
    generations.append(generation)
  }

  private func watch(_ generation: LogGeneration) {
    // Through its descriptor: exactly this file, whatever its name is by now.
    let mask: WatchMask = [.modified, .attributes]
    generation.watch = max(
      watches.watch(generation.file.number, mask, owner: slot, tag: generation.tag), -1)
  }

  private func forgetWatch(_ generation: LogGeneration) {
    if generation.watch >= 0 { watches.forget(generation.watch, owner: slot, tag: generation.tag) }
    generation.watch = -1
  }

  // MARK: Reading

  /// Reads to the end, or until it is somebody else's turn; returns whether there is more.
  private func read(_ generation: LogGeneration, until deadline: Int64) -> Bool {
    while !isClosed && !isPaused {
      let offset = generation.readOffset
      switch generation.read(into: buffer) {
      case .bytes(let range):
        generation.lastRead = Clock.monotonic()
        handlers.onBytes(generation, UnsafeRawBufferPointer(rebasing: buffer[range]), offset)
        if generation.lastRead >= deadline { return true }
      case .nothing: return false
      case .cut:
        generation.seek(0)
        handlers.onTruncate(generation)
      case .failed(let code):
        handlers.onTrouble(.unwatched(path: generation.fileName, code: code))
        return false
      }
    }
    return false
  }

  /// Lets go of old generations that are silent, or that nobody can write to any more.
  private func endOld() {
    let now = Clock.monotonic()
    var next = Int64.max
    for generation in generations where generation.isOld {
      let old = generations.count { $0.isOld }
      let isAbandoned = generation.isUnlinked && upon_has_writer(generation.file.number) == 0
      if isPaused { continue }
      if now - generation.lastRead >= Self.linger || isAbandoned || old > Self.mostOld {
        // What came between the last read and the look at its writers.
        if read(generation, until: .max) || isPaused { continue }
        forgetWatch(generation)
        generations.removeAll { $0 === generation }
        moved.removeAll { if case .generation(let other) = $0.file { other === generation } else { false } }
        handlers.onEnd(generation)
        if isClosed { return }
      } else {
        next = min(next, generation.lastRead + Self.linger)
      }
    }
    if next != .max { timer?.arm(at: next) }
  }
}

extension LogFollower: WatchOwner {
  var horizon: UInt64 { .max }

  func receive(_ change: RawChange, tag: Int32) {
    guard !isClosed else { return }
    if tag < 0 { return trail.receive(change, tag: tag) }
    guard tag == 0 else { return changed(tag, change.mask) }
    if change.mask.contains(.ignored) {
      directoryWatch = -1
      return trail.invalidate()
    }
    let isNamed = matches(change.name)
    if change.mask.contains(.movedFrom) {
      if let file = take(change.name) { moved.append((change.cookie, file)) }
    } else if change.mask.contains(.movedTo) {
      arrived(change, isNamed)
    } else if change.mask.contains(.deleted) {
      _ = take(change.name)
    } else if change.mask.contains(.created), isNamed, !change.mask.contains(.isDirectory) {
      unopened.append(Unopened(name: Array(change.name)))
    }
    if isNamed || !unopened.isEmpty { needsLook = true }
    if isNamed && pattern == nil && change.mask.isDisjoint(with: [.deleted, .movedFrom]) {
      trail.invalidate()
    }
  }

  /// Takes a name off the file that has it. A look at the directory may have opened the next file of that name
  /// already, so the one that events have told of comes first.
  private func take(_ name: UnsafeRawBufferPointer) -> Moving? {
    if let file = unopened.first(where: { $0.name?.elementsEqual(name) == true }) {
      file.name = nil
      nameChanges += 1
      return .unopened(file)
    }
    guard let generation = named(name) else { return nil }
    generation.name = nil
    return .generation(generation)
  }

  private func arrived(_ change: RawChange, _ isNamed: Bool) {
    // Whatever had the name has lost it.
    _ = take(change.name)
    guard let place = moved.firstIndex(where: { $0.cookie == change.cookie }) else {
      if isNamed && !change.mask.contains(.isDirectory) {
        unopened.append(Unopened(name: Array(change.name)))
      }
      return
    }
    switch moved.remove(at: place).file {
    case .generation(let generation):
      generation.name = Array(change.name)
      generation.lastName = Array(change.name)
    case .unopened(let file): file.name = Array(change.name)
    }
  }

  private func named(_ name: UnsafeRawBufferPointer) -> LogGeneration? {
    generations.last { $0.name?.elementsEqual(name) == true }
  }

  private func changed(_ tag: Int32, _ mask: WatchMask) {
    guard let generation = generations.first(where: { $0.tag == tag }) else { return }
    if mask.contains(.ignored) { generation.watch = -1 }
    if mask.contains(.attributes) || mask.contains(.ignored),
      let facts = try? FileFacts.look(generation.file.number, "").get()
    {
      generation.isUnlinked = facts.raw.links == 0
    }
  }

  func reach(_ position: UInt64) {}

  func endBatch(drained: Bool) {
    // Halfway through what the directory tells, a name may stand for the file after the next.
    if !isClosed && drained { turn?.schedule() }
  }

  func recover() {
    trail.invalidate()
    needsLook = true
  }
}
