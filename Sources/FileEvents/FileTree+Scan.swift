import Platform

/// Directories are read entry by entry, and read again after an overflow.
extension FileTree {
  // MARK: Reading

  func scan(_ frame: Int) {
    let reference = frames[frame].directory
    guard directories.isThere(reference) else {
      frames.removeLast()
      return
    }
    let directory = reference.index
    let buffer = watches.scanBuffer
    let count = upon_read_directory(frames[frame].file.number, buffer.baseAddress, buffer.count)
    if count < 0 { tellUnwatched(directory, errno) }
    guard count > 0, !isClosed else { return endScan(frame, directory) }
    var offset = 0
    while offset < count && !isClosed {
      let entry = UnsafeRawPointer(buffer.baseAddress! + offset)
      offset += Int(entry.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
      let start = (entry + 19).assumingMemoryBound(to: CChar.self)
      if start[0] == 0x2E && (start[1] == 0 || (start[1] == 0x2E && start[2] == 0)) { continue }
      let name = UnsafeRawBufferPointer(start: start, count: strlen(start))
      guard !excludes(directory, name) else { continue }
      let type = FileType(entry: entry.load(fromByteOffset: 18, as: UInt8.self))
      guard let type = type ?? look(directory, name)?.type else { continue }
      if type == .directory {
        foundDirectory(frame, directory, name)
      } else {
        found(directory, name, type)
      }
    }
  }

  private func endScan(_ frame: Int, _ directory: Int32) {
    guard !isClosed else { return }
    frames[frame].isScanning = false
    directories[directory].state = .watched
    if directories[directory].windowEnd == .max { openedWindows.append(frames[frame].directory) }
    if frames[frame].children.isEmpty { frames.removeLast() }
  }

  private func foundDirectory(_ frame: Int, _ directory: Int32, _ name: UnsafeRawBufferPointer) {
    let manner = directories[directory].manner
    guard options.isRecursive else { return found(directory, name, .directory) }
    let known = directories.find(directory, name)
    if known >= 0 {
      if directories[known].state == .pending { frames[frame].children.append(directories.reference(known)) }
      return
    }
    let child = insert(directory, name, manner == .repeated ? .announced : manner)
    frames[frame].children.append(directories.reference(child))
    guard manner != .silent else { return }
    let isListed = isListed(directory, name)
    list(directory, name)
    if manner != .backlog && !isListed { tell(.create, directory, name, .directory, isFromScan: true) }
  }

  private func found(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ type: FileType) {
    let manner = directories[directory].manner
    guard manner == .announced || manner == .backlog, !isListed(directory, name) else { return }
    let notice = note(directory, name, .listed)
    if (type == .file || type == .symlink) && options.kinds.contains(.written) {
      _ = note(directory, name, manner == .backlog ? [.owed, .backlog] : .owed)
    }
    _ = notice
    if manner == .announced { tell(.create, directory, name, type, isFromScan: true) }
  }

  // MARK: After an overflow

  /// Walks again from the root: what is new is told, and directories that have gone.
  func rescan() {
    needsRescan = false
    isRescanning = true
    frames = []
    loose.removeAll()
    blocked = []
    for index in 0..<directories.bound where directories.isUsed(index) && index != holder {
      directories[index].isStale = true
      directories[index].state = .pending
      directories[index].manner = .repeated
    }
    trail.invalidate()
    resolve()
    scheduleWalk()
  }

  func dropStale() {
    isRescanning = false
    for index in 0..<directories.bound where directories.isUsed(index) && directories[index].isStale {
      var top = index
      while case let parent = directories.parent(top), parent >= 0, directories[parent].isStale {
        top = parent
      }
      if directories.parent(top) == holder { isPresent = false }
      tell(.delete, directory: top)
      guard !isClosed else { return }
      forget(directories.parent(top), directories.name(top))
      drop(top)
    }
  }
}
