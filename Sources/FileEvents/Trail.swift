import Platform

/// Watches every directory entry on the way to a path, those behind links too, as far as the way exists.
///
/// Each directory is watched before its entry is looked at, so that nothing can happen in between unseen.
final class Trail {
  /// One entry on the way: a name in a directory that is watched under a tag.
  private struct Step {
    let watch: Int32
    let tag: Int32
    /// Nil where the owner of the trail watches for the name itself.
    let name: [UInt8]?
    let isLink: Bool
  }

  /// Who looks for changes of the last name, once the way leads to its directory.
  enum LastName { case watched, left }

  /// Where the way ends.
  struct End {
    /// The directory that holds the last name; nil when the way breaks off before it.
    var holder: OpenFile?
    /// The last name; empty when the path is a root or a working directory itself.
    var name: [UInt8] = []
    /// What the last name stands for, opened as a place; nil when it is not there.
    var file: OpenFile?
    var facts: FileFacts?
    /// Whether the last name as typed is a link, which leads to this one.
    var isBehindLink = false
    /// Why there is nothing; 0 when there is something.
    var code: Int32 = 0
    /// How many bytes of the path exist.
    var length = 0
  }

  private static let linkLimit = 40

  private let watches: FileWatches
  private let path: [UInt8]
  private let owner: Int32
  private var steps: [Step] = []
  private var lastTag: Int32 = -1

  /// Whether something on the way may have changed since `follow()`.
  private(set) var isStale = true
  /// Whether a link on the way has been made since `follow()`.
  private(set) var hasNewLink = false
  /// The first watch that was refused for want of watches.
  private(set) var isOutOfWatches = false

  init(path: [UInt8], watches: FileWatches, owner: Int32) {
    self.path = path
    self.watches = watches
    self.owner = owner
  }

  /// Takes a change under one of its tags, which are below -1.
  func receive(_ change: RawChange, tag: Int32) {
    if change.mask.contains(.ignored) || change.mask.contains(.unmounted) {
      isStale = true
      return
    }
    guard let step = steps.first(where: { $0.tag == tag }) else { return }
    guard let name = step.name, name.elementsEqual(change.name) else { return }
    isStale = true
    if step.isLink, !change.mask.isDisjoint(with: [.created, .movedTo]) { hasNewLink = true }
  }

  /// Says that the way has to be looked at again.
  func invalidate() { isStale = true }

  /// Follows the path, and watches each step in place of those of the last time.
  func follow(_ lastName: LastName) -> End {
    let old = steps
    steps = []
    isStale = false
    hasNewLink = false
    isOutOfWatches = false
    let end = walk(lastName)
    for step in old { watches.forget(step.watch, owner: owner, tag: step.tag) }
    return end
  }

  /// Takes all watches back.
  func close() {
    for step in steps { watches.forget(step.watch, owner: owner, tag: step.tag) }
    steps = []
  }

  private func walk(_ lastName: LastName) -> End {
    var end = End()
    // Names to go, the next one last; the typed ones with the length of the path up to them.
    var names: [(name: ArraySlice<UInt8>, length: Int?)] = Self.split(path[...], typed: true).reversed()
    var links = 0
    do throws(FileErrno) {
      var directory = try OpenFile(upon_open_place(AT_FDCWD, path.first == 0x2F ? "/" : "."))
      while let (name, length) = names.popLast() {
        let isLast = names.isEmpty
        if name.elementsEqual([0x2E, 0x2E]) {
          directory = try OpenFile(upon_open_place(directory.number, ".."))
          end.length = length ?? end.length
          continue
        }
        let file = watch(directory.number, name)
        let next: OpenFile
        let facts: FileFacts
        do throws(FileErrno) {
          next = try OpenFile(name.withCString { upon_open_place(directory.number, $0) })
          facts = try FileFacts.look(next.number, "").get()
        } catch {
          append(file, isLast && lastName == .left ? nil : name, isLink: false)
          end.code = error.code
          if isLast {
            end.name = Array(name)
            end.holder = directory
          }
          return end
        }
        if facts.type == .symlink {
          append(file, name, isLink: true)
          links += 1
          if isLast { end.isBehindLink = true }
          guard links <= Self.linkLimit else { throw FileErrno(code: ELOOP) }
          let target = try Self.target(next.number)
          if target.first == 0x2F { directory = try OpenFile(upon_open_place(AT_FDCWD, "/")) }
          var added = Self.split(target[...], typed: false)
          if !added.isEmpty { added[added.count - 1].length = length }
          names += added.reversed()
          continue
        }
        if isLast {
          append(file, lastName == .left ? nil : name, isLink: false)
          end.length = path.count
          end.name = Array(name)
          end.facts = facts
          end.holder = directory
          end.file = next
          return end
        }
        append(file, name, isLink: false)
        guard facts.type == .directory else { throw FileErrno(code: ENOTDIR) }
        end.length = length ?? end.length
        directory = next
      }
      end.facts = try FileFacts.look(directory.number, "").get()
      end.length = path.count
      end.file = directory
    } catch {
      end.code = error.code
    }
    return end
  }

  /// Watches a directory for changes of names; nil where that is not allowed, which leaves the step unseen.
  private func watch(_ directory: Int32, _ name: ArraySlice<UInt8>) -> (watch: Int32, tag: Int32)? {
    lastTag = lastTag <= -1_000_000_000 ? -2 : lastTag - 1
    let number = watches.watch(directory, .names, owner: owner, tag: lastTag)
    if number == -ENOSPC { isOutOfWatches = true }
    return number >= 0 ? (number, lastTag) : nil
  }

  private func append(_ file: (watch: Int32, tag: Int32)?, _ name: ArraySlice<UInt8>?, isLink: Bool) {
    guard let file else { return }
    steps.append(Step(watch: file.watch, tag: file.tag, name: name.map(Array.init), isLink: isLink))
  }

  /// The names of a path without `.`; with the length of the path up to each where it is the typed one.
  private static func split(_ path: ArraySlice<UInt8>, typed: Bool) -> [(
    name: ArraySlice<UInt8>, length: Int?
  )] {
    path.split(separator: 0x2F).filter { !$0.elementsEqual([0x2E]) }
      .map { (name: $0, length: typed ? $0.endIndex - path.startIndex : nil) }
  }

  private static func target(_ link: Int32) throws(FileErrno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes {
      upon_link_target(link, $0.assumingMemoryBound(to: CChar.self).baseAddress, $0.count)
    }
    guard count >= 0 else {
      let code = errno
      throw FileErrno(code: code)
    }
    return Array(bytes[..<count])
  }
}

extension Collection<UInt8> {
  /// Calls with the bytes and a zero at their end.
  func withCString<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var text = ContiguousArray<CChar>()
    text.reserveCapacity(count + 1)
    for byte in self { text.append(CChar(bitPattern: byte)) }
    text.append(0)
    return try text.withUnsafeBufferPointer { bytes throws(Failure) in try body(bytes.baseAddress!) }
  }
}
