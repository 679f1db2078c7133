import EventLoop
import Platform

/// One attempt to connect to any of several addresses: IPv6 and IPv4 by turns, the next one a quarter of a second after
/// the last, or at once when one fails, until the first is connected (RFC 8305).
final class AddressRace {
  enum Outcome {
    /// The descriptor belongs to who is told.
    case connected(Int32, SocketAddress)
    case failed([Failure])
  }

  /// Why an address could not be connected to.
  struct Failure {
    let address: SocketAddress
    let code: Int32
  }

  private final class Runner {
    let address: SocketAddress
    let descriptor: Int32
    var watch: DescriptorWatch?
    var timeout: Timer?

    init(_ address: SocketAddress, _ descriptor: Int32) {
      self.address = address
      self.descriptor = descriptor
    }
  }

  /// The Connection Attempt Delay of RFC 8305.
  private static let stagger: Int64 = 250_000_000

  private let loop: EventLoop
  private let timeout: Interval
  private let onEnd: (Outcome) -> Void
  private var waiting: ArraySlice<SocketAddress>
  private var runners: [Runner] = []
  private var failures: [Failure] = []
  private var next: Timer?
  private var isOver = false

  /// Makes a race; `onEnd` is called once, perhaps inside `start()`.
  init(
    to addresses: [SocketAddress], timeout: Interval, loop: EventLoop, onEnd: @escaping (Outcome) -> Void
  ) {
    waiting = Self.interleaved(addresses)[...]
    self.timeout = timeout
    self.loop = loop
    self.onEnd = onEnd
  }

  deinit {
    cancel()
  }

  /// The address that is being tried, the first of several.
  var current: SocketAddress? { runners.first?.address }

  func cancel() {
    isOver = true
    next = nil
    for runner in runners { abandon(runner) }
    runners = []
  }

  /// By turns one of each family, beginning with that of the first.
  static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
    guard let family = addresses.first?.family else { return [] }
    let first = addresses.filter { $0.family == family }
    let second = addresses.filter { $0.family != family }
    var mixed: [SocketAddress] = []
    for index in 0..<max(first.count, second.count) {
      if index < first.count { mixed.append(first[index]) }
      if index < second.count { mixed.append(second[index]) }
    }
    return mixed
  }

  // MARK: The race

  /// Tries the first address.
  func start() {
    runNext()
  }

  /// Starts the next address, and those behind it while they fail at once.
  private func runNext() {
    while !isOver, let address = waiting.popFirst() {
      if run(to: address) { return }
    }
    if !isOver, runners.isEmpty { end(.failed(failures)) }
  }

  /// Whether the address is connected, or on the way.
  private func run(to address: SocketAddress) -> Bool {
    let descriptor = upon_socket(address.family, upon_stream_type(), 1)
    guard descriptor >= 0 else {
      failures.append(Failure(address: address, code: errno))
      return false
    }
    let runner = Runner(address, descriptor)
    runners.append(runner)
    if address.withSockaddr({ upon_connect(descriptor, $0, $1) }) == 0 { return connected(runner) }
    let code = errno
    guard code == EINPROGRESS, watch(runner) else {
      failed(runner, code == EINPROGRESS ? EMFILE : code)
      return false
    }
    if !waiting.isEmpty { armNext() }
    return true
  }

  private func watch(_ runner: Runner) -> Bool {
    runner.watch = DescriptorWatch(
      loop: loop, descriptor: runner.descriptor, interest: .write, queue: .data
    ) { [unowned self, unowned runner] in decided(runner, upon_socket_error(runner.descriptor)) }
    runner.timeout = Timer(loop: loop) { [unowned self, unowned runner] _ in decided(runner, ETIMEDOUT) }
    runner.timeout?.arm(at: timeout.after(Clock.monotonic()))
    return (try? runner.watch?.enable()) != nil
  }

  private func armNext() {
    if next == nil { next = Timer(loop: loop) { [unowned self] _ in runNext() } }
    next?.arm(at: Clock.monotonic() + Self.stagger)
  }

  private func decided(_ runner: Runner, _ code: Int32) {
    if code == 0, connected(runner) { return }
    if code != 0 { failed(runner, code) }
    runNext()
  }

  /// False when the kernel has connected the socket to itself: a free port of this machine may be taken for the own end.
  private func connected(_ runner: Runner) -> Bool {
    if SocketAddress(localOf: runner.descriptor) == runner.address, !runner.address.isUnix {
      failed(runner, ECONNREFUSED)
      return false
    }
    runners.removeAll { $0 === runner }
    runner.watch?.disable()
    let descriptor = runner.descriptor
    end(.connected(descriptor, runner.address))
    return true
  }

  private func failed(_ runner: Runner, _ code: Int32) {
    failures.append(Failure(address: runner.address, code: code))
    runners.removeAll { $0 === runner }
    abandon(runner)
  }

  private func abandon(_ runner: Runner) {
    runner.watch?.disable()
    runner.timeout?.cancel()
    close(runner.descriptor)
  }

  private func end(_ outcome: Outcome) {
    cancel()
    onEnd(outcome)
  }
}
