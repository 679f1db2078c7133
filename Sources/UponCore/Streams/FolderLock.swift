import EventLoop
import Platform

/// The right to replace a name in a folder, which one process has at a time and loses with its end.
///
/// The corresponding C function is `flock`, on the folder itself: nothing is left behind.
struct FolderLock: ~Copyable {
  /// Who has it needs it for a few system calls.
  private static let attempts = 500
  private static let pause: UInt32 = 10_000

  private let descriptor: Int32

  /// Waits for the lock, for seconds at most; an empty path is the current folder.
  init(_ folder: [UInt8], _ failure: (Int32) -> SourceFailure) throws(SourceFailure) {
    let path = (folder.isEmpty ? [UInt8(ascii: ".")] : folder).map { CChar(bitPattern: $0) } + [0]
    let number = upon_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard number >= 0 else { throw failure(errno) }
    let code = Self.lock(number)
    if code != 0 {
      close(number)
      throw failure(code)
    }
    descriptor = number
  }

  /// Returns 0 or an errno.
  private static func lock(_ number: Int32) -> Int32 {
    for _ in 0..<attempts {
      if flock(number, LOCK_EX | LOCK_NB) == 0 { return 0 }
      let code = errno
      if code != EWOULDBLOCK, code != EINTR { return code }
      usleep(pause)
    }
    return EBUSY
  }

  /// Lets the next one have it.
  consuming func release() {}

  deinit {
    close(descriptor)
  }
}
