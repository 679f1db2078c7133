import Platform
import UponCore

/// Standard output and standard error.
enum Output {
  static var isTerminal: Bool { isatty(1) == 1 }

  /// Writes all bytes, waiting for a slow reader.
  static func write(_ bytes: [UInt8], to descriptor: Int32 = 1) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Platform.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      let code = errno
      if count >= 0 {
        written += count
      } else if code == EAGAIN {
        var ready = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
        poll(&ready, 1, -1)
      } else if code != EINTR {
        if descriptor == 1 {
          Failure("standard output: \(Failure.text(of: code))", status: OwnStatus.failed).exit()
        }
        return
      }
    }
  }
}
