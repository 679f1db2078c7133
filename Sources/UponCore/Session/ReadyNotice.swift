import EventLoop
import Platform

/// Tells others that all sources are armed.
enum ReadyNotice {
  /// Writes a newline to `--ready-fd` and READY=1 to the socket of the service manager (`sd_notify`).
  static func announce(descriptor: Int32?, socket path: [UInt8]?) {
    if let descriptor {
      var newline = UInt8(ascii: "\n")
      _ = (try? InheritedDescriptor(descriptor, for: .writing))?.write(&newline, 1)
    }
    if let path { notify(path) }
  }

  /// A name that begins with `@` is abstract: its first byte on the wire is NUL.
  private static func notify(_ path: [UInt8]) {
    var name = path.map { CChar(bitPattern: $0) }
    guard let first = path.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { return }
    if first == UInt8(ascii: "@") { name[0] = 0 }
    _ = upon_send_unix(name, name.count, "READY=1", 7)
  }
}
