import Platform

/// Something that could not be watched.
///
/// `description` names the setting of the system that is too small, where that is the reason; the kernel's own words
/// for it, "no space left on device", mislead everybody.
public enum FileTrouble: Error, Equatable, Sendable, CustomStringConvertible {
  /// All watches of the user are taken; so many directories were wanted by whom this is told.
  case outOfWatches(directories: Int)
  /// All inotify instances of the user are taken.
  case outOfInstances
  /// A directory, or a step on the way to it, cannot be read or watched; the rest goes on. `code` is an `errno`.
  case unwatched(path: [UInt8], code: Int32)
  /// The system does not offer what is needed. `code` is an `errno`.
  case unavailable(operation: String, code: Int32)

  public var description: String {
    switch self {
    case .outOfWatches(let directories):
      "out of watches: \(directories) directories are wanted, and fs.inotify.max_user_watches is "
        + Self.limit("max_user_watches")
    case .outOfInstances:
      "out of inotify instances: fs.inotify.max_user_instances is " + Self.limit("max_user_instances")
    case .unwatched(let path, let code):
      "cannot watch \(String(decoding: path, as: UTF8.self)): \(String(cString: strerror(code)))"
    case .unavailable(let operation, let code):
      "\(operation): \(String(cString: strerror(code)))"
    }
  }

  /// The present value of a setting of inotify.
  private static func limit(_ name: String) -> String {
    let file = upon_open("/proc/sys/fs/inotify/" + name, O_RDONLY | O_CLOEXEC, 0)
    guard file >= 0 else { return "unknown" }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { buffer in
      let count = max(read(file, buffer.baseAddress, buffer.count), 0)
      return String(decoding: buffer[..<count].prefix { $0 > 32 }, as: UTF8.self)
    }
  }
}
