import Platform

/// The signals that were ignored when the process started.
///
/// Capture them first, then `adopt()`; processes that are started, and a program that replaces this one,
/// get them as they were found.
public struct Dispositions: Sendable, Equatable {
  /// Bit N-1 stands for signal N.
  public let ignored: UInt64

  /// Makes a set from bits: bit N-1 stands for signal N.
  public init(ignored: UInt64) { self.ignored = ignored }

  /// Returns which signals the process ignores now.
  ///
  /// The corresponding C function is `sigaction`.
  public static func capture() -> Dispositions {
    var ignored: UInt64 = 0
    for signal in Int32(1)...64 where upon_disposition(signal) == UPON_IGNORED.rawValue {
      ignored |= bit(signal)
    }
    return Dispositions(ignored: ignored)
  }

  /// The signals that this process ignores or handles otherwise than found: bit N-1 stands for signal N.
  ///
  /// Those that glibc keeps for itself, 32 and 33, cannot be asked and stay as they were.
  func changed() -> UInt64 {
    var changed: UInt64 = 0
    for signal in Int32(1)...64 {
      let wanted = isIgnored(signal) ? UPON_IGNORED : UPON_DEFAULT
      let found = upon_disposition(signal)
      if found >= 0, found != Int32(wanted.rawValue) { changed |= Self.bit(signal) }
    }
    return changed
  }

  /// Whether a signal was ignored.
  public func isIgnored(_ signal: Int32) -> Bool { ignored & Dispositions.bit(signal) != 0 }

  /// Sets what the loop needs: `PIPE`, `TTIN` and `TTOU` ignored, so that they come as errors of the call,
  /// and `CHLD` default, without which the statuses of children are lost.
  public func adopt() {
    for signal in [SIGPIPE, SIGTTIN, SIGTTOU] { _ = upon_set_disposition(signal, 1) }
    _ = upon_set_disposition(SIGCHLD, 0)
  }

  /// Puts back what was found: for the four of `adopt()`, and for what has been made default since.
  public func restore() {
    for signal in [SIGPIPE, SIGTTIN, SIGTTOU, SIGCHLD] where !isIgnored(signal) {
      _ = upon_set_disposition(signal, 0)
    }
    for signal in Int32(1)...64 where isIgnored(signal) { _ = upon_set_disposition(signal, 1) }
  }

  private static func bit(_ signal: Int32) -> UInt64 {
    (1...64).contains(signal) ? 1 << UInt64(signal - 1) : 0
  }
}
