import Platform
import UponCore

enum StandardInput {
  static var isTerminal: Bool { isatty(0) == 1 }

  /// Reads what there is, waiting for the first byte; nothing at the end.
  static func read() throws -> [UInt8] {
    while true {
      var code: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        let result = Platform.read(0, buffer.baseAddress, buffer.count)
        code = result < 0 ? errno : 0
        count = max(result, 0)
      }
      switch code {
      case 0: return bytes
      case EINTR: continue
      case EAGAIN:
        var ready = [pollfd(fd: 0, events: Int16(POLLIN), revents: 0)]
        _ = try Control.poll(&ready, until: .max)
      default: throw Failure("standard input: \(Failure.text(of: code))", status: OwnStatus.failed)
      }
    }
  }
}
