import EventLoop
import Platform

/// A list of names, read to its end at once: whoever makes it is waited for.
enum ListFile {
  /// In milliseconds.
  private static let backgroundPause: Int32 = 200

  /// Reads a file.
  static func read(_ path: [UInt8]) throws(SourceFailure) -> [UInt8] {
    let name = path.map { CChar(bitPattern: $0) } + [0]
    let number = upon_open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC, 0)
    guard number >= 0 else { throw SourceFailure(Word(path).text, errno: errno) }
    defer { close(number) }
    do {
      return try read(try InheritedDescriptor(number, for: .reading))
    } catch let failure as SourceFailure {
      throw SourceFailure("\(Word(path).text): \(failure.reason)")
    } catch {
      throw SourceFailure(Word(path).text, errno: EISDIR)
    }
  }

  /// Reads a descriptor of the caller.
  static func read(_ descriptor: InheritedDescriptor) throws(SourceFailure) -> [UInt8] {
    var text = ByteQueue(capacity: 1 << 16)
    while true {
      switch descriptor.read(into: text.room(for: 1 << 16), 1 << 16) {
      case .bytes(let count): text.commit(count)
      case .end: return Array(text.bytes)
      case .wouldBlock:
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, -1)
      // In the background it waits for the foreground.
      case .failed(EIO) where ControllingTerminal(descriptor.number)?.isElsewhere == true:
        _ = poll(nil, 0, backgroundPause)
      case .failed(let code): throw SourceFailure("", errno: code)
      }
    }
  }
}
