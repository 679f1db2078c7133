import EventLoop
import Platform

/// Watches a path, and as options say what lies below it, by looking at everything every so often.
///
/// It is for file systems whose changes the kernel does not tell. Inode, size and times in nanoseconds are compared; a
/// file is `written` when it is the same at two looks in turn, so that its writer has rested for one interval.
final class PolledTree: WatchedTree {
  /// What was seen of a name.
  private struct Seen {
    var facts = FileFacts()
    var round: UInt32 = 0
    /// The change has not been told as written yet.
    var isOwed = false
  }

  private static let slice: Int64 = 1_000_000

  private let path: [UInt8]
  private let options: TreeOptions
  private let handlers: TreeHandlers
  private let interval: Int64
  /// Names by their path relative to the root; the root has the empty one.
  private let seen = NameTable<Seen>(blank: Seen())
  private let text = PathText()
  private let entries = UnsafeMutableRawBufferPointer.allocate(byteCount: 32_768, alignment: 8)
  private var turn: Turn?
  private var timer: Timer?
  private var round: UInt32 = 0
  /// Directories that this round has still to read, and then indices below this to look for what has gone.
  private var unread: [[UInt8]] = []
  private var open: (path: [UInt8], file: OpenFile)?
  private var sweep: Int32 = -1
  private var began: Int64 = 0
  private var directories = 0
  private var paused: PausedEvents?
  private var isClosed = false
  private var hasToldReady = false

  let pollingReason: String?
  private(set) var directoryCount = 0
  private(set) var presence = Presence.absent(nearest: [])

  init(
    path: [UInt8], options: TreeOptions, interval: Int64, reason: String, loop: EventLoop,
    handlers: TreeHandlers
  ) {
    self.path = path
    self.options = options
    self.interval = interval
    self.handlers = handlers
    pollingReason = reason
    turn = Turn(loop: loop, queue: .data) { [unowned self] in look() }
    timer = Timer(loop: loop) { [unowned self] _ in begin() }
    lookAtPresence()
    begin()
  }

  deinit { entries.deallocate() }

  func pause() {
    if paused == nil { paused = PausedEvents() }
  }

  func resume() {
    guard let gathered = paused else { return }
    paused = nil
    if gathered.hasOverflown { return tell(.overflow, [], nil) }
    gathered.tell { event in if !isClosed { handlers.onEvent(event) } }
  }

  func close() {
    isClosed = true
    turn?.cancel()
    timer?.cancel()
    open = nil
  }

  // MARK: A round

  private func begin() {
    round += 1
    began = Clock.monotonic()
    directories = 0
    sweep = -1
    lookAtPresence()
    meet([], path.withCString { try? FileFacts.look(AT_FDCWD, $0).get() })
    turn?.schedule()
  }

  private func look() {
    let deadline = Clock.monotonic() + Self.slice
    repeat {
      guard !isClosed else { return }
      if open != nil {
        readOpen()
      } else if let next = unread.popLast() {
        write(next)
        // A link is the root only; those below it are not entered.
        let result =
          next.isEmpty
          ? upon_open_file(AT_FDCWD, text.cString, 1) : upon_open_directory(AT_FDCWD, text.cString)
        if let file = try? OpenFile(result) { open = (next, file) } else { keepBelow(next, -result) }
      } else if sweep < seen.bound - 1 {
        sweep += 1
        if seen.isUsed(sweep) && seen[sweep].round != round { lose(sweep) }
      } else {
        return end()
      }
    } while Clock.monotonic() < deadline
    if !isClosed { turn?.schedule() }
  }

  private func end() {
    directoryCount = directories
    timer?.arm(at: max(began + interval, Clock.monotonic() + interval / 2))
    if !hasToldReady {
      hasToldReady = true
      handlers.onReady()
    }
  }

  private func lookAtPresence() {
    let isThere = path.withCString { (try? FileFacts.look(AT_FDCWD, $0, follow: true).get()) != nil }
    presence = isThere ? .present : .absent(nearest: [])
  }

  private func readOpen() {
    guard let (directory, file) = open else { return }
    let count = upon_read_directory(file.number, entries.baseAddress, entries.count)
    guard count > 0 else {
      open = nil
      return
    }
    var offset = 0
    while offset < count && !isClosed {
      let entry = UnsafeRawPointer(entries.baseAddress! + offset)
      offset += Int(entry.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
      let start = (entry + 19).assumingMemoryBound(to: CChar.self)
      let name = UnsafeRawBufferPointer(start: start, count: strlen(start))
      if name.elementsEqual([0x2E]) || name.elementsEqual([0x2E, 0x2E]) { continue }
      meet(
        directory + (directory.isEmpty ? [] : [0x2F]) + name, try? FileFacts.look(file.number, start).get())
    }
  }

  /// A directory that cannot be read now keeps what was seen in it.
  private func keepBelow(_ directory: [UInt8], _ code: Int32) {
    guard code == EACCES || code == EPERM else { return }
    for index in 0..<seen.bound where seen.isUsed(index) {
      if directory.isEmpty || seen.name(index).starts(with: directory + [0x2F]) { seen[index].round = round }
    }
    if !hasToldReady { handlers.onTrouble(.unwatched(path: Array(text.text), code: code)) }
  }

  // MARK: Names

  private func meet(_ name: [UInt8], _ facts: FileFacts?) {
    guard let facts, !name.withUnsafeBytes({ !name.isEmpty && options.excludes($0) }) else { return }
    var entered = facts
    if name.isEmpty, facts.type == .symlink {
      entered = path.withCString { (try? FileFacts.look(AT_FDCWD, $0, follow: true).get()) } ?? facts
    }
    if entered.type == .directory && (name.isEmpty || options.isRecursive) {
      unread.append(name)
      directories += 1
    }
    let index = name.withUnsafeBytes { seen.find(0, $0) }
    let look = name.isEmpty ? entered : facts
    guard index >= 0 else { return appear(name, look) }
    compare(index, name, look)
  }

  private func appear(_ name: [UInt8], _ facts: FileFacts) {
    let isWritable = facts.type == .file || facts.type == .symlink
    let isAtStart = round == 1
    let index = name.withUnsafeBytes { seen.insert(0, $0, Seen(facts: facts, round: round)) }
    if isAtStart {
      if options.tellsBacklog && isWritable { tell(.written, name, facts.type) }
      return
    }
    seen[index].isOwed = isWritable
    tell(.create, name, facts.type)
  }

  private func compare(_ index: Int32, _ name: [UInt8], _ facts: FileFacts) {
    let old = seen[index].facts
    seen[index].round = round
    seen[index].facts = facts
    if old.type != facts.type {
      tell(.delete, name, old.type)
      tell(.create, name, facts.type)
      seen[index].isOwed = facts.type == .file || facts.type == .symlink
      return
    }
    if facts.isUnchanged(since: old) {
      guard seen[index].isOwed else { return }
      seen[index].isOwed = false
      return tell(.written, name, facts.type)
    }
    guard facts.type == .file || facts.type == .symlink else {
      if facts.raw.mode != old.raw.mode { tell(.attrib, name, facts.type) }
      return
    }
    let isWritten =
      facts.raw.inode != old.raw.inode || facts.raw.size != old.raw.size
      || facts.raw.modified != old.raw.modified
    if isWritten {
      seen[index].isOwed = true
      tell(.modify, name, facts.type)
    } else {
      tell(.attrib, name, facts.type)
    }
  }

  private func lose(_ index: Int32) {
    let (name, type) = (Array(seen.name(index)), seen[index].facts.type)
    seen.remove(index)
    tell(.delete, name, type)
  }

  // MARK: Telling

  private func write(_ name: [UInt8]) {
    text.truncate(0)
    path.withUnsafeBytes { text.append($0) }
    if !name.isEmpty && path.last != 0x2F { text.append(0x2F) }
    name.withUnsafeBytes { text.append($0) }
  }

  private func tell(_ kind: FileEvent.Kind, _ name: [UInt8], _ type: FileType?) {
    guard options.kinds.contains(kind), !isClosed else { return }
    if type != .directory, !name.isEmpty, !name.withUnsafeBytes({ options.includes($0) }) { return }
    write(name)
    let event = FileEvent(kind: kind, path: text.text, source: nil, type: type, isFromScan: true)
    if let paused { return paused.add(event) }
    handlers.onEvent(event)
  }
}
