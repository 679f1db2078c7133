import JSON
import Platform
import UponCore

/// A connection to the control socket of a running upon.
final class Control {
  /// The socket as it was typed, for messages.
  let name: String
  let timeout: Interval
  let socket: Int32
  private var received: [UInt8] = []
  /// The number of the last request.
  private var last = 0

  init(_ address: SocketAddress, named name: String, timeout: Interval) throws {
    self.name = name
    self.timeout = timeout
    socket = upon_socket(AF_UNIX, upon_stream_type(), 0)
    if socket < 0 { throw Failure("a socket: \(Failure.text(of: errno))", status: OwnStatus.failed) }
    // Where more clients wait than the socket has room for, this is how long connect() waits too.
    let microseconds = max(1, min(timeout.nanoseconds / 1000, 1_000_000_000_000_000))
    var limit = timeval(tv_sec: Int(microseconds / 1_000_000), tv_usec: Int(microseconds % 1_000_000))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var code: Int32 = 0
    repeat {
      code = address.withSockaddr { upon_connect(socket, $0, $1) } < 0 ? errno : 0
    } while code == EINTR
    if code == EAGAIN { throw noAnswer }
    if code != 0 {
      throw Failure("nobody answers at \(self.name): \(Failure.text(of: code))", status: OwnStatus.failed)
    }
    try checkServer()
  }

  /// Refuses a server of another user before anything is sent: where others can write, anybody's socket may stand.
  private func checkServer() throws {
    var (pid, uid, gid) = (pid_t(0), uid_t(0), gid_t(0))
    guard upon_peer_credentials(socket, &pid, &uid, &gid) == 0 else {
      throw unreachable("the user of the server is not known")
    }
    if uid == 0 || uid == geteuid() { return }
    throw unreachable("it is served by user \(uid), and not by you or root; nothing was sent")
  }

  deinit {
    close(socket)
  }

  // MARK: One request

  /// Sends a request, waits for its answer, and gives what is in it; throws what the answer says is wrong.
  @discardableResult
  func ask(_ request: KeyValuePairs<String, JSONValue>) throws -> JSONValue {
    last += 1
    let members = request.map { JSONValue.Member(key: $0.key, value: $0.value) }
    let line = JSONValue.object(members + [JSONValue.Member(key: "id", value: .integer(last))]).line + "\n"
    let deadline = deadline
    try send(Array(line.utf8)[...], until: deadline)
    while true {
      guard let line = try receiveLine(until: deadline) else {
        throw unreachable("the connection was closed before the answer")
      }
      guard let answer = line.withUnsafeBytes({ try? JSONValue(reading: $0, allowsNUL: true) }),
        case .bool(let isDone)? = answer["ok"]
      else {
        throw unreachable("what came is no answer of upon")
      }
      // An answer without the number is to a line that could not be read.
      if case .integer(let number)? = answer["id"], number != last { continue }
      if isDone { return answer.without("ok", "id") }
      throw Failure(answer["error"]?.shown ?? "refused", status: 1)
    }
  }

  private func send(_ bytes: ArraySlice<UInt8>, until deadline: Int64) throws {
    var rest = bytes
    while !rest.isEmpty {
      guard try wait(for: POLLOUT, until: deadline) else { throw noAnswer }
      rest = try send(rest)
    }
  }

  /// Gives the next line without its end, nil when the other side has closed.
  private func receiveLine(until deadline: Int64) throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return Array(received[..<end])
      }
      searched = received.count
      guard try wait(for: POLLIN, until: deadline) else { throw noAnswer }
      let bytes = try receive()
      if bytes.isEmpty { return nil }
      received += bytes
    }
  }

  /// What has come behind the last answer.
  func takeRest() -> [UInt8] {
    defer { received = [] }
    return received
  }

  // MARK: The socket

  /// When an answer to what is sent now is overdue.
  var deadline: Int64 { timeout.after(Self.now) }

  var noAnswer: Failure {
    Failure("\(name): no answer within \(timeout)", status: OwnStatus.timedOut)
  }

  /// What upon has said is wrong.
  func refused(_ reason: String) -> Failure {
    Failure("\(name): \(reason)", status: 1)
  }

  func unreachable(_ reason: String) -> Failure {
    Failure("\(name): \(reason)", status: OwnStatus.failed)
  }

  /// Sends what goes without waiting; gives the rest.
  func send(_ bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    let count = bytes.withUnsafeBytes { upon_sendto(socket, $0.baseAddress, $0.count, nil, 0) }
    let code = errno
    if count >= 0 { return bytes.dropFirst(count) }
    if code == EAGAIN || code == EINTR { return bytes }
    if code == EPIPE { throw unreachable("the connection was closed before the answer") }
    throw unreachable(Failure.text(of: code))
  }

  /// Takes what has come; nothing when the other side has closed.
  func receive() throws -> [UInt8] {
    while true {
      var code: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        let result = recv(socket, buffer.baseAddress, buffer.count, 0)
        code = result < 0 ? errno : 0
        count = max(result, 0)
      }
      switch code {
      case 0, ECONNRESET: return bytes
      case EINTR: continue
      default: throw unreachable(Failure.text(of: code))
      }
    }
  }

  /// Tells the other side that no request follows.
  func finishSending() {
    shutdown(socket, Int32(SHUT_WR))
  }

  private func wait(for events: Int32, until deadline: Int64) throws -> Bool {
    var ready = [pollfd(fd: socket, events: Int16(events), revents: 0)]
    return try Self.poll(&ready, until: deadline)
  }

  /// Waits for any of the descriptors; false when the time is over.
  static func poll(_ descriptors: inout [pollfd], until deadline: Int64) throws -> Bool {
    while true {
      let left = deadline == .max ? -1 : Int32(min(max(deadline - now, 0) / 1_000_000 + 1, 1_000_000_000))
      let count = Platform.poll(&descriptors, nfds_t(descriptors.count), left)
      let code = errno
      if count > 0 { return true }
      if count == 0, now >= deadline { return false }
      if count < 0, code != EINTR {
        throw Failure("poll: \(Failure.text(of: code))", status: OwnStatus.failed)
      }
    }
  }

  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
