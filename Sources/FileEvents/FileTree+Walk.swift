import Platform

/// A directory that the walk has open: it is being read, or its directories are being entered.
struct WalkFrame {
  let directory: Reference
  let file: OpenFile
  var isScanning = true
  var children: [Reference] = []
  var next = 0
}

/// Enters directories in slices of about a millisecond, each from its parent, so that it is the one that was read.
extension FileTree {
  private static var slice: Int64 { 1_000_000 }
  /// How many directories are open at once; what lies deeper is opened by its path.
  private static var deepest: Int { 48 }

  private var isWalking: Bool { !frames.isEmpty || !loose.isEmpty }

  var hasWork: Bool { isWalking || !owed.isEmpty }

  func walk() {
    let deadline = clock() + Self.slice
    var parent: (directory: Reference, file: OpenFile)?
    while !isClosed && step(&parent) && clock() < deadline {}
    guard !isClosed else { return }
    endSlice()
    if needsRescan { rescan() }
    if hasWork { scheduleWalk() }
    rearm()
  }

  private func step(_ parent: inout (directory: Reference, file: OpenFile)?) -> Bool {
    if let last = frames.indices.last {
      frames[last].isScanning ? scan(last) : enterNext(last)
    } else if let next = loose.popFirst() {
      enterLoose(next, &parent)
    } else if let next = owed.popFirst() {
      probe(next)
    } else {
      return false
    }
    return true
  }

  /// Everything that is queued by now belongs to the windows of what was read.
  private func endSlice() {
    if !openedWindows.isEmpty || !confirmed.isEmpty {
      let end = watches.horizon()
      for reference in openedWindows where directories.isThere(reference) {
        directories[reference.index].windowEnd = end
        windows.append((end, reference))
      }
      for reference in confirmed { confirmations.append((end, reference)) }
      openedWindows = []
      confirmed = []
      if end <= watches.position { reach(watches.position) }
    }
    guard !isClosed && !isWalking else { return }
    if isRescanning { dropStale() }
    if isOutOfWatches {
      isOutOfWatches = false
      handlers.onTrouble(.outOfWatches(directories: directories.count - (holder >= 0 ? 1 : 0)))
    }
    checkReady()
  }

  func checkReady() {
    guard !isReady, !isClosed, !isWalking, openedWindows.isEmpty, backlogCount == 0 else { return }
    isReady = true
    handlers.onReady()
  }

  // MARK: Entering

  private func enterNext(_ frame: Int) {
    guard frames[frame].next < frames[frame].children.count, directories.isThere(frames[frame].directory)
    else {
      frames.removeLast()
      return
    }
    let child = frames[frame].children[frames[frame].next]
    frames[frame].next += 1
    guard isToEnter(child), directories.parent(child.index) == frames[frame].directory.index else { return }
    if frames.count >= Self.deepest { return loose.append(child) }
    enter(child.index, from: frames[frame].file, directories.cName(child.index))
  }

  private func isToEnter(_ reference: Reference) -> Bool {
    directories.isThere(reference) && directories[reference.index].state == .pending
  }

  private func enterLoose(
    _ reference: Reference, _ parent: inout (directory: Reference, file: OpenFile)?
  ) {
    guard isToEnter(reference) else { return }
    let holding = directories.parent(reference.index)
    if holding == holder {
      trail.invalidate()
      return resolve()
    }
    if parent?.directory.index != holding || parent?.directory.serial != directories.serial(holding) {
      parent = open(holding).map { (directories.reference(holding), $0) }
    }
    guard let parent else {
      // It has another name by now, which its event will tell.
      blocked.append(reference)
      return
    }
    enter(reference.index, from: parent.file, directories.cName(reference.index))
  }

  /// Opens a directory by its path, if it still is the one that is meant.
  private func open(_ directory: Int32) -> OpenFile? {
    composeDirectory(directory)
    let node =
      text.count < Int(PATH_MAX)
      ? try? OpenFile(upon_open_place(AT_FDCWD, text.cString)) : openDeep(directory)
    guard let node, let facts = try? FileFacts.look(node.number, "").get() else { return nil }
    return facts.identity == directories[directory].identity ? node : nil
  }

  /// Opens a directory whose path is too long for one call.
  private func openDeep(_ directory: Int32) -> OpenFile? {
    var names: [Int32] = []
    var node = directory
    while directories.parent(node) != holder && directories.parent(node) >= 0 {
      names.append(node)
      node = directories.parent(node)
    }
    var file = path.withCString { try? OpenFile(upon_open_file(AT_FDCWD, $0, 1)) }
    while let from = file, let next = names.popLast() {
      file = try? OpenFile(upon_open_place(from.number, directories.cName(next)))
    }
    return file
  }

  /// Enters the directory `name` below another: watches it first, then has it read.
  func enter(_ directory: Int32, from parent: OpenFile, _ name: UnsafePointer<CChar>) {
    let isPlace = !tellsFiles(directory)
    let result =
      isPlace
      ? upon_open_directory_place(parent.number, name) : upon_open_directory(parent.number, name)
    guard let file = try? OpenFile(result) else { return leaveOut(directory, -result) }
    let number = watches.watch(file.number, mask, owner: slot, tag: directory)
    // Looked at behind the watch: a directory that is made in it from now on is told.
    guard let facts = try? FileFacts.look(file.number, "").get() else {
      if number >= 0 { watches.forget(number, owner: slot, tag: directory) }
      return leaveOut(directory, ENOENT)
    }
    guard number >= 0 || number == -ENOSPC else { return leaveOut(directory, -number) }
    directories[directory].isStale = false
    directories[directory].identity = facts.identity
    if number >= 0 { keep(number, of: directory) } else { isOutOfWatches = true }
    guard !isClosed, directories.isUsed(directory) else { return }
    if isPlace && (!options.isRecursive || isLeaf(facts, file)) {
      directories[directory].state = .watched
    } else {
      beginScan(directory, file, isPlace: isPlace)
    }
  }

  /// Whether a scan tells files, and not only directories.
  private func tellsFiles(_ directory: Int32) -> Bool {
    let manner = directories[directory].manner
    return manner == .announced || manner == .backlog
  }

  /// Whether there is no directory in this one. Most of a tree are leaves, and reading them takes as long as all the rest.
  private func isLeaf(_ facts: FileFacts, _ file: OpenFile) -> Bool {
    guard facts.raw.links == 2 else { return false }
    if linkCounts?.device != facts.raw.device {
      linkCounts = (facts.raw.device, FileSystem.countsDirectories(file.number))
    }
    return linkCounts?.areExact ?? false
  }

  private func beginScan(_ directory: Int32, _ opened: OpenFile, isPlace: Bool) {
    let manner = directories[directory].manner
    var file = opened
    if isPlace {
      let result = upon_open_directory(opened.number, ".")
      guard let readable = try? OpenFile(result) else { return leaveOut(directory, -result) }
      file = readable
    }
    directories[directory].state = .scanning
    if manner != .silent {
      directories[directory].windowEnd = .max
      directories[directory].isWindowComplete = manner != .repeated
    }
    frames.append(WalkFrame(directory: directories.reference(directory), file: file))
  }

  /// Takes note that a directory cannot be watched or read; one that is gone is told by an event.
  private func leaveOut(_ directory: Int32, _ code: Int32) {
    directories[directory].state = .closed
    if [ENOENT, ENOTDIR, ELOOP].contains(code) { return }
    directories[directory].isStale = false
    tellUnwatched(directory, code)
  }

  private func keep(_ number: Int32, of directory: Int32) {
    let old = directories[directory].watch
    if old >= 0 && old != number { watches.forget(old, owner: slot, tag: directory) }
    if old < 0 { watchedCount += 1 }
    directories[directory].watch = number
    for other in watches.tags(number, owner: slot, besides: directory) where other != holder {
      relinquish(other, to: directory)
    }
  }

  /// A directory is known under another name: it was moved, and the event is still to come.
  private func relinquish(_ other: Int32, to directory: Int32) {
    // Both names are there with a bind mount.
    if directories[other].state != .pending, look(other)?.identity == directories[other].identity { return }
    var node = directory
    while node >= 0 {
      if node == other {
        needsRescan = true
        return
      }
      node = directories.parent(node)
    }
    tell(.delete, directory: other)
    guard !isClosed else { return }
    forget(directories.parent(other), directories.name(other))
    drop(other)
  }

  /// Tells why a directory is not watched; one that was removed meanwhile, as `getdents64` says too, is told as gone.
  func tellUnwatched(_ directory: Int32, _ code: Int32) {
    if code == ENOENT { return }
    composeDirectory(directory)
    handlers.onTrouble(.unwatched(path: Array(text.text), code: code))
  }

  func retryBlocked() {
    mayRetryBlocked = false
    for reference in blocked where directories.isThere(reference) {
      directories[reference.index].state = .pending
      loose.append(reference)
    }
    blocked = []
  }
}
