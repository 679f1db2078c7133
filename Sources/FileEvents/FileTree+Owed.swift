import Platform

/// Files that are to be told as written without a close of their own: found by a scan, linked into place, at rest.
extension FileTree {
  /// When a new file that is being written is looked at again; doubled each time. A file that was made without a name
  /// and linked while it is open gives no close under its name.
  private static var firstRetry: Int64 { 20_000_000 }
  private static var mostTries: UInt8 { 6 }

  func closeWindow(_ reference: Reference, end: UInt64) {
    guard directories.isThere(reference), directories[reference.index].windowEnd == end else { return }
    directories[reference.index].windowEnd = 0
    var notice = directories[reference.index].firstNotice
    while notice >= 0 {
      let next = notices[notice].next
      if notices[notice].flags.contains(.listed) {
        if notices[notice].flags.intersection([.owed, .fresh]) == .owed { owe(notice) }
        clearNotice(notice, .listed)
      }
      notice = next
    }
  }

  /// Puts a file in line to be looked at.
  func owe(_ notice: Int32) { owed.append(notices.reference(notice)) }

  /// New names that have not been closed: links are complete, files are being written.
  func lookAtFresh() {
    guard !fresh.isEmpty else { return }
    let references = fresh
    fresh = []
    for reference in references where isOwed(reference) {
      let notice = reference.index
      guard let facts = look(notices.parent(notice), notices.name(notice)) else {
        clearNotice(notice, [.owed, .fresh])
        continue
      }
      switch facts.type {
      case .symlink: tellOwed(notice, .symlink)
      case .file where facts.raw.links > 1: owe(notice)
      case .file: retryLater(notice)
      default: clearNotice(notice, [.owed, .fresh])
      }
      if isClosed { return }
    }
  }

  private func isOwed(_ reference: Reference) -> Bool {
    notices.isThere(reference) && notices[reference.index].flags.contains(.owed)
  }

  private func tellOwed(_ notice: Int32, _ type: FileType) {
    let (directory, name) = (notices.parent(notice), notices.name(notice))
    let isFromScan = !notices[notice].flags.contains(.fresh)
    compose(directory, name)
    clearNotice(notice, [.owed, .fresh])
    tell(.written, directory, name, type, isFromScan: isFromScan)
    checkReady()
  }

  private func retryLater(_ notice: Int32) {
    let delay = Self.firstRetry << Int64(notices[notice].tries)
    notices[notice].tries += 1
    guard !notices[notice].flags.contains(.queued) else { return }
    notices[notice].flags.insert(.queued)
    due.insert(notices.reference(notice), due: clock() + delay)
  }

  /// Looks whether somebody writes the file; if not, it is told once the close that may be queued would have come.
  func probe(_ reference: Reference) {
    guard isOwed(reference) else { return }
    let notice = reference.index
    let file: OpenFile
    do {
      file = try open(notices.parent(notice), notices.name(notice))
    } catch {
      return probeUnopened(notice, error.code)
    }
    guard let facts = try? FileFacts.look(file.number, "").get(), facts.type == .file else {
      return clearOwed(notice)
    }
    guard upon_has_writer(file.number) == 1 else {
      confirmed.append(reference)
      return
    }
    wait(for: notice, facts)
  }

  private func probeUnopened(_ notice: Int32, _ code: Int32) {
    guard let facts = look(notices.parent(notice), notices.name(notice)) else { return clearOwed(notice) }
    switch facts.type {
    case .symlink: tellOwed(notice, .symlink)
    case .file: confirmed.append(notices.reference(notice))
    default: clearOwed(notice)
    }
  }

  private func clearOwed(_ notice: Int32) {
    clearNotice(notice, [.owed, .fresh])
    checkReady()
  }

  /// A writer has the file: its close will come, or rest.
  private func wait(for notice: Int32, _ facts: FileFacts) {
    let isFresh = notices[notice].flags.contains(.fresh)
    if isFresh && notices[notice].tries < Self.mostTries { return retryLater(notice) }
    if isFresh && facts.raw.links > 1 { return tellOwed(notice, .file) }
    if options.settle != nil {
      let (directory, name) = (notices.parent(notice), notices.name(notice))
      unsettle(directory, name)
    }
    clearOwed(notice)
  }

  /// Nothing that was queued has told of a close: the file is complete as it is.
  func confirm(_ reference: Reference) {
    guard isOwed(reference), !isClosed else { return }
    tellOwed(reference.index, .file)
  }

  // MARK: At rest

  func unsettle(_ directory: Int32, _ name: UnsafeRawBufferPointer) {
    let notice = note(directory, name, .unsettled)
    notices[notice].lastChange = clock()
    notices[notice].flags.remove(.settled)
    queueRest(notice)
  }

  private func queueRest(_ notice: Int32) {
    guard let settle = options.settle, !notices[notice].flags.contains(.queued) else { return }
    notices[notice].flags.insert(.queued)
    due.insert(notices.reference(notice), due: notices[notice].lastChange + settle)
  }

  func lookAtDue(_ now: Int64) {
    while let reference = due.pop(now) {
      guard notices.isThere(reference) else { continue }
      let notice = reference.index
      notices[notice].flags.remove(.queued)
      if notices[notice].flags.contains(.unsettled) {
        lookAtRest(notice, now)
      } else if notices[notice].flags.contains(.owed) {
        owe(notice)
      } else {
        clearNotice(notice, .queued)
      }
      if isClosed { return }
    }
    if hasWork { scheduleWalk() }
  }

  private func lookAtRest(_ notice: Int32, _ now: Int64) {
    if let settle = options.settle, notices[notice].lastChange + settle > now { return queueRest(notice) }
    let (directory, name) = (notices.parent(notice), notices.name(notice))
    guard let file = try? open(directory, name) else {
      clearNotice(notice, [.unsettled, .owed, .fresh])
      return
    }
    // The close of what keeps it open says nothing new; without a writer none comes.
    let hasWriter = upon_has_writer(file.number) == 1
    if hasWriter { notices[notice].flags.insert(.settled) }
    clearNotice(notice, [.unsettled, .owed, .fresh])
    tell(.written, directory, name, .file)
  }
}
