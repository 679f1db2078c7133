import Platform

/// The names of a list, by the directories that they stand in: one watch is enough for all names of a directory.
struct NameList {
  /// The names of a list in one directory.
  final class Folder {
    /// As it is watched: the part of the names in front of the last slash, `.` without one.
    let path: [UInt8]
    private var index = NameIndex()
    /// The names as the list has them.
    private(set) var words: [[UInt8]] = []

    init(_ path: [UInt8]) {
      self.path = path
    }

    func add(_ name: ArraySlice<UInt8>, typed: [UInt8]) -> Bool {
      name.withUnsafeBytes { name in
        if index.find(name) >= 0 { return false }
        _ = index.insert(name)
        words.append(typed)
        return true
      }
    }

    /// The name in this directory of a path below it; nil for the directory itself.
    func name(in path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
      let start = self.path.last == UInt8(ascii: "/") ? self.path.count : self.path.count + 1
      return path.count > start ? UnsafeRawBufferPointer(rebasing: path[start...]) : nil
    }

    /// A name as the list has it; nil where it is not in the list.
    func typed(_ name: UnsafeRawBufferPointer) -> [UInt8]? {
      let position = index.find(name)
      return position < 0 ? nil : words[position]
    }
  }

  private(set) var folders: [Folder] = []
  /// Names that are links, which lead to another directory.
  private(set) var links: [[UInt8]] = []
  /// Names that are not there.
  private(set) var missing: [[UInt8]] = []
  /// How many names there are.
  private(set) var count = 0
  private var places: [[UInt8]: Int] = [:]

  init() {}

  /// Reads names that each have `end` behind them; a directory stands for its entries.
  init(_ bytes: [UInt8], end: UInt8) {
    for name in bytes.split(separator: end) {
      let typed = Array(name)
      var status = stat()
      let path = typed.map { CChar(bitPattern: $0) } + [0]
      guard lstat(path, &status) == 0 else {
        missing.append(typed)
        add(typed)
        continue
      }
      switch UInt32(upon_file_type(status.st_mode)) {
      case S_IFDIR: addEntries(of: typed, path)
      case S_IFLNK:
        links.append(typed)
        count += 1
      default: add(typed)
      }
    }
  }

  /// Whether a directory of the list has this path.
  func isFolder(_ path: UnsafeRawBufferPointer) -> Bool { places[Array(path)] != nil }

  private mutating func add(_ typed: [UInt8]) {
    let slash = typed.lastIndex(of: UInt8(ascii: "/"))
    let position = slash.map { $0 == 0 ? typed[...0] : typed[..<$0] } ?? [UInt8(ascii: ".")]
    let name = typed[((slash ?? -1) + 1)...]
    if folder(Array(position)).add(name, typed: typed) { count += 1 }
  }

  private mutating func addEntries(of typed: [UInt8], _ path: [CChar]) {
    let prefix = typed.last == UInt8(ascii: "/") ? typed : typed + [UInt8(ascii: "/")]
    let folder = folder(prefix.count > 1 ? prefix.dropLast() : prefix)
    count += 1
    guard let directory = opendir(path) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: UInt8.self, capacity: 256) {
          Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
        }
      }
      if name == [0x2E] || name == [0x2E, 0x2E] { continue }
      _ = folder.add(name[...], typed: prefix + name)
    }
  }

  private mutating func folder(_ path: [UInt8]) -> Folder {
    if let position = places[path] { return folders[position] }
    places[path] = folders.count
    folders.append(Folder(path))
    return folders[folders.count - 1]
  }
}

extension UnsafeRawBufferPointer {
  /// A path in the working directory as it is typed: without `./`.
  func withoutCurrentFolder(_ folder: [UInt8]) -> UnsafeRawBufferPointer {
    folder == [UInt8(ascii: ".")] ? UnsafeRawBufferPointer(rebasing: self[2...]) : self
  }
}
