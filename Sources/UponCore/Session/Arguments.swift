import CSystem
import Glibc

/// The command line as the kernel gave it, and the answers that need no session.
public enum Arguments {
  /// The words behind the name of the program, byte for byte.
  public static func words() -> [Word] {
    (1..<max(Int(CommandLine.argc), 1)).compactMap { place in
      CommandLine.unsafeArgv[place].map { Word(Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))) }
    }
  }

  /// Writes a text to standard output, waiting for a slow reader.
  public static func show(_ text: [UInt8]) -> Ending {
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
    return code == 0 ? .status(0) : refuse("standard output: \(systemError(code))", status: 125)
  }

  /// Tells why nothing was done.
  public static func refuse(_ reason: String, status: Int32) -> Ending {
    Diagnostics.report(reason)
    return .status(status)
  }
}

extension Help {
  /// The text that is asked for in place of a run, nil for a run.
  public static func text(for invocation: Invocation) throws -> [UInt8]? {
    switch invocation.options.mode {
    case .run: return nil
    case .help: return Array(text.utf8)
    case .version: return Array("upon \(version)\n".utf8)
    case .kinds: return Array(kinds.utf8)
    case .backends: return Array(try backends(used: invocation.options.backend).utf8)
    case .check: return check(invocation)
    }
  }

  package static let version = "0.1.0"
}
