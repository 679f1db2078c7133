import EventLoop
import Platform

/// Accepts connections and reads them, or gives each to a command.
///
/// Clients that find it full, or short of descriptors, wait in the kernel's backlog.
final class ListenSource: Source {
  private static let perTurn = 64

  let isPausable = true
  let adaptsToRules = false
  private let plan: ListenPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event()
  private var sockets: [ListeningSocket] = []
  private var path: UnixPath?
  private var group: ConnectionGroup?
  private var peers: PeerCount?
  private var shortage: Shortage?
  private var announcement: Turn?
  /// Connections accepted.
  private var accepted = 0
  /// It accepts so many and ends when the last is closed.
  private var limit: Int?
  private var isPaused = false
  /// The source that takes the place of this one.
  private weak var successor: ListenSource?
  private weak var predecessor: ListenSource?

  init(_ plan: ListenPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    (sockets, path) = try plan.open()
    try begin()
  }

  /// The same place is not opened twice: its sockets are shared until the old source is disarmed.
  func arm(replacing old: any Source) throws(SourceFailure) {
    guard let old = old as? ListenSource, old.plan.endpoint == plan.endpoint, !old.sockets.isEmpty else {
      return try arm()
    }
    for socket in old.sockets { sockets.append(try socket.twin()) }
    path = old.path
    try begin()
    old.successor = self
    predecessor = old
  }

  private func begin() throws(SourceFailure) {
    do throws(LoopError) {
      let group = try ConnectionGroup(plan.stream, port: port, on: services)
      group.onClose = { [unowned self] in closed($0) }
      self.group = group
    } catch {
      throw SourceFailure(error.operation, errno: error.code)
    }
    limit = port.connectionLimit
    if let perPeer = plan.perPeer { peers = PeerCount(limit: perPeer) }
    shortage = Shortage(port, services, reserves: port.runsCommands) { [unowned self] in update() }
    for socket in sockets {
      socket.watch(on: services.loop) { [unowned self, unowned socket] in accept(socket) }
    }
    // In the first turn: all sources are armed before clients are let in.
    announcement = Turn(loop: services.loop, queue: .urgent) { [unowned self] in announce() }
    announcement?.schedule()
  }

  func disarm() {
    predecessor?.successor = nil
    stopListening()
    shortage?.cancel()
    if let successor, let group { successor.adopt(group, from: self) } else { group?.disband() }
    group = nil
  }

  /// Goes on with the connections of the source whose place it takes, where they are read as its own are.
  private func adopt(_ group: ConnectionGroup, from old: ListenSource) {
    predecessor = nil
    guard plan.taker == nil, old.plan.taker == nil else { return group.disband() }
    group.move(to: port, plan.stream) { [unowned self] in closed($0) }
    self.group = group
    if let peers, let earlier = old.peers { peers.adopt(earlier) }
  }

  func trigger(_ event: Event, _ offer: () -> Void) throws(SourceFailure) {
    if plan.taker != nil { throw SourceFailure("a command gets a connection, which cannot be made by hand") }
    offer()
  }

  func pause() {
    isPaused = true
    update()
    group?.pause()
  }

  func resume() {
    isPaused = false
    update()
    group?.resume()
  }

  private func stopListening() {
    announcement?.cancel()
    // The path first: while a socket is open nobody else takes it.
    path = nil
    sockets = []
  }

  // MARK: Listening

  private func announce() {
    announcement = nil
    if let socket = sockets.first {
      var local = text(of: socket)
      services.diagnostics.life("\(port.title): listening at \(local)")
      event.begin(ListenPlan.listening, at: .now)
      local.withUTF8 {
        event.add("local", .bytes(UnsafeRawBufferPointer($0)))
        if let address = socket.local, !address.isUnix { event.add("port", .uint(UInt64(address.port))) }
        port.offer(event)
      }
    }
    update()
  }

  /// Its address as records show it; a path was bound under another name.
  private func text(of socket: ListeningSocket) -> String {
    if case .unix(.path(let path, _)) = plan.endpoint { return Word(path).text }
    return socket.local?.text ?? ""
  }

  private var isFull: Bool {
    plan.connections.map { (group?.open ?? 0) >= $0 } ?? false
  }

  private var accepts: Bool {
    announcement == nil && !isPaused && !isFull && shortage?.isOver ?? true && port.canTake
  }

  /// Lets clients in, or lets them wait.
  private func update() {
    for socket in sockets {
      do throws(LoopError) {
        try socket.setEnabled(accepts)
      } catch {
        port.fail(SourceFailure("", errno: error.code))
      }
    }
  }

  private func accept(_ socket: ListeningSocket) {
    var left = Self.perTurn
    while left > 0, accepts {
      left -= 1
      switch socket.accept(blocking: plan.taker != nil) {
      case .connection(let descriptor, let peer): accepted(descriptor, peer, socket)
      case .none: return
      case .again: continue
      case .short(let code): shortage?.begin(code)
      case .failed(let code): return failed(code)
      }
      if let limit, accepted >= limit { return stopListening() }
    }
    if !accepts { update() }
  }

  private func failed(_ code: Int32) {
    event.begin(StreamEvent.error, at: .now)
    port.fail(SourceFailure("", errno: code), offering: event)
  }

  private func accepted(_ descriptor: Int32, _ peer: SocketAddress, _ socket: ListeningSocket) {
    guard let group else { return }
    let credentials = socket.isUnix ? Credentials(of: descriptor) : nil
    if let reason = refusal(of: peer, credentials) { return refuse(descriptor, peer, credentials, reason) }
    accepted += 1
    let connection = Connection(descriptor, peer: peer.text, group: group, given: plan.taker != nil)
    peers?.add(connection.id, peer, credentials)
    let local = socket.isWildcard ? SocketAddress(localOf: descriptor) : socket.local
    if connection.isGiven || socket.isUnix {
      connection.endpoints = Connection.Endpoints(local: local, path: path?.path, credentials: credentials)
    }
    var text = socket.isWildcard ? local?.text ?? "" : text(of: socket)
    let event = connection.begin(StreamEvent.opened, at: .now)
    text.withUTF8 {
      event.add("local", .bytes(UnsafeRawBufferPointer($0)))
      port.offer(event)
    }
    if !connection.isGiven { connection.start() }
    shortage?.look(descriptor)
  }

  /// Why a client is turned away, as a message says it; nil for one that is let in.
  private func refusal(of peer: SocketAddress, _ credentials: Credentials?) -> String? {
    if let allowed = plan.allowed, !allowed.contains(peer) { return "not allowed" }
    // A process that the kernel does not tell of may be anybody's.
    if let users = plan.users, !(credentials.map { users.contains($0.uid) } ?? false) { return "not allowed" }
    guard let peers, !peers.hasRoom(for: peer, credentials) else { return nil }
    return "\(plan.perPeer ?? 0) connections are open"
  }

  private func refuse(
    _ descriptor: Int32, _ peer: SocketAddress, _ credentials: Credentials?, _ reason: String
  ) {
    close(descriptor)
    port.refused += 1
    var text = peer.text
    let who = credentials.map { "user \($0.uid)" } ?? peer.host
    services.diagnostics.life("\(port.title): refused \(who): \(reason)")
    event.begin(ListenPlan.refused, at: .now)
    text.withUTF8 {
      event.add("peer", .bytes(UnsafeRawBufferPointer($0)))
      credentials?.add(to: event)
      port.offer(event)
    }
  }

  private func closed(_ id: UInt64) {
    peers?.remove(id)
    if let limit, accepted >= limit {
      if group?.open == 0 { port.end() }
      return
    }
    shortage?.connectionClosed()
    update()
  }
}
