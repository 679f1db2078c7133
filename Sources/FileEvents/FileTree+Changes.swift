/// What each change of the kernel means, given what is known of the directory and the name.
extension FileTree {
  func take(_ change: RawChange, in directory: Int32) {
    let (mask, name) = (change.mask, change.name)
    let isDirectory = mask.contains(.isDirectory)
    let isOfNames = !mask.isDisjoint(with: [.created, .deleted, .movedFrom, .movedTo])
    if !moves.isEmpty {
      if isOfNames { settleMoves(of: directory, except: change.cookie) }
      guard !isClosed, hasStayed(directory) else { return }
    }
    if mask.contains(.movedTo) { return movedTo(directory, name, isDirectory, cookie: change.cookie) }
    if excludes(directory, name) { return }
    if mask.contains(.movedFrom) { return movedFrom(directory, name, isDirectory, cookie: change.cookie) }
    if mask.contains(.created) {
      isDirectory ? createdDirectory(directory, name) : createdFile(directory, name)
    } else if mask.contains(.deleted) {
      deleted(directory, name, isDirectory)
    } else if mask.contains(.closed) {
      closed(directory, name)
    } else if mask.contains(.modified) {
      modified(directory, name)
    } else if mask.contains(.attributes) {
      changedAttributes(directory, name, isDirectory)
    }
  }

  /// Whether a name is in the set of an open window: a scan has told it.
  func isListed(_ directory: Int32, _ name: UnsafeRawBufferPointer) -> Bool {
    guard directories[directory].windowEnd > 0 else { return false }
    let notice = notices.find(directory, name)
    return notice >= 0 && notices[notice].flags.contains(.listed)
  }

  /// Whether a name has been told as far as an open window knows.
  func isTold(_ directory: Int32, _ name: UnsafeRawBufferPointer) -> Bool {
    guard directories[directory].windowEnd > 0, directories[directory].isWindowComplete else { return true }
    return isListed(directory, name)
  }

  // MARK: New names

  func createdDirectory(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    var child = directories.find(directory, name)
    if isListed(directory, name) {
      // The scan's word came first; if the directory was another one, it has been dropped since.
      if child < 0 && options.isRecursive { discover(directory, name, .announced) }
      return
    }
    if child >= 0 && directories[child].state != .pending {
      let isSame = look(child)?.identity == directories[child].identity
      if !isSame {
        drop(child)
        child = -1
      }
    }
    list(directory, name)
    if directory == holder { isPresent = true }
    tell(.create, directory, name, .directory)
    if child < 0 && !isClosed { discover(directory, name, .announced) }
  }

  func createdFile(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    if isListed(directory, name) { return }
    list(directory, name)
    if directory == holder { noteRootFile() }
    if options.kinds.contains(.create) {
      tell(.create, directory, name, look(directory, name)?.type ?? .file)
    }
    guard options.kinds.contains(.written), !isClosed else { return }
    let notice = note(directory, name, [.owed, .fresh])
    fresh.append(notices.reference(notice))
  }

  /// Puts a name into the set of its directory's window, if one is open.
  func list(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    if directories[directory].windowEnd > 0 { _ = note(directory, name, .listed) }
  }

  /// The last name of the path is another file now, or a link, which leads on: this change tells of it.
  func noteRootFile() {
    isPresent = true
    hasToldLink = true
    trail.invalidate()
  }

  // MARK: Names that are gone

  func deleted(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ isDirectory: Bool) {
    guard isTold(directory, name) else { return }
    let child = isDirectory ? directories.find(directory, name) : -1
    if child >= 0, directories[directory].windowEnd > 0, directories[child].state != .pending,
      look(child)?.identity == directories[child].identity
    {
      // Late news of the directory that had the name before.
      return
    }
    gone(directory, name, isDirectory, child: child, isEmpty: true)
  }

  /// Tells that a name is gone, and forgets what was below it.
  func gone(
    _ directory: Int32, _ name: UnsafeRawBufferPointer, _ isDirectory: Bool, child: Int32, isEmpty: Bool
  ) {
    forget(directory, name)
    if directory == holder {
      isPresent = false
      nearestLength = path.lastIndex(of: 0x2F) ?? 0
    }
    // A directory that is not known any more has been told.
    if isDirectory && child < 0 && options.isRecursive && directory != holder { return }
    // With files chosen by name, a directory says something only by what it takes along.
    if !isDirectory || !isEmpty || options.include.isEmpty || directory == holder {
      tell(.delete, directory, name, isDirectory ? .directory : nil)
    }
    if child >= 0 && !isClosed { drop(child) }
  }

  func forget(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    let notice = notices.find(directory, name)
    if notice >= 0 { removeNotice(notice) }
  }

  /// The kernel has ended a watch: the directory is gone for good, or its file system was unmounted.
  func loseWatch(of directory: Int32) {
    directories[directory].watch = -1
    watchedCount -= 1
    if directory == holder {
      trail.invalidate()
    } else {
      // Its name's going comes from the directory that holds it, unless it was a mount.
      directories[directory].state = .closed
      mayRetryBlocked = true
      blocked.append(directories.reference(directory))
    }
  }

  // MARK: Content

  func closed(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    guard options.kinds.contains(.written), isTold(directory, name) else { return }
    let notice = notices.find(directory, name)
    if notice >= 0 {
      let isSettled = notices[notice].flags.contains(.settled)
      clearNotice(notice, [.owed, .fresh, .unsettled, .settled])
      if isSettled { return }
    }
    let type = look(directory, name)?.type ?? .file
    if type == .file || type == .symlink { tell(.written, directory, name, .file) }
  }

  func modified(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    guard isTold(directory, name) else { return }
    if options.settle != nil { unsettle(directory, name) }
    tell(.modify, directory, name, .file)
  }

  func changedAttributes(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ isDirectory: Bool) {
    guard options.kinds.contains(.attrib), isTold(directory, name) else { return }
    tell(.attrib, directory, name, isDirectory ? .directory : look(directory, name)?.type)
  }
}
