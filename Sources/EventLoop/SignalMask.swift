import Platform

/// The signals that a thread has blocked.
///
/// The corresponding C function is `pthread_sigmask`.
public struct SignalMask: Sendable {
  private var set: sigset_t

  /// Returns the mask of the calling thread as it is now.
  public static func current() -> SignalMask {
    var set = sigset_t()
    pthread_sigmask(SIG_SETMASK, nil, &set)
    return SignalMask(set: set)
  }

  /// Makes this the mask of the calling thread; what was pending and is unblocked by it is delivered.
  public func install() {
    var set = set
    pthread_sigmask(SIG_SETMASK, &set, nil)
  }

  /// Whether a signal is blocked.
  public func contains(_ signal: Int32) -> Bool {
    var set = set
    return sigismember(&set, signal) == 1
  }

  static func change(_ how: Int32, _ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(how, &set, nil)
  }
}
