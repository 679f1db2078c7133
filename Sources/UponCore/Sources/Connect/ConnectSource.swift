import EventLoop
import Platform

/// Connects, tries until it is connected, and offers what comes on the connection; or waits until nobody answers.
final class ConnectSource: Source {
  /// The least distance of attempts to a place on this machine, at first.
  private static let quickest: Int64 = 10_000_000
  /// The least distance of questions to a server that greets.
  private static let politest = Interval(nanoseconds: 1_000_000_000)

  let isPausable = true
  private let plan: ConnectPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event()
  private var timer: Timer?
  private var query: Resolver.Query?
  private var race: AddressRace?
  /// Tells when the path of a unix socket appears or goes.
  private var arrival: NameWatch.Arrival?
  private var group: ConnectionGroup?
  /// A connection that was made while the port was held.
  private var waiting: (descriptor: Int32, address: SocketAddress)?
  private var attempts: UInt64 = 0
  /// When the first of these attempts began.
  private var began: Int64 = 0
  /// When there was the last reason to try often: the beginning, or a path that has come.
  private var stirred: Int64 = 0
  private var hasBeenOpen = false
  private var isLocal = false
  private var isUnresolved = false
  private var log = FailureLog()
  /// The connection by which it was last seen that a place is not down, kept until the next attempt.
  private var answering: Int32 = -1
  /// Whether it says something to whoever connects: it is not asked more often than somebody would.
  private var greets = false
  /// The source that takes the place of this one, and its connection.
  private weak var successor: ConnectSource?
  private weak var predecessor: ConnectSource?

  init(_ plan: ConnectPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    timer = Timer(loop: services.loop) { [unowned self] _ in attempt() }
    began = Clock.monotonic()
    stirred = began
    // In the first turn: all sources are armed before the first of them fires.
    timer?.arm(at: began)
  }

  /// The same place is not connected to twice: an open connection is taken over when the old source is disarmed.
  func arm(replacing old: any Source) throws(SourceFailure) {
    guard let old = old as? ConnectSource, old.plan.target == plan.target, !plan.isDown, !old.plan.isDown,
      old.group?.open ?? 0 > 0
    else { return try arm() }
    timer = Timer(loop: services.loop) { [unowned self] _ in attempt() }
    old.successor = self
    predecessor = old
  }

  private func adopt(_ group: ConnectionGroup) {
    predecessor = nil
    group.move(to: port, plan.stream) { [unowned self] _ in closed() }
    self.group = group
  }

  func disarm() {
    predecessor?.successor = nil
    timer?.cancel()
    query = nil
    race = nil
    arrival = nil
    if let waiting { close(waiting.descriptor) }
    waiting = nil
    letGo()
    if let successor, let group { successor.adopt(group) } else { group?.disband() }
    group = nil
  }

  func pause() {
    group?.pause()
  }

  func resume() {
    group?.resume()
    if let (descriptor, address) = waiting {
      waiting = nil
      connected(descriptor, address)
    }
  }

  var progress: String? {
    if query != nil, case .host(let host) = plan.target, case .name(let name) = host.host {
      return "looking up \(Word(name).text)"
    }
    return race?.current.map { "no answer from \($0.text) yet" }
  }

  // MARK: Attempts

  private func attempt() {
    attempts += 1
    letGo()
    switch plan.target {
    case .unix(let address, let path):
      if let path, plan.startsQuickly { watch(path) }
      run([address])
    case .host(let host):
      if let address = host.address { return run([address]) }
      guard case .name(let name) = host.host else { return }
      do throws(LoopError) {
        query = try services.facility(Resolver.self).lookUp(name) { [unowned self] in
          query = nil
          answered($0, number: host.port)
        }
      } catch {
        failed(ConnectFailure(unresolved: error.description))
      }
    }
  }

  /// Watches the folder of a path; where that is not there yet, again with the next attempt.
  private func watch(_ path: [UInt8]) {
    if arrival?.isActive ?? false { return }
    arrival = (try? services.facility(NameWatch.self))?.wait(for: path) { [unowned self] in
      // An attempt that is under way has its own end.
      guard timer?.deadline != nil else { return }
      stirred = Clock.monotonic()
      timer?.arm(at: stirred)
    }
  }

  private func answered(_ answer: Resolver.Answer, number: UInt16) {
    switch answer {
    case .failed(let reason):
      isLocal = false
      isUnresolved = true
      failed(ConnectFailure(unresolved: reason))
    case .addresses(var addresses):
      // What was said of the name holds no longer; what was said of its addresses does until they are tried.
      if isUnresolved { port.lastError = nil }
      isUnresolved = false
      for host in addresses.indices { addresses[host].port = number }
      run(addresses)
    }
  }

  private func run(_ addresses: [SocketAddress]) {
    isLocal = addresses.allSatisfy(\.isLocal)
    race = AddressRace(to: addresses, timeout: plan.timeout, loop: services.loop) { [unowned self] outcome in
      race = nil
      switch outcome {
      case .connected(let descriptor, let address): connected(descriptor, address)
      case .failed(let failures): failed(ConnectFailure(failures))
      }
    }
    race?.start()
  }

  // MARK: What came of it

  private func failed(_ failure: ConnectFailure) {
    port.lastError = failure.reason
    if plan.isDown, failure.isDown { return offerDown(failure) }
    if log.tells(failure.reason, at: Clock.monotonic()) {
      services.diagnostics.life("\(port.title): attempt \(attempts): \(failure.reason)")
    }
    offerFailure(StreamEvent.error, failure.reason)
    guard port.isOpen else { return }
    if plan.retry == nil, !plan.isDown { return port.fail(SourceFailure(failure.reason)) }
    again()
  }

  private func offerDown(_ failure: ConnectFailure) {
    guard port.canTake else { return again() }
    offerFailure(ConnectPlan.down, failure.reason)
    port.end()
  }

  private func offerFailure(_ index: Int, _ reason: String) {
    guard port.canTake else { return }
    event.begin(index, at: .now)
    var reason = reason
    reason.withUTF8 {
      addAttempts(to: event)
      event.add("error", .bytes(UnsafeRawBufferPointer($0)))
      port.offer(event)
    }
  }

  private func addAttempts(to event: Event) {
    event.add("attempts", .uint(attempts))
    event.add("elapsed_us", .int((Clock.monotonic() - began) / 1000))
  }

  /// Tries again after a while; a wait for `down` that is not to be repeated ends.
  private func again() {
    guard let retry = plan.retry else { return port.end() }
    let now = Clock.monotonic()
    var delay = retry
    // A service of this machine is found at most an eighth late of the time it took to start.
    if plan.startsQuickly, isLocal, !hasBeenOpen {
      delay = min(delay, Interval(nanoseconds: max(Self.quickest, (now - stirred) / 8)))
    }
    if greets, plan.startsQuickly { delay = max(delay, Self.politest) }
    timer?.arm(at: delay.after(now))
  }

  /// Closes the connection to a place that is not down, and looks whether it has said anything.
  private func letGo() {
    guard answering >= 0 else { return }
    var byte: UInt8 = 0
    if recv(answering, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0 { greets = true }
    close(answering)
    answering = -1
  }

  private func connected(_ descriptor: Int32, _ address: SocketAddress) {
    if plan.isDown {
      answering = descriptor
      port.lastError = "\(address.text) answers"
      return again()
    }
    guard port.canTake else {
      waiting = (descriptor, address)
      return
    }
    port.lastError = nil
    log.reset()
    services.diagnostics.life("\(port.title): connected to \(address.text) by attempt \(attempts)")
    do throws(LoopError) {
      try open(descriptor, address)
    } catch {
      close(descriptor)
      failed(ConnectFailure(unresolved: error.description))
    }
  }

  private func open(_ descriptor: Int32, _ address: SocketAddress) throws(LoopError) {
    let group =
      if let made = self.group { made } else { try ConnectionGroup(plan.stream, port: port, on: services) }
    self.group = group
    group.onClose = { [unowned self] _ in closed() }
    if !address.isUnix {
      // A peer that has vanished is noticed some day, and lines that are sent do not wait for each other.
      _ = upon_set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
      _ = upon_set_option(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }
    let own = SocketAddress(localOf: descriptor)
    var local = own?.text ?? ""
    let connection = Connection(descriptor, peer: address.text, group: group)
    if address.isUnix {
      connection.endpoints = Connection.Endpoints(local: own, credentials: Credentials(of: descriptor))
    }
    let event = connection.begin(StreamEvent.opened, at: .now)
    local.withUTF8 {
      event.add("local", .bytes(UnsafeRawBufferPointer($0)))
      addAttempts(to: event)
      port.offer(event)
    }
    connection.start()
  }

  private func closed() {
    guard port.isOpen else { return }
    guard plan.reconnects else { return port.end() }
    hasBeenOpen = true
    attempts = 0
    began = (plan.retry ?? ConnectPlan.standardRetry).after(Clock.monotonic())
    timer?.arm(at: began)
  }
}
