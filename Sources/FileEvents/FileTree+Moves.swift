/// Joins the two halves of moves, which come as events of two directories with one cookie.
///
/// The first half always comes first, and both are queued while the directories are locked: as soon as another change
/// of names of the same directory comes, the second half is not among what is watched.
extension FileTree {
  func movedFrom(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ isDirectory: Bool, cookie: UInt32) {
    moves.append(
      PendingMove(
        cookie: cookie, directory: directories.reference(directory), name: Array(name),
        isDirectory: isDirectory, isTold: isTold(directory, name), deadline: nil))
  }

  /// The name has left what is watched.
  private func settle(_ move: PendingMove) {
    guard directories.isThere(move.directory) else { return }
    let directory = move.directory.index
    move.name.withUnsafeBytes { name in
      let child = move.isDirectory ? directories.find(directory, name) : -1
      if move.isTold {
        gone(directory, name, move.isDirectory, child: child, isEmpty: false)
      } else if child >= 0 {
        drop(child)
      }
    }
    mayRetryBlocked = true
  }

  func settleMoves(of directory: Int32, except cookie: UInt32) {
    guard !moves.isEmpty else { return }
    var index = 0
    while index < moves.count {
      if moves[index].directory.index == directory && moves[index].cookie != cookie {
        settle(moves.remove(at: index))
      } else {
        index += 1
      }
    }
  }

  /// Whether a directory is still in the tree: what happens in one that is on the move is told under its new name, so
  /// where the second half is not among what was read with the first, the directory has left.
  func hasStayed(_ directory: Int32) -> Bool {
    let reference = directories.reference(directory)
    var index = 0
    while index < moves.count {
      let move = moves[index]
      let holding = move.directory.index
      if move.isDirectory, directories.isThere(move.directory),
        case let child = move.name.withUnsafeBytes({ directories.find(holding, $0) }), child >= 0,
        isBelow(directory, child), !watches.isAhead(move.cookie)
      {
        settle(moves.remove(at: index))
        if isClosed || !directories.isThere(reference) { return false }
      } else {
        index += 1
      }
    }
    return true
  }

  func expireMoves(_ now: Int64) {
    var index = 0
    while index < moves.count {
      if let deadline = moves[index].deadline, deadline <= now {
        settle(moves.remove(at: index))
      } else {
        index += 1
      }
    }
  }

  func flushMoves() {
    while !moves.isEmpty { settle(moves.removeFirst()) }
  }

  // MARK: The second half

  func movedTo(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ isDirectory: Bool, cookie: UInt32) {
    let move = moves.firstIndex { $0.cookie == cookie }.map { moves.remove(at: $0) }
    if excludes(directory, name) {
      if let move { settle(move) }
      return
    }
    guard let move, directories.isThere(move.directory), move.isTold else {
      if let move, directories.isThere(move.directory) { settle(move) }
      return arrived(directory, name, isDirectory)
    }
    move.name.withUnsafeBytes { source in
      if isDirectory {
        relabel(from: move.directory.index, source, to: directory, name)
      } else {
        movedFile(from: move.directory.index, source, to: directory, name)
      }
    }
    mayRetryBlocked = true
  }

  /// A name has come from outside, or from a place that was never told.
  private func arrived(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ isDirectory: Bool) {
    let child = directories.find(directory, name)
    if isListed(directory, name) {
      if !isDirectory {
        owe(note(directory, name, .owed))
      } else if child < 0 {
        discover(directory, name, .announced)
      }
      return
    }
    if isDirectory {
      if child >= 0 { drop(child) }
      createdDirectory(directory, name)
      return
    }
    if child >= 0 { drop(child) }
    list(directory, name)
    if directory == holder { noteRootFile() }
    let type = look(directory, name)?.type ?? .file
    tell(.create, directory, name, type)
    tellPlaced(directory, name, type)
  }

  private func movedFile(
    from: Int32, _ source: UnsafeRawBufferPointer, to: Int32, _ name: UnsafeRawBufferPointer
  ) {
    let old = notices.find(from, source)
    let carried = old >= 0 ? notices[old] : Notice()
    if old >= 0 { removeNotice(old) }
    if from == holder { isPresent = false }
    list(to, name)
    if to == holder { noteRootFile() }
    let type = look(to, name)?.type ?? .file
    tellMove(from: from, source, to: to, name, type)
    guard !isClosed else { return }
    tellPlaced(to, name, type)
    // Its writer goes on under the new name.
    if carried.flags.contains(.unsettled) { unsettle(to, name) }
  }

  /// Tells a file or link that was put in its place as complete, also one that has gone from there since.
  private func tellPlaced(_ directory: Int32, _ name: UnsafeRawBufferPointer, _ type: FileType) {
    let notice = notices.find(directory, name)
    if notice >= 0 { clearNotice(notice, [.owed, .fresh, .settled]) }
    if type == .file || type == .symlink { tell(.written, directory, name, type) }
  }

  /// Gives a directory its new name. What is at the names by now may be other than what this event tells of.
  private func relabel(
    from: Int32, _ source: UnsafeRawBufferPointer, to: Int32, _ name: UnsafeRawBufferPointer
  ) {
    forget(from, source)
    let moved = directories.find(from, source)
    let victim = directories.find(to, name)
    if from == holder { isPresent = false }
    if to == holder { isPresent = true }
    guard moved >= 0 || !options.isRecursive else {
      // A scan has met it at its new place, and its going has been told.
      return arrived(to, name, true)
    }
    list(to, name)
    guard moved >= 0 else { return tellMove(from: from, source, to: to, name, .directory) }
    let target = look(to, name)
    if victim >= 0 && victim != moved {
      if let target, directories[victim].state != .pending, target.identity == directories[victim].identity {
        // The second half of an exchange, or a label that a scan has set: the victim stands where it belongs.
        tellMove(from: from, source, to: to, name, .directory)
        if look(moved)?.identity != directories[moved].identity { needsRescan = true }
        return
      }
      if directories[victim].state != .pending, look(from, source)?.identity == directories[victim].identity {
        exchange(moved, victim)
        return tellMove(from: from, source, to: to, name, .directory)
      }
      drop(victim)
    }
    if isBelow(to, moved) {
      needsRescan = true
      return
    }
    unlink(moved)
    directories.move(moved, to: to, name)
    link(moved)
    textDirectory = -1
    tellMove(from: from, source, to: to, name, .directory)
    guard !isClosed else { return }
    if directories[moved].state == .pending || directories[moved].state == .closed {
      directories[moved].state = .pending
      loose.append(directories.reference(moved))
    } else if let target, target.identity != directories[moved].identity {
      tell(.delete, directory: moved)
      drop(moved)
      createdDirectory(to, name)
    }
  }

  private func exchange(_ one: Int32, _ other: Int32) {
    let (parent, otherParent) = (directories.parent(one), directories.parent(other))
    let (name, otherName) = (Array(directories.name(one)), Array(directories.name(other)))
    unlink(one)
    unlink(other)
    // No name is taken twice on the way: a name in the table has no slash.
    [UInt8](repeating: 0x2F, count: 1).withUnsafeBytes { directories.move(one, to: parent, $0) }
    name.withUnsafeBytes { directories.move(other, to: parent, $0) }
    otherName.withUnsafeBytes { directories.move(one, to: otherParent, $0) }
    link(one)
    link(other)
    textDirectory = -1
  }

  /// Whether a directory is another, or below it.
  private func isBelow(_ directory: Int32, _ other: Int32) -> Bool {
    var node = directory
    while node >= 0 {
      if node == other { return true }
      node = directories.parent(node)
    }
    return false
  }
}
