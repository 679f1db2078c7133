import Platform

/// What `/proc/PID/stat` says of a process.
enum ProcessTable {
  /// When a living process was started, in ticks of the clock since the system was; nil for one that has exited, and
  /// where there is no `/proc`.
  static func startTime(of pid: Int32) -> UInt64? {
    // Behind the name come the state and 18 other columns before the time.
    columns(of: pid, 20) { words in
      guard words.count > 19, let state = words[0].first, !isDead(state) else { return nil }
      return UInt64(String(decoding: words[19], as: UTF8.self))
    }
  }

  /// Whether a process that has not exited is in the group.
  static func isMember(_ pid: Int32, of group: Int32) -> Bool {
    columns(of: pid, 3) { words in
      guard words.count > 2, let state = words[0].first, !isDead(state) else { return nil }
      return words[2].elementsEqual(String(group).utf8)
    } ?? false
  }

  private static func isDead(_ state: UInt8) -> Bool {
    state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
  }

  private static func columns<Result>(
    of pid: Int32, _ number: Int, _ body: ([ArraySlice<UInt8>]) -> Result?
  ) -> Result? {
    let opened = upon_open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC, 0)
    guard opened >= 0 else { return nil }
    let file = Descriptor(owning: opened)
    var text = [UInt8](repeating: 0, count: 512)
    let count = read(file.number, &text, text.count)
    // The name in parentheses may hold anything; behind it come the state, the parent and the group.
    guard count > 0, let end = text[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    return body(text[(end + 1)..<count].split(separator: UInt8(ascii: " "), maxSplits: number))
  }
}
