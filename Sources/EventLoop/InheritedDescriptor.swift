import Platform

/// A descriptor that others share: it is read and written without waiting, and its flags are never changed.
///
/// What "without waiting" takes depends on what the descriptor is, and may change while it is used: a file system
/// without `RWF_NOWAIT` says so only when asked. A private opening made here is closed with the object; the inherited
/// number is not.
public final class InheritedDescriptor {
  /// What a transfer that does not wait came to.
  public enum Transfer: Equatable, Sendable {
    case bytes(Int)
    /// End of input.
    case end
    case wouldBlock
    case failed(Int32)

    /// What a system call has returned, and set errno to; nil where it was interrupted and is to be made again.
    public init?(_ result: Int, atZero: Transfer) {
      if result > 0 {
        self = .bytes(result)
      } else if result == 0 {
        self = atZero
      } else {
        switch errno {
        case EINTR: return nil
        case EAGAIN: self = .wouldBlock
        case let code: self = .failed(code)
        }
      }
    }
  }

  /// How a transfer that must not wait is made.
  private enum Way {
    /// Regular files and devices that are always ready.
    case plain
    /// `recv` and `send` with `MSG_DONTWAIT`.
    case socket
    /// `preadv2` and `pwritev2` with `RWF_NOWAIT`.
    case nowait
    /// A second, non-blocking opening of the same file.
    case reopened(Int32)
    /// `poll`, then one transfer of at most 4,096 bytes, as much as a pipe takes in one piece.
    case polled
  }

  public enum Direction: Sendable {
    case reading, writing
  }

  /// Why a descriptor cannot be used.
  public enum Refusal: Error, Equatable {
    case closed
    case notOpen(for: Direction)
    case directory
  }

  public let number: Int32
  private let fileType: UInt32
  public let isTerminal: Bool
  /// Whether it can be waited for: regular files and some devices are always ready.
  public let isPollable: Bool
  private let direction: Direction
  private var way: Way

  /// Looks at a descriptor of the caller, which stays the caller's.
  public init(_ number: Int32, for direction: Direction) throws(Refusal) {
    self.number = number
    self.direction = direction
    let flags = upon_fcntl_get(number, F_GETFL)
    var status = stat()
    guard flags >= 0, fstat(number, &status) == 0 else { throw .closed }
    let other = direction == .reading ? O_WRONLY : O_RDONLY
    if flags & O_ACCMODE == other { throw .notOpen(for: direction) }
    fileType = UInt32(upon_file_type(status.st_mode))
    isTerminal = fileType == S_IFCHR && isatty(number) == 1
    if fileType == S_IFDIR, direction == .reading { throw .directory }
    isPollable = InheritedDescriptor.pollable(number, fileType)
    way =
      if fileType == S_IFSOCK { .socket } else if !isPollable { .plain } else { .nowait }
  }

  deinit {
    if case .reopened(let own) = way { close(own) }
  }

  public var isDatagramSocket: Bool {
    guard isSocket else { return false }
    var type: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == Int32(SOCK_DGRAM.rawValue)
  }

  public var isRegularFile: Bool { fileType == S_IFREG }
  public var isSocket: Bool { fileType == S_IFSOCK }
  public var isPipe: Bool { fileType == S_IFIFO }

  /// Reads up to `count` bytes.
  public func read(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Transfer {
    while true {
      let result: Int
      switch way {
      case .plain: result = Platform.read(number, buffer, count)
      case .socket: result = recv(number, buffer, count, Int32(MSG_DONTWAIT))
      case .nowait: result = upon_read_nowait(number, buffer, count)
      case .reopened(let own): result = Platform.read(own, buffer, count)
      case .polled:
        guard isReady(POLLIN) else { return .wouldBlock }
        result = Platform.read(number, buffer, min(count, 4096))
      }
      if let transfer = outcome(result) { return transfer }
    }
  }

  /// Writes up to `count` bytes; EPIPE and the like are failures, SIGPIPE is ignored inside.
  public func write(_ buffer: UnsafeRawPointer, _ count: Int) -> Transfer {
    while true {
      let result: Int
      switch way {
      case .plain: result = Platform.write(number, buffer, count)
      case .socket: result = send(number, buffer, count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
      case .nowait: result = upon_write_nowait(number, buffer, count)
      case .reopened(let own): result = Platform.write(own, buffer, count)
      case .polled:
        guard isReady(POLLOUT) else { return .wouldBlock }
        result = Platform.write(number, buffer, min(count, 4096))
      }
      if let transfer = outcome(result) { return transfer }
    }
  }

  /// Whether `poll` reports one of these events at once.
  public func isReady(_ events: Int32) -> Bool {
    var entry = pollfd(fd: number, events: Int16(truncatingIfNeeded: events), revents: 0)
    return poll(&entry, 1, 0) > 0
  }

  /// What `poll` reports at once, hang-up and error with it.
  public func readiness(_ events: Int32) -> Int32 {
    var entry = pollfd(fd: number, events: Int16(truncatingIfNeeded: events), revents: 0)
    return poll(&entry, 1, 0) > 0 ? Int32(entry.revents) : 0
  }

  /// nil asks for another attempt, after an interruption or by another way.
  private func outcome(_ result: Int) -> Transfer? {
    // An empty datagram is not the end of its socket.
    if result == 0, isDatagramSocket { return nil }
    let transfer = Transfer(result, atZero: direction == .reading ? .end : .wouldBlock)
    switch (way, transfer) {
    case (.nowait, .failed(EOPNOTSUPP)), (.nowait, .failed(ENOSYS)):
      way = reopen()
      return nil
    default: return transfer
    }
  }

  private func reopen() -> Way {
    let mode = direction == .reading ? O_RDONLY : O_WRONLY
    // A fifo or terminal opens anew; a socket or a descriptor of another user does not.
    let own = upon_open("/proc/self/fd/\(number)", mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    return own >= 0 ? .reopened(own) : .polled
  }

  /// Asks a private epoll, as libevent will: it refuses regular files and /dev/null with EPERM.
  private static func pollable(_ number: Int32, _ type: UInt32) -> Bool {
    if type == S_IFREG || type == S_IFDIR { return false }
    if type == S_IFIFO || type == S_IFSOCK { return true }
    let probe = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard probe >= 0 else { return true }
    defer { close(probe) }
    var event = epoll_event()
    return epoll_ctl(probe, EPOLL_CTL_ADD, number, &event) == 0 || errno != EPERM
  }
}
