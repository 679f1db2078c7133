import Platform

extension TimeZoneDatabase {
  /// The names of all zones, sorted; the folders are read for it, so it is for completions and for mistakes.
  public func names() -> [String] {
    for folder in folders {
      var names: [String] = []
      Self.collect(folder, below: "", into: &names, depth: 0)
      if !names.isEmpty { return names.sorted() }
    }
    return []
  }

  /// Adds the names below a folder.
  ///
  /// Every zone begins with a capital letter and has no dot: what does not is a table, or the same zones once more.
  private static func collect(_ folder: String, below prefix: String, into names: inout [String], depth: Int)
  {
    // The deepest name is America/Argentina/Buenos_Aires; a link to a folder above it must not lead round.
    guard depth < 4, let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let first = name.utf8.first, first >= 65, first <= 90, !name.contains(".") else { continue }
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        collect("\(folder)/\(name)", below: "\(prefix)\(name)/", into: &names, depth: depth + 1)
      } else {
        names.append(prefix + name)
      }
    }
  }

  /// What is said of a name that no folder has, with up to three names that were probably meant.
  func missing(_ name: String) -> String {
    let near = nearest(name)
    let hint = near.isEmpty ? "a name such as Europe/Berlin is expected" : "did you mean \(list(near))?"
    return "there is no time zone \(ScheduleError.quote(name)); \(hint)"
  }

  private func list(_ names: [String]) -> String {
    names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " or " + names.last!
  }

  /// The names that are this one in another case, end in it as a city, or differ by one slip of the keys.
  private func nearest(_ name: String) -> [String] {
    let typed = name.lowercased()
    let city = typed.split(separator: "/").last ?? ""
    let spelled = names().map { (name: $0, letters: $0.lowercased()) }
    let tests: [(String) -> Bool] = [
      { $0 == typed },
      { $0.hasSuffix("/" + typed.split(separator: " ").joined(separator: "_")) },
      { Self.isOneSlip(Array(typed.utf8), Array($0.utf8)) },
      { Self.isOneSlip(Array(typed.utf8), Array(($0.split(separator: "/").last ?? "").utf8)) },
      { city.utf8.count > 3 && $0.hasSuffix("/" + city) },
    ]
    for test in tests {
      let found = spelled.filter { test($0.letters) }
      if !found.isEmpty { return found.prefix(3).map(\.name) }
    }
    return []
  }

  /// Whether one letter was added, dropped or replaced, or two neighbours were exchanged.
  static func isOneSlip(_ typed: [UInt8], _ meant: [UInt8]) -> Bool {
    guard abs(typed.count - meant.count) <= 1, meant.count > 3 else { return false }
    let start = zip(typed, meant).prefix { $0 == $1 }.count
    let left = typed[start...]
    let right = meant[start...]
    if left.dropFirst().elementsEqual(right.dropFirst()) || left.dropFirst().elementsEqual(right)
      || left.elementsEqual(right.dropFirst())
    {
      return true
    }
    return left.count >= 2 && right.count >= 2 && left[start] == right[start + 1]
      && left[start + 1] == right[start]
      && left.dropFirst(2).elementsEqual(right.dropFirst(2))
  }
}
