import EventLoop
import Platform

/// A file that records are appended to, opened again when it has been renamed or removed.
///
/// The descriptor is the object's own and closed with it. The path is looked at before a write, at most once a second.
final class LogFile: Sink {
  private let path: [CChar]
  private var file = Descriptor(owning: -1)
  private var device: dev_t = 0
  private var inode: ino_t = 0
  private var checked: Int64
  private static let checkInterval: Int64 = 1_000_000_000

  var mayRecover: Bool { true }

  init(path: [UInt8]) throws(SourceFailure) {
    self.path = path.map { CChar(bitPattern: $0) } + [0]
    checked = Clock.monotonic()
    if let code = open() {
      throw SourceFailure(String(decoding: path, as: UTF8.self), errno: code)
    }
  }

  /// The descriptor, negative while the file could not be opened again.
  var number: Int32 { file.number }

  func write(_ bytes: UnsafeRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    let now = Clock.monotonic()
    if number < 0 || now - checked >= Self.checkInterval {
      checked = now
      if hasMoved(), let code = open() { return .failed(code) }
    }
    while true {
      let written = Platform.write(number, bytes, count)
      if written >= 0 { return .bytes(written) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      case let code: return .failed(code)
      }
    }
  }

  private func hasMoved() -> Bool {
    var status = stat()
    return number < 0 || stat(path, &status) != 0 || status.st_ino != inode || status.st_dev != device
  }

  /// Opens the path and lets go of the file that was open; returns the error number, nil when all is well.
  ///
  /// O_NONBLOCK is for a fifo, whose opening would wait for a reader.
  private func open() -> Int32? {
    let fresh = upon_open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0o666)
    guard fresh >= 0 else { return errno }
    var status = stat()
    fstat(fresh, &status)
    (device, inode) = (status.st_dev, status.st_ino)
    file = Descriptor(owning: fresh)
    return nil
  }
}
