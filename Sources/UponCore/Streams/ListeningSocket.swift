import EventLoop
import Platform

/// The one flag of an inherited descriptor that upon ever changes: a socket that is listened on must not block.
private final class Borrowing {
  private let descriptor: Int32
  private let flags: Int32

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    flags = upon_fcntl_get(descriptor, F_GETFL)
    if flags & O_NONBLOCK == 0 { _ = upon_fcntl_set(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// Puts it back with the last of those that listen.
  deinit {
    if flags & O_NONBLOCK == 0 { _ = upon_fcntl_set(descriptor, F_SETFL, flags) }
  }
}

/// One socket that clients connect to.
final class ListeningSocket {
  enum Accepted {
    case connection(Int32, peer: SocketAddress)
    /// Nobody waits.
    case none
    /// A client that has gone meanwhile, or that the network or a firewall has refused.
    case again
    /// There is no descriptor or no memory for it; it goes on waiting.
    case short(errno: Int32)
    case failed(errno: Int32)
  }

  let descriptor: Int32
  /// Its own address; nil for a unix socket that has been bound under another name.
  let local: SocketAddress?
  let isUnix: Bool
  /// nil for a socket of upon's own.
  private let borrowing: Borrowing?
  private var watch: DescriptorWatch?

  /// Owns a socket of upon's own.
  init(owning descriptor: Int32) {
    self.descriptor = descriptor
    local = SocketAddress(localOf: descriptor)
    isUnix = local?.isUnix ?? false
    borrowing = nil
  }

  /// Borrows one from the caller.
  init(inherited descriptor: Int32) throws(SourceFailure) {
    if let reason = Self.objection(to: descriptor) {
      throw SourceFailure("descriptor \(descriptor) \(reason)")
    }
    self.descriptor = descriptor
    local = SocketAddress(localOf: descriptor)
    isUnix = local?.isUnix ?? false
    borrowing = Borrowing(descriptor)
  }

  private init(twinOf other: ListeningSocket, _ descriptor: Int32) {
    self.descriptor = descriptor
    local = other.local
    isUnix = other.isUnix
    borrowing = other.borrowing
  }

  /// A second descriptor of the same socket, for the source that takes the place of the one that has it.
  func twin() throws(SourceFailure) -> ListeningSocket {
    if borrowing != nil { return ListeningSocket(twinOf: self, descriptor) }
    let copy = upon_fcntl_set(descriptor, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw SourceFailure("", errno: errno) }
    return ListeningSocket(twinOf: self, copy)
  }

  /// Why a descriptor cannot be listened on; nil for a listening socket.
  private static func objection(to descriptor: Int32) -> String? {
    guard upon_fcntl_get(descriptor, F_GETFD) >= 0 else { return "is closed" }
    if isatty(descriptor) == 1 { return "is a terminal, not a listening socket" }
    switch upon_get_option(descriptor, SOL_SOCKET, SO_ACCEPTCONN) {
    case 1: return nil
    case 0: return "is a socket that does not listen; fd:\(descriptor) reads a connection"
    default: return "is not a socket"
    }
  }

  deinit {
    watch?.disable()
    if borrowing == nil { close(descriptor) }
  }

  /// Calls the handler while clients wait, as long as it is enabled.
  func watch(on loop: EventLoop, _ handler: @escaping () -> Void) {
    watch = DescriptorWatch(
      loop: loop, descriptor: descriptor, interest: .read, queue: .data, handler: handler)
  }

  func setEnabled(_ isEnabled: Bool) throws(LoopError) {
    if isEnabled { try watch?.enable() } else { watch?.disable() }
  }

  /// Whether each connection has to be asked for its own address.
  var isWildcard: Bool {
    local?.isWildcard ?? false
  }

  /// Takes the next client; a connection for a command blocks, as commands expect.
  func accept(blocking: Bool) -> Accepted {
    var number: Int32 = -1
    let peer = SocketAddress(writtenBy: {
      number = upon_accept(descriptor, $0, $1, blocking ? 0 : 1)
      return number
    })
    if let peer { return .connection(number, peer: peer) }
    switch errno {
    case EAGAIN: return .none
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .short(errno: errno)
    case EINTR, ECONNABORTED, EPROTO, ENOPROTOOPT, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET,
      EPERM:
      return .again
    case let code: return .failed(errno: code)
    }
  }
}
