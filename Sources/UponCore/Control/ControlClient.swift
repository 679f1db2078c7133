import EventLoop
import Platform

/// One client of the control socket.
final class ControlClient: ControlChannel {
  /// A client that leaves more than this unread is disconnected.
  private static let limit = 8 << 20

  private unowned(unsafe) let owner: SocketControl
  private let socket: ClientSocket
  private var watch: DescriptorWatch?
  private let output: Output
  private var hasEnded = false
  /// Tells when one is gone that has finished sending and is sent records.
  private var hangup: HangupWatch?

  init(_ descriptor: Int32, of owner: SocketControl) {
    self.owner = owner
    socket = ClientSocket(descriptor)
    let loop = owner.session.services.loop
    output = Output(socket, name: Word(owner.name).text, loop: loop)
    super.init(name: owner.name, session: owner.session, buffer: owner.buffer)
    output.onFailure = { [unowned self] _ in close() }
    output.onRoom = { [unowned self] in closeIfDone() }
    watch = DescriptorWatch(loop: loop, descriptor: descriptor, interest: .read, queue: .urgent) {
      [unowned self] in ready()
    }
  }

  override func start() throws(SourceFailure) {
    do throws(LoopError) {
      try watch?.enable()
    } catch {
      throw SourceFailure("", errno: error.code)
    }
  }

  override func watch(_ isWatched: Bool) {
    if isWatched { try? watch?.enable() } else { watch?.disable() }
  }

  override func receive(into base: UnsafeMutableRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    socket.read(into: base, count)
  }

  override func send(_ answer: borrowing ByteQueue) {
    // One answer may be longer; what is counted is what the client has left unread before it.
    if output.count > Self.limit {
      session.services.diagnostics.report(
        "--control \(Word(name).text): a client leaves more than \(Self.limit >> 20) MiB unread; disconnected"
      )
      return close()
    }
    output.write(answer.bytes)
    output.write("\n")
  }

  override func flush() {
    output.flush()
    closeIfDone()
  }

  override var records: Output? { output }

  /// It has as much time as it wants for the rest, which is short.
  override func cutOff() {
    stopReading()
    hasEnded = true
    flush()
  }

  /// Whether it is sent records, so that it stays when it has nothing to ask.
  var isSubscribed: Bool {
    session.services.existing(Subscriptions.self)?.contains(self) ?? false
  }

  override func ended() {
    hasEnded = true
    if isSubscribed {
      hangup = try? HangupWatch(loop: session.services.loop, descriptor: socket.number) { [unowned self] in
        close()
      }
    }
    closeIfDone()
  }

  override func failed(_ code: Int32) {
    close()
  }

  private func closeIfDone() {
    if hasEnded, output.isEmpty, !isSubscribed { close() }
  }

  override func close() {
    guard !isClosed else { return }
    leave()
    output.abandon()
    socket.close()
    owner.forget(self)
  }

  private func leave() {
    super.close()
    session.services.existing(Subscriptions.self)?.remove(self)
    watch = nil
    hangup = nil
  }

  /// Closes it in stages where something is still under way: answers that are not sent yet, or requests that nobody
  /// carries out any more, behind which the client gets to read what was answered.
  func takeLeave() {
    guard !isClosed else { return }
    let rest = output.rest
    let isSending = !hasEnded && upon_fionread(socket.number) > 0
    if !rest.isEmpty || isSending, let connections = try? session.services.facility(Connections.self) {
      leave()
      output.abandon()
      rest.withUnsafeBytes { connections.takeLeave(of: socket.giveAway(), sending: $0) }
      owner.forget(self)
    }
    close()
  }
}

/// The descriptor of a client, which is upon's own.
private final class ClientSocket: Sink {
  private(set) var number: Int32
  let mayRecover = false

  init(_ number: Int32) {
    self.number = number
  }

  deinit {
    close()
  }

  /// Leaves the descriptor to the caller.
  func giveAway() -> Int32 {
    defer { number = -1 }
    return number
  }

  func close() {
    if number >= 0 { Platform.close(number) }
    number = -1
  }

  func read(into base: UnsafeMutableRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    while true {
      let result = recv(number, base, count, 0)
      if let transfer = InheritedDescriptor.Transfer(result, atZero: .end) { return transfer }
    }
  }

  func write(_ base: UnsafeRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    while true {
      let result = upon_sendto(number, base, count, nil, 0)
      if let transfer = InheritedDescriptor.Transfer(result, atZero: .bytes(0)) { return transfer }
    }
  }
}
