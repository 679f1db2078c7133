import Platform

/// How the process is to end.
public enum Termination: Equatable, Sendable {
  case status(Int32)
  /// By the signal, so that the caller sees it.
  case signal(Int32)
}

extension Termination {
  /// Writes a text to standard output, waiting for a slow reader.
  public static func show(_ text: [UInt8]) -> Termination {
    let code = text.withUnsafeBytes { bytes -> Int32 in
      var written = 0
      while written < bytes.count {
        let count = write(1, bytes.baseAddress! + written, bytes.count - written)
        if count < 0, errno != EINTR { return errno }
        written += max(count, 0)
      }
      return 0
    }
    if code == EPIPE { return .signal(SIGPIPE) }
    return code == 0 ? .status(0) : refuse("standard output: \(systemError(code))", status: OwnStatus.failed)
  }

  /// Tells why nothing was done.
  public static func refuse(_ reason: String, status: Int32) -> Termination {
    Diagnostics.report(reason)
    return .status(status)
  }
}
