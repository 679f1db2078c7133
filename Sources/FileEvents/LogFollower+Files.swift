import EventLoop
import Platform

/// Which files stand under the name now, and in which order they are read.
extension LogFollower {
  func resolve() {
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

  func retire(_ generation: LogGeneration) {
    generation.isOld = true
    generation.lastRead = Clock.monotonic()
    handlers.onRotate(generation)
  }

  func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    pattern.map { $0.matches(name) } ?? name.elementsEqual(lastName)
  }

  /// Opens what stands under the name now, if it is not open yet.
  func lookForFiles() {
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
    // Siblings are looked at after an earlier run: what was rotated while nobody read is finished first.
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
  func meet(
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
    if let index = saved.firstIndex(where: { generation.isFile(of: $0) }) {
      generation.seek(saved.remove(at: index).offset)
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

  func watch(_ generation: LogGeneration) {
    // Through its descriptor: exactly this file, whatever its name is by now.
    let mask: WatchMask = [.modified, .attributes]
    generation.watch = max(
      watches.watch(generation.file.number, mask, owner: slot, tag: generation.tag), -1)
  }

  func forgetWatch(_ generation: LogGeneration) {
    if generation.watch >= 0 { watches.forget(generation.watch, owner: slot, tag: generation.tag) }
    generation.watch = -1
  }
}
