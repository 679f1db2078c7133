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
      if pid > 0, ProcessTable.isMember(pid, of: group) { return true }
    }
    return false
  }
}
