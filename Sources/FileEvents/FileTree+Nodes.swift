/// The directories and notices of a tree, and how they hang together.
extension FileTree {
  // MARK: Directories

  func link(_ directory: Int32) {
    let parent = directories.parent(directory)
    directories[directory].previousSibling = -1
    guard parent >= 0 else {
      directories[directory].nextSibling = -1
      return
    }
    let first = directories[parent].firstChild
    directories[directory].nextSibling = first
    if first >= 0 { directories[first].previousSibling = directory }
    directories[parent].firstChild = directory
  }

  func unlink(_ directory: Int32) {
    let (previous, next) = (directories[directory].previousSibling, directories[directory].nextSibling)
    if previous >= 0 {
      directories[previous].nextSibling = next
    } else if directories.parent(directory) >= 0 {
      directories[directories.parent(directory)].firstChild = next
    }
    if next >= 0 { directories[next].previousSibling = previous }
  }

  /// Adds a directory that the walk is to enter.
  func insert(_ parent: Int32, _ name: UnsafeRawBufferPointer, _ manner: Directory.Manner) -> Int32 {
    var directory = Directory()
    directory.manner = manner
    let index = directories.insert(parent, name, directory)
    link(index)
    return index
  }

  /// Adds a directory that the walk is to enter by its path.
  func discover(_ parent: Int32, _ name: UnsafeRawBufferPointer, _ manner: Directory.Manner) {
    guard options.isRecursive || parent == holder else { return }
    loose.append(directories.reference(insert(parent, name, manner)))
  }

  /// Forgets a directory and all below it.
  func drop(_ directory: Int32) {
    var node = directory
    while true {
      let child = directories[node].firstChild
      if child >= 0 {
        node = child
        continue
      }
      let parent = directories.parent(node)
      release(node)
      if node == directory { return }
      node = parent
    }
  }

  private func release(_ directory: Int32) {
    if directories[directory].watch >= 0 {
      watches.forget(directories[directory].watch, owner: slot, tag: directory)
      if directory != holder { watchedCount -= 1 }
    }
    while case let notice = directories[directory].firstNotice, notice >= 0 { removeNotice(notice) }
    unlink(directory)
    directories.remove(directory)
    if textDirectory >= 0 { textDirectory = -1 }
  }

  /// Forgets everything but the way to the root.
  func dropAll() {
    if holder >= 0 { drop(holder) }
    holder = -1
    moves = []
    frames = []
    loose.removeAll()
    blocked = []
    openedWindows = []
    windows.removeAll()
    owed.removeAll()
    fresh = []
    confirmed = []
    confirmations.removeAll()
  }

  // MARK: Notices

  /// Remembers something of a name.
  func note(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ flags: Notice.Flags) -> Int32 {
    var index = notices.find(directory, name)
    if index < 0 {
      index = notices.insert(directory, name, Notice())
      let first = directories[directory].firstNotice
      notices[index].next = first
      if first >= 0 { notices[first].previous = index }
      directories[directory].firstNotice = index
    }
    if flags.contains(.backlog) && !notices[index].flags.contains(.backlog) { backlogCount += 1 }
    notices[index].flags.formUnion(flags)
    return index
  }

  /// Takes flags off a notice, and the notice away when none is left.
  func clearNotice(_ index: Int32, _ flags: Notice.Flags) {
    if flags.contains(.owed) && notices[index].flags.contains(.backlog) {
      backlogCount -= 1
      notices[index].flags.remove(.backlog)
    }
    notices[index].flags.subtract(flags)
    if notices[index].flags.subtracting(.queued).isEmpty { removeNotice(index) }
  }

  func removeNotice(_ index: Int32) {
    if notices[index].flags.contains(.backlog) { backlogCount -= 1 }
    let (previous, next) = (notices[index].previous, notices[index].next)
    if previous >= 0 {
      notices[previous].next = next
    } else {
      directories[notices.parent(index)].firstNotice = next
    }
    if next >= 0 { notices[next].previous = previous }
    notices.remove(index)
  }
}
