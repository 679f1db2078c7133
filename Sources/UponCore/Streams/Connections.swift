import EventLoop
import Platform

/// Every open connection of a session, by its number, and what they share.
final class Connections: Facility {
  /// As much as this is received at once; one connection that floods has it in every turn.
  static let bufferSize = 1 << 15
  /// Beginnings of records are kept up to this sum; beyond it they are delivered as parts.
  static let keptLimit = 64 << 20

  let loop: EventLoop
  private var open: [UInt64: Connection] = [:]
  private var lastID: UInt64 = 0
  private(set) var set: DescriptorSet?
  /// The way of the bytes of every connection that has none of its own.
  let transport = Transport()
  /// Connections that are closed and still discard what comes.
  private var farewells: [ObjectIdentifier: Farewell] = [:]
  /// Received bytes stay here only until they have been delivered or kept.
  let buffer: UnsafeMutableRawPointer
  /// Bytes of all beginnings of records.
  var kept = 0
  /// Emptied ones, so that lines that arrive in pieces allocate nothing each time.
  private var spares: ContiguousArray<PartialRecord> = []
  private static let mostSpares = 64
  /// Connections whose source has ended while an answer was on its way.
  private(set) var lingering = 0

  /// Whether nothing of what was sent is still under way.
  var areSettled: Bool { lingering == 0 && farewells.isEmpty }

  init(loop: EventLoop) {
    self.loop = loop
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 64)
    spares.reserveCapacity(Self.mostSpares)
  }

  deinit {
    buffer.deallocate()
  }

  /// The open connection of that number.
  subscript(id: UInt64) -> Connection? { open[id] }

  /// All of them, in the order of their numbers.
  var all: [Connection] { open.values.sorted { $0.id < $1.id } }

  /// How many are open.
  var count: Int { open.count }

  /// The open connections of a source, in the order of their numbers.
  func of(_ port: Port) -> [Connection] {
    open.values.filter { $0.group.port === port }.sorted { $0.id < $1.id }
  }

  /// The number of the next connection.
  func nextID() -> UInt64 {
    lastID += 1
    return lastID
  }

  /// The set that watches all of them, made with the first.
  func watched() throws(LoopError) -> DescriptorSet {
    if let set { return set }
    let fresh = try DescriptorSet(loop: loop)
    set = fresh
    return fresh
  }

  /// A place for the beginning of a record, which is copied into it.
  func partial(_ bytes: UnsafeRawBufferPointer) -> PartialRecord {
    guard let spare = spares.popLast() else { return PartialRecord(bytes) }
    spare.begin(bytes)
    return spare
  }

  /// Takes back one that is not needed any more.
  func giveBack(_ partial: PartialRecord) {
    if partial.isReusable, spares.count < Self.mostSpares { spares.append(partial) }
  }

  func add(_ connection: Connection) {
    open[connection.id] = connection
  }

  func remove(_ connection: Connection) {
    open[connection.id] = nil
    if connection.isLingering { lingering -= 1 }
  }

  func startedLingering() {
    lingering += 1
  }

  // MARK: Closing in stages

  /// Takes the descriptor of a connection that is over, and closes it when the peer has ended too.
  func takeLeave(of connection: Connection, in set: DescriptorSet) {
    let farewell = Farewell(connection.descriptor, by: connection.transport, of: self)
    connection.transport.finishSending(to: connection.descriptor)
    begin(farewell, replacing: connection, in: set)
    connection.forgetDescriptor()
  }

  /// Takes a descriptor that nobody watches, and closes it when `rest` has been sent and the peer has ended too.
  func takeLeave(of descriptor: Int32, sending rest: UnsafeRawBufferPointer) {
    let farewell = Farewell(descriptor, sending: rest, by: transport, of: self)
    if rest.isEmpty { transport.finishSending(to: descriptor) }
    guard let set = try? watched() else { return }
    begin(farewell, replacing: nil, in: set)
  }

  private func begin(_ farewell: Farewell, replacing member: DescriptorSet.Member?, in set: DescriptorSet) {
    let id = ObjectIdentifier(farewell)
    farewells[id] = farewell
    if !farewell.begin(replacing: member, in: set) { isOver(farewell) }
  }

  func isOver(_ farewell: Farewell) {
    set?.forget(farewell)
    farewells[ObjectIdentifier(farewell)] = nil
  }
}
