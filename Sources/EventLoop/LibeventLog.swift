import CLibevent
import Platform

/// Decides what becomes of libevent's messages.
///
/// The callbacks have no context, so they are chosen once for the process.
enum LibeventLog {
  static func install(verbose: Bool) {
    if verbose {
      event_set_log_callback { _, message in
        LibeventLog.write("upon: libevent: ", message)
      }
    } else {
      event_set_log_callback { severity, message in
        // The only one that libevent does not survive: the reason must not be lost with it.
        if severity == EVENT_LOG_ERR { LibeventLog.write("upon: the event loop has failed: ", message) }
      }
    }
    event_set_fatal_callback { _ in _exit(125) }
  }

  /// Writes one line with one call, so that no other line comes between.
  private static func write(_ prefix: StaticString, _ message: UnsafePointer<CChar>?) {
    withUnsafeTemporaryAllocation(of: iovec.self, capacity: 3) { parts in
      parts[0] = iovec(iov_base: .init(mutating: prefix.utf8Start), iov_len: prefix.utf8CodeUnitCount)
      parts[1] = iovec(iov_base: .init(mutating: message), iov_len: message.map { strlen($0) } ?? 0)
      let end: StaticString = "\n"
      parts[2] = iovec(iov_base: .init(mutating: end.utf8Start), iov_len: 1)
      _ = writev(2, parts.baseAddress, 3)
    }
  }
}
