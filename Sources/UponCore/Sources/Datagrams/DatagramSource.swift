import EventLoop
import Platform

/// Receives datagrams, as many by one call as there are, and offers each as a record.
///
/// What has been received while the port was held is offered when it no longer is; what comes meanwhile waits in the
/// kernel's buffer, and is lost there when that is full.
final class DatagramSource: Source, Subject {
  /// At most so many calls in one turn, so that a flood starves no other source.
  private static let callsPerTurn = 4

  let isPausable = true
  let sendsDatagrams = true
  private let plan: DatagramPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event()
  private var sockets: [DatagramSocket] = []
  private var watches: [DescriptorWatch] = []
  private var turn: Turn?
  private var announcement: Turn?
  private var silence: Silence?
  private var batch: DatagramBatch?
  /// The socket that the batch came by, and what of it is still to be offered.
  private var current: DatagramSocket?
  private var next = 0
  private var end = 0
  /// The source that takes the place of this one, and the one whose place this takes.
  private weak var successor: DatagramSource?
  private weak var predecessor: DatagramSource?
  /// When the batch was noticed.
  private var time = WallTime()
  /// The last sender: many datagrams have one.
  private var peer: (address: SocketAddress, text: [UInt8], isAllowed: Bool)?

  init(_ plan: DatagramPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    sockets = try DatagramSocket.open(plan.endpoint)
    begin()
  }

  /// The same place is not opened twice: its sockets go on with the new source.
  func arm(replacing old: any Source) throws(SourceFailure) {
    guard let old = old as? DatagramSource, old.plan.endpoint == plan.endpoint, !old.sockets.isEmpty else {
      return try arm()
    }
    sockets = old.sockets
    old.successor = self
    predecessor = old
    begin()
  }

  private func begin() {
    batch = DatagramBatch(longest: plan.max)
    turn = Turn(loop: services.loop, queue: .data) { [unowned self] in proceed() }
    if let idle = plan.idle {
      silence = Silence(idle, loop: services.loop) { [unowned self] ordinal in offerIdle(ordinal) }
    }
    watches = sockets.map { socket in
      DescriptorWatch(loop: services.loop, descriptor: socket.descriptor, interest: .read, queue: .data) {
        [unowned self] in receive(socket)
      }
    }
    // In the first turn: all sources are armed before the first of them fires.
    announcement = Turn(loop: services.loop, queue: .urgent) { [unowned self] in announce() }
    announcement?.schedule()
  }

  func disarm() {
    announcement?.cancel()
    turn?.cancel()
    silence?.cancel()
    for watch in watches { watch.disable() }
    watches = []
    predecessor?.successor = nil
    if port.takesRest, successor == nil, current != nil { offerBatch(heldOrNot: true) }
    if let successor {
      successor.inherit(from: self)
    } else if predecessor == nil {
      for socket in sockets { socket.retire() }
    }
    sockets = []
    current = nil
  }

  /// Takes over what the old source has received and not offered.
  private func inherit(from old: DatagramSource) {
    predecessor = nil
    guard old.current != nil else { return }
    (batch, current, next, end, time) = (old.batch, old.current, old.next, old.end, old.time)
  }

  func pause() {
    for watch in watches { watch.disable() }
    turn?.cancel()
    silence?.pause()
  }

  func resume() {
    silence?.resume()
    turn?.schedule()
  }

  var lost: UInt64? {
    sockets.reduce(0) { $0 + $1.drops }
  }

  private func announce() {
    announcement = nil
    guard let socket = sockets.first else { return }
    var local = socket.local
    services.diagnostics.life("\(port.title): listening at \(local)")
    event.begin(plan.events.listening, at: .now)
    local.withUTF8 {
      event.add("local", .bytes(UnsafeRawBufferPointer($0)))
      if socket.port > 0 { event.add("port", .uint(UInt64(socket.port))) }
      port.offer(event)
    }
    proceed()
  }

  // MARK: Receiving

  /// Offers what is left of the last batch, then waits for more.
  private func proceed() {
    if current != nil { offerBatch() }
    guard port.canTake, announcement == nil else { return }
    do throws(LoopError) {
      for watch in watches { try watch.enable() }
    } catch {
      port.fail(SourceFailure(error.operation, errno: error.code))
    }
  }

  private func receive(_ socket: DatagramSocket) {
    guard let batch else { return }
    // A silence may be over before the rest of the last batch has had its turn.
    if current != nil { offerBatch() }
    var calls = Self.callsPerTurn
    while calls > 0, port.canTake {
      calls -= 1
      // What is taken from a socket of the caller and not delivered would be missing to its next reader.
      let limit = socket.isOwn ? batch.capacity : port.allowance ?? batch.capacity
      let count = batch.receive(from: socket.descriptor, limit: limit)
      if count < 0 { return failed(Int32(-count)) }
      time = .now
      (current, next, end) = (socket, 0, count)
      if silence?.broken() ?? false { offerActive() }
      offerBatch()
      if count < batch.capacity { return }
    }
  }

  private func failed(_ code: Int32) {
    // An answer that was refused is told to the socket it was sent by.
    if [EAGAIN, EINTR, ECONNREFUSED].contains(code) { return }
    event.begin(plan.events.error, at: .now)
    port.fail(SourceFailure("", errno: code), offering: event)
  }

  // MARK: Offering

  /// Offers what is left of the batch, as long as the port takes it, or all of it where the source is removed.
  private func offerBatch(heldOrNot: Bool = false) {
    guard let batch else { return }
    while next < end, port.canTake || heldOrNot {
      let datagram = batch[next]
      next += 1
      offer(datagram)
    }
    if next == end { current = nil }
  }

  private func offer(_ datagram: DatagramBatch.Datagram) {
    let sender = sender(datagram)
    if plan.allowed != nil, peer?.isAllowed != true {
      port.refused += 1
      return
    }
    event.begin(plan.events.datagram, at: time, about: self)
    sender.withUnsafeBytes {
      event.add("peer", .bytes($0))
      event.add(data: datagram.bytes, lineEnd: 0)
      if datagram.size > datagram.bytes.count {
        event.add("partial", .bool(true))
        event.add("size", .uint(UInt64(datagram.size)))
      }
      port.offer(event)
    }
  }

  private func sender(_ datagram: DatagramBatch.Datagram) -> [UInt8] {
    guard let address = datagram.sender else {
      peer = nil
      return []
    }
    if let peer, peer.address == address { return peer.text }
    let text = Array(address.text.utf8)
    peer = (address, text, plan.allowed?.contains(address) ?? true)
    return text
  }

  /// The sender of the datagram that is being offered; nil where it has no name.
  ///
  /// It is asked for by what outlives the delivery, so that nothing is made for the others.
  var kept: (any Subject)? {
    guard let current, let batch, next > 0 else { return nil }
    let datagram = batch[next - 1]
    guard let address = datagram.sender, !address.text.isEmpty else { return nil }
    return ReturnAddress(address, from: datagram.target, by: current)
  }

  func reply(onFailure: @escaping (Int32) -> Void) -> Reply? {
    kept?.reply(onFailure: onFailure)
  }

  private func offerActive() {
    event.begin(plan.events.active, at: time)
    port.offer(event)
  }

  /// Offers an idle event, but first what may have come together with the deadline.
  private func offerIdle(_ ordinal: UInt64) {
    for socket in sockets { receive(socket) }
    guard port.canTake, silence?.isOver ?? false else { return }
    event.begin(plan.events.idle, at: .now, count: ordinal)
    port.offer(event)
  }
}
