import EventLoop
import Platform

/// What the connections of one source have in common.
final class ConnectionGroup {
  private static let perTurn = 64

  /// nil when the source has ended and its last answers are on their way.
  private(set) unowned(unsafe) var port: Port?
  let connections: Connections
  let diagnostics: Diagnostics
  let set: DescriptorSet
  private(set) var plan: StreamPlan
  /// One event for all of them: it is delivered before the next one begins.
  let event = Event()
  /// Records offered.
  var records = 0
  /// As much is received at once; less where records are short, so that their number stays bounded as well.
  private(set) var readSize = Connections.bufferSize
  /// When the bytes at hand were noticed.
  var time = WallTime()
  /// How many are open.
  private(set) var open = 0
  /// How many there have been.
  private(set) var total = 0
  /// Called when a connection is over, with its number.
  var onClose: (_ id: UInt64) -> Void = { _ in }
  /// Connections that found the port held.
  private var parked: ContiguousArray<Connection> = []
  /// Connections that may go on.
  private var runnable: ContiguousArray<Connection> = []
  private var turn: Turn?

  init(_ plan: StreamPlan, port: Port, on services: Services) throws(LoopError) {
    self.plan = plan
    self.port = port
    diagnostics = services.diagnostics
    connections = try services.facility(Connections.self)
    set = try connections.watched()
    turn = Turn(loop: connections.loop, queue: .data) { [unowned self] in proceed() }
  }

  /// Whether a record may be offered now.
  @inline(__always)
  var canTake: Bool { port?.canTake ?? false }

  /// What a reading counts against the budget of the turn: many short records are more work than their bytes.
  @inline(__always)
  func weigh(_ bytes: Int, records: Int) -> Int {
    if records < 64 { return bytes }
    return weigh(records, bytes)
  }

  @inline(never)
  private func weigh(_ records: Int, _ bytes: Int) -> Int {
    if records > 1024 {
      readSize = max(readSize / 2, Connections.bufferSize / 8)
    } else if records < 256 {
      readSize = Connections.bufferSize
    }
    return max(bytes, records << 6)
  }

  // MARK: Pausing

  /// The port is held: connections notice it when something comes.
  func pause() {
    turn?.cancel()
    updateSilences()
  }

  /// The port is no longer held: those that have waited go on, a batch at a time.
  func resume() {
    updateSilences()
    runnable += parked
    parked.removeAll()
    if !runnable.isEmpty { turn?.schedule() }
  }

  func park(_ connection: Connection) {
    parked.append(connection)
  }

  func wake(_ connection: Connection) {
    runnable.append(connection)
    turn?.schedule()
  }

  private func proceed() {
    let batch = runnable.prefix(Self.perTurn)
    runnable.removeFirst(batch.count)
    for connection in batch { connection.proceed() }
    if !runnable.isEmpty { turn?.schedule() }
  }

  /// While upon itself pauses a connection, its silence does not count.
  private func updateSilences() {
    guard plan.idle != nil, let port else { return }
    for connection in connections.of(port) { connection.updateSilence() }
  }

  // MARK: Life

  /// Goes over to a port that takes the place of the one it had, with all connections.
  func move(to port: Port, _ plan: StreamPlan, onClose: @escaping (_ id: UInt64) -> Void) {
    let wasHeld = self.port?.isHeld ?? false
    if let earlier = self.port { for connection in connections.of(earlier) { connection.forgetOrdinal() } }
    total = 0
    self.port = port
    self.plan = plan
    self.onClose = onClose
    if wasHeld { resume() }
  }

  func opened() {
    open += 1
    total += 1
  }

  func closed(_ id: UInt64) {
    open -= 1
    onClose(id)
  }

  /// Lets go of the port, which has ended: connections close, those that owe an answer when it has been sent.
  func disband() {
    guard let port else { return }
    let members = connections.of(port)
    if port.takesRest { for connection in members { connection.offerRest() } }
    self.port = nil
    onClose = { _ in }
    turn?.cancel()
    parked = []
    runnable = []
    for connection in members { connection.abandon() }
  }
}
