import EventLoop
import Platform

/// A file of rules, read to its end at once.
enum RuleFile {
  /// When it is read.
  enum Occasion {
    /// Before anything is opened: whoever writes it is waited for.
    case start
    /// While the loop runs, which must not wait.
    case reload
  }

  /// The longest, in bytes: what is longer is no file of rules.
  static let longest = 8 << 20
  /// The name by which standard input is meant.
  static let standardInput = [UInt8(ascii: "-")]

  /// Returns what is in it; throws where it cannot be read, or not a second time.
  static func read(_ path: [UInt8], on occasion: Occasion) throws(SourceFailure) -> [UInt8] {
    if path == standardInput {
      if occasion == .reload { throw SourceFailure("standard input cannot be read a second time") }
      return try read(0)
    }
    let name = path.map { CChar(bitPattern: $0) } + [0]
    let wait = occasion == .reload ? O_NONBLOCK : 0
    let opened = upon_open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC | wait, 0)
    guard opened >= 0 else { throw SourceFailure("", errno: errno) }
    let file = Descriptor(owning: opened)
    if occasion == .reload {
      var status = stat()
      guard fstat(file.number, &status) == 0 else { throw SourceFailure("", errno: errno) }
      let type = upon_file_type(status.st_mode)
      if type != Int32(Platform.S_IFREG), type != Int32(Platform.S_IFDIR) {
        throw SourceFailure("is not a file that can be read a second time")
      }
    }
    let text = try read(file.number)
    // Who writes it anew has begun and not come further.
    if occasion == .reload, text.isEmpty { throw SourceFailure("is empty") }
    return text
  }

  private static func read(_ number: Int32) throws(SourceFailure) -> [UInt8] {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Platform.read(number, &buffer, buffer.count)
      let code = errno
      if count == 0 { return text }
      if count > 0 {
        text += buffer[..<count]
        if text.count > longest { throw SourceFailure("is longer than \(longest >> 20) MiB") }
      } else if code == EAGAIN {
        var ready = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        poll(&ready, 1, -1)
      } else if code != EINTR {
        throw SourceFailure("", errno: code)
      }
    }
  }
}
