import EventLoop
import Platform

/// `--control unix:PATH`: a socket of mode 600 at which clients send requests and get their answers.
final class SocketControl {
  private static let perTurn = 64

  unowned(unsafe) let session: Session
  let name: [UInt8]
  let buffer: UnsafeMutableRawPointer
  private let path: UnixPath?
  private let descriptor: Int32
  private var watch: DescriptorWatch?
  private var retry: Timer?
  private var clients: [ObjectIdentifier: ControlClient] = [:]
  private var isShort = false

  init(_ address: [UInt8], name: [UInt8], session: Session, buffer: UnsafeMutableRawPointer)
    throws(SourceFailure)
  {
    self.session = session
    self.buffer = buffer
    self.name = name
    descriptor = upon_socket(AF_UNIX, upon_stream_type(), 1)
    let title = "--control \(Word(name).text)"
    guard descriptor >= 0 else { throw SourceFailure(title, errno: errno) }
    do {
      path = try Self.open(descriptor, address)
    } catch {
      Platform.close(descriptor)
      throw SourceFailure("\(title): \(error.reason)")
    }
    watch = DescriptorWatch(
      loop: session.services.loop, descriptor: descriptor, interest: .read, queue: .urgent
    ) { [unowned self] in accept() }
    do throws(LoopError) {
      try watch?.enable()
    } catch {
      throw SourceFailure(title, errno: error.code)
    }
  }

  /// Binds and listens; nil for an abstract name, which needs no file.
  private static func open(_ descriptor: Int32, _ address: [UInt8]) throws(SourceFailure) -> UnixPath? {
    if address.first == UInt8(ascii: "@") {
      guard let name = SocketAddress(abstract: Array(address.dropFirst())) else { return nil }
      let bound = name.withSockaddr { upon_bind(descriptor, $0, $1) == 0 }
      guard bound, listen(descriptor, SOMAXCONN) == 0 else { throw SourceFailure("", errno: errno) }
      return nil
    }
    let path = try UnixPath(address, mode: 0o600)
    try path.bind(descriptor)
    guard listen(descriptor, SOMAXCONN) == 0 else { throw SourceFailure("", errno: errno) }
    try path.publish()
    return path
  }

  deinit {
    watch?.disable()
    Platform.close(descriptor)
  }

  /// Stops listening, removes the path and lets the clients go but those that are sent records; what they have been
  /// answered still reaches them.
  func close() {
    watch?.disable()
    watch = nil
    retry?.cancel()
    path?.remove()
    for client in Array(clients.values) {
      if client.isSubscribed { client.stopReading() } else { client.takeLeave() }
    }
  }

  /// Lets the other clients go too.
  func letGo() {
    for client in Array(clients.values) { client.takeLeave() }
  }

  /// Sends what has been answered.
  func flush() {
    for client in Array(clients.values) { client.flush() }
  }

  // MARK: Clients

  private func accept() {
    for _ in 0..<Self.perTurn {
      let client = upon_accept(descriptor, nil, nil, 1)
      if client >= 0 {
        isShort = false
        admit(client)
        continue
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return rest(after: errno)
      default: return
      }
    }
  }

  private func admit(_ client: Int32) {
    var pid: pid_t = 0
    var uid: uid_t = 0
    var gid: gid_t = 0
    let isKnown = upon_peer_credentials(client, &pid, &uid, &gid) == 0
    guard isKnown, uid == geteuid() || uid == 0 else {
      session.services.diagnostics.report("--control \(Word(name).text): refused user \(uid)")
      Platform.close(client)
      return
    }
    let channel = ControlClient(client, of: self)
    clients[ObjectIdentifier(channel)] = channel
    do {
      try channel.start()
    } catch {
      channel.close()
    }
  }

  func forget(_ client: ControlClient) {
    guard clients.removeValue(forKey: ObjectIdentifier(client)) != nil else { return }
    session.graveyard.append(client)
    // The descriptor that it had may be the one that was missing.
    if isShort { resume() }
  }

  /// Without descriptors a client that waits would wake the loop again and again.
  private func rest(after code: Int32) {
    watch?.disable()
    if !isShort {
      session.services.diagnostics.report("--control \(Word(name).text): \(systemError(code)); trying again")
    }
    isShort = true
    if retry == nil { retry = Timer(loop: session.services.loop) { [unowned self] _ in resume() } }
    retry?.arm(at: Clock.monotonic() + 1_000_000_000)
  }

  private func resume() {
    try? watch?.enable()
  }
}
