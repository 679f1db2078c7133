import EventLoop
import Platform

/// Tells others that all sources are armed (`sd_notify`).
enum ReadyNotice {
  /// Writes a newline to `--ready-fd` and READY=1 to the socket of the service manager.
  static func announce(descriptor: Int32?, socket path: [UInt8]?) {
    if let descriptor {
      var newline = UInt8(ascii: "\n")
      _ = (try? InheritedDescriptor(descriptor, for: .writing))?.write(&newline, 1)
    }
    ready(path)
  }

  static func ready(_ socket: [UInt8]?) {
    if let socket { notify(socket, "READY=1") }
  }

  /// Tells that rules are read again, and when: by that the manager knows which of its requests this answers.
  static func reloading(_ socket: [UInt8]?) {
    if let socket { notify(socket, "RELOADING=1\nMONOTONIC_USEC=\(Clock.monotonic() / 1000)") }
  }

  /// A name that begins with `@` is abstract: its first byte on the wire is NUL.
  private static func notify(_ path: [UInt8], _ message: String) {
    var name = path.map { CChar(bitPattern: $0) }
    guard let first = path.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { return }
    if first == UInt8(ascii: "@") { name[0] = 0 }
    var message = message
    message.withUTF8 { _ = upon_send_unix(name, name.count, $0.baseAddress, $0.count) }
  }
}
