import Platform

/// How a process has ended.
public enum ExitStatus: Equatable, Sendable {
  /// It has exited with a status of 0 to 255.
  case exited(Int32)
  /// A signal has ended it.
  case signaled(Int32)

  /// The status as a shell tells it: the exit status, or 128 and the signal.
  public var shellStatus: Int32 {
    switch self {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }

  /// Whether it has exited with 0.
  public var isSuccess: Bool { self == .exited(0) }

  init(code: Int32, status: Int32) {
    self = code == CLD_EXITED ? .exited(status) : .signaled(status)
  }
}
