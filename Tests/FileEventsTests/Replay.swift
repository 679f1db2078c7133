import Foundation

@testable import FileEvents

/// Plays what was told into a tree of names, and compares it with what is there.
struct Replay {
  private final class Node {
    var children: [[UInt8]: Node] = [:]
    /// Not so for the directories on the way to the root.
    var isTold = false
  }

  private let root = Node()
  /// New names that were there already.
  private(set) var doubled: [Told] = []
  /// Names told to be gone, or moved, that were not there.
  private(set) var surplus: [Told] = []
  private(set) var written: [[UInt8]: Int] = [:]

  init(from names: Set<[UInt8]> = []) {
    for name in names { _ = put(name) }
  }

  mutating func play(_ told: [Told]) {
    for event in told {
      switch event.kind {
      case .create: if !put(event.path) { doubled.append(event) }
      case .written:
        written[event.path, default: 0] += 1
        _ = put(event.path)
      case .delete: if take(event.path) == nil { surplus.append(event) }
      case .move:
        let moved = take(event.source!)
        if moved == nil { surplus.append(event) }
        let (parent, name) = place(event.path)
        parent.children[name] = moved ?? Node()
        parent.children[name]!.isTold = true
      case .modify, .attrib, .overflow: break
      }
    }
  }

  /// Every path; an absolute one begins with a slash.
  var names: Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    func add(_ node: Node, _ path: [UInt8]) {
      for (name, child) in node.children {
        let full = path + [0x2F] + name
        if child.isTold { names.insert(full) }
        add(child, full)
      }
    }
    add(root, [])
    return names
  }

  private func place(_ path: [UInt8]) -> (Node, [UInt8]) {
    let names = path.split(separator: 0x2F)
    var node = root
    for name in names.dropLast() {
      if node.children[Array(name)] == nil { node.children[Array(name)] = Node() }
      node = node.children[Array(name)]!
    }
    return (node, Array(names.last!))
  }

  /// Returns whether the name is new.
  private func put(_ path: [UInt8]) -> Bool {
    let (parent, name) = place(path)
    let node = parent.children[name] ?? Node()
    parent.children[name] = node
    defer { node.isTold = true }
    return !node.isTold
  }

  private func take(_ path: [UInt8]) -> Node? {
    let (parent, name) = place(path)
    return parent.children.removeValue(forKey: name)
  }

  /// Every name below a directory, without following links.
  static func real(_ root: String) -> Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    var open = [Array(root.utf8)]
    while let path = open.popLast() {
      guard let directory = opendir((path + [0]).map { CChar(bitPattern: $0) }) else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: UInt8.self, capacity: 256) { pointer in
            Array(
              UnsafeBufferPointer(
                start: pointer, count: strnlen(UnsafePointer<CChar>(OpaquePointer(pointer)), 256)))
          }
        }
        if name == [0x2E] || name == [0x2E, 0x2E] { continue }
        let full = path + [0x2F] + name
        names.insert(full)
        if entry.pointee.d_type == 4 { open.append(full) }
      }
    }
    return names
  }
}

/// What a torture came to.
struct Outcome: CustomStringConvertible {
  var lost: Set<[UInt8]>
  var ghosts: Set<[UInt8]>
  var doubled: Int
  var surplus: Int
  var events: Int

  init(_ replay: Replay, real: Set<[UInt8]>, events: Int) {
    lost = real.subtracting(replay.names)
    ghosts = replay.names.subtracting(real)
    doubled = replay.doubled.count
    surplus = replay.surplus.count
    self.events = events
  }

  var description: String {
    "lost \(lost.count), ghosts \(ghosts.count), doubled \(doubled), surplus \(surplus) of \(events)"
      + (lost.union(ghosts).prefix(3).map { " " + String(decoding: $0, as: UTF8.self) }).joined()
  }
}
