import Platform

/// Standard output and standard error while no loop runs: a text is written as a whole, however slow its reader is.
enum WaitingOutput {
  /// Writes all bytes and returns 0, or the error number (`write`).
  ///
  /// A descriptor that others have made non-blocking is waited for with `poll`.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { bytes -> Int32 in
      var written = 0
      while written < bytes.count {
        let count = Platform.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        let code = errno
        if count >= 0 {
          written += count
        } else if code == EAGAIN {
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&ready, 1, -1)
        } else if code != EINTR {
          return code
        }
      }
      return 0
    }
  }
}
