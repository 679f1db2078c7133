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
    let code = WaitingOutput.write(text, to: 1)
    if code == EPIPE { return .signal(SIGPIPE) }
    return code == 0 ? .status(0) : refuse("standard output: \(systemError(code))", status: OwnStatus.failed)
  }

  /// Tells why nothing was done.
  public static func refuse(_ reason: String, status: Int32) -> Termination {
    Diagnostics.report(reason)
    return .status(status)
  }
}
