import Platform

/// The path itself: it may be missing, be a link or a file, be replaced, and come again.
extension FileTree {
  /// Follows the path anew, and tells what has become of its root.
  func resolve() {
    let hasNewLink = trail.hasNewLink
    let end = trail.follow(.left)
    nearestLength = end.length
    isBehindLink = end.isBehindLink
    if trail.isOutOfWatches { isOutOfWatches = true }
    let identity = end.holder.flatMap { try? FileFacts.look($0.number, "").get().identity }
    if holder >= 0, end.name == holderName, isSameHolder(end, identity) {
      hasToldLink = false
      if hasNewLink { tellRoot(.written, .symlink) }
      if !isClosed { meetRoot(end) }
    } else {
      replaceHolder(end, identity, hasNewLink: hasNewLink)
    }
    isStarted = true
  }

  private func isSameHolder(_ end: Trail.End, _ identity: FileIdentity?) -> Bool {
    if let identity { return directories[holder].watch >= 0 && directories[holder].identity == identity }
    let root = rootDirectory
    return root >= 0 && end.file != nil && end.facts?.identity == directories[root].identity
  }

  var rootDirectory: Int32 {
    holder < 0 ? -1 : holderName.withUnsafeBytes { directories.find(holder, $0) }
  }

  /// The same name in the same directory: its own events tell of it, except after an overflow.
  private func meetRoot(_ end: Trail.End) {
    let root = rootDirectory
    let isDirectory = end.facts?.type == .directory
    if !isDirectory, let file = end.holder { _ = watches.watch(file.number, mask, owner: slot, tag: holder) }
    if let opened = end.file, isDirectory, root >= 0 {
      if directories[root].state == .pending { enter(root, from: opened, ".") }
    } else if isRescanning {
      if isPresent && end.file == nil {
        isPresent = false
        tellRoot(.delete, root >= 0 ? .directory : nil)
      }
      if root >= 0 && !isClosed { drop(root) }
      if !isPresent, !isClosed, end.file != nil { appear(end, .announced) }
    }
  }

  private func replaceHolder(_ end: Trail.End, _ identity: FileIdentity?, hasNewLink: Bool) {
    let wasPresent = isPresent
    let type = end.facts?.type
    let hasToldLink = hasToldLink
    self.hasToldLink = false
    dropAll()
    isPresent = false
    isRescanning = false
    if let file = end.holder ?? end.file, end.holder != nil || end.name.isEmpty {
      var directory = Directory()
      directory.state = .watched
      if let identity { directory.identity = identity }
      holder = directories.insert(-1, UnsafeRawBufferPointer(start: nil, count: 0), directory)
      directories[holder].previousSibling = -1
      holderName = end.name
      if identity != nil { watchHolder(file, isDirectory: type == .directory) }
    }
    guard end.file != nil else {
      if wasPresent { tellRoot(.delete, nil) }
      return
    }
    if !isStarted { return appear(end, options.tellsBacklog ? .backlog : .silent) }
    if !wasPresent { return appear(end, .announced) }
    if hasNewLink || hasToldLink {
      if !hasToldLink { tellRoot(.written, .symlink) }
      if !isClosed { appear(end, .silent) }
    } else {
      tellRoot(.delete, nil)
      if !isClosed { appear(end, .announced) }
    }
  }

  private func watchHolder(_ file: OpenFile, isDirectory: Bool) {
    let wanted: WatchMask = isDirectory ? mask.subtracting([.closed, .modified]) : mask
    let number = watches.watch(file.number, wanted, owner: slot, tag: holder)
    directories[holder].watch = max(number, -1)
    if number == -ENOSPC { isOutOfWatches = true }
    if number < 0 && number != -ENOSPC {
      handlers.onTrouble(.unwatched(path: path, code: -number))
    }
  }

  /// The path is there; what is below it is told as `manner` says.
  private func appear(_ end: Trail.End, _ manner: Directory.Manner) {
    guard let opened = end.file, let type = end.facts?.type, holder >= 0 else { return }
    isPresent = true
    holderName.withUnsafeBytes { name in
      if manner == .announced {
        // Its own event may be queued already.
        directories[holder].windowEnd = .max
        directories[holder].isWindowComplete = false
        openedWindows.append(directories.reference(holder))
        list(holder, name)
        tellRoot(.create, type)
        guard !isClosed else { return }
      }
      if type == .directory {
        enter(insert(holder, name, manner), from: opened, ".")
      } else if manner == .announced || manner == .backlog, options.kinds.contains(.written) {
        let notice = note(holder, name, manner == .backlog ? [.owed, .backlog] : .owed)
        if manner == .backlog { owe(notice) }
      }
    }
    scheduleWalk()
  }
}
