import EventLoop
import Platform

/// What the directory tells leads each file to its present name.
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
    guard let index = moved.firstIndex(where: { $0.cookie == change.cookie }) else {
      if isNamed && !change.mask.contains(.isDirectory) {
        unopened.append(Unopened(name: Array(change.name)))
      }
      return
    }
    switch moved.remove(at: index).file {
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
