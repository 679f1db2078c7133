import Platform

/// Looks for the living members of process groups, which the kernel tells apart from the dead only in `/proc`.
enum ProcessGroup {
  /// Whether a process that has not exited is in the group; true when `/proc` cannot be read.
  static func hasMembers(_ group: Int32) -> Bool {
    guard let folder = opendir("/proc") else { return true }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let pid = withUnsafeBytes(of: entry.pointee.d_name) { name in
        atoi(name.baseAddress!.assumingMemoryBound(to: CChar.self))
      }
      if pid > 0, isMember(pid, of: group) { return true }
    }
    return false
  }

  private static func isMember(_ pid: Int32, of group: Int32) -> Bool {
    let file = upon_open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC, 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 512)
    let count = read(file, &text, text.count)
    // The name in parentheses may hold anything; behind it come the state, the parent and the group.
    guard count > 0, let end = text[..<count].lastIndex(of: UInt8(ascii: ")")) else { return false }
    let words = text[(end + 1)..<count].split(separator: UInt8(ascii: " "), maxSplits: 3)
    guard words.count > 2, let state = words[0].first, state != UInt8(ascii: "Z"), state != UInt8(ascii: "X")
    else { return false }
    return words[2].elementsEqual(String(group).utf8)
  }
}
