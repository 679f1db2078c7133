import EventLoop
import Platform

/// Where records go: a queue in front of a sink that is written without waiting.
///
/// Records gather while a batch of events is handled and leave in one write at its end. A reader that is slow holds
/// back the sources that feed it; one that is gone, or a device that is full, is told to the owner.
final class Output {
  enum Failure: Equatable {
    /// The reader is gone (EPIPE, or a hang-up while idle); nothing can be written any more.
    case vanished
    /// Nothing can be written any more.
    case broken(errno: Int32)
    /// The queue is kept and tried again.
    case passing(errno: Int32)
  }

  /// A write takes place in the middle of a batch when this much has gathered.
  static let batch = 1 << 16
  /// Above it the sources that feed the output are held.
  static let highWater = 1 << 20
  /// Below it they go on.
  static let lowWater = 1 << 18
  /// Above it what cannot be held back merges into counts.
  static let limit = 8 << 20

  /// For messages: `standard output`, or the path.
  let name: String
  /// The path of a file, nil for a descriptor.
  let path: [UInt8]?
  /// Actions that print to it.
  var users = 0
  /// Something has been written to it in this turn.
  var isTouched = false
  /// Actions that have merged events while there was no room.
  var merging: [PrintAction] = []
  var onFailure: (Failure) -> Void = { _ in }
  /// Called when there is room again, after the holds have been released.
  var onRoom: () -> Void = {}
  private(set) var bytesWritten: UInt64 = 0
  private(set) var records: UInt64 = 0
  private(set) var isBroken = false

  private let loop: EventLoop
  private let sink: any Sink
  private var room: DescriptorWatch?
  private var roomNumber: Int32 = -1
  private var retry: Timer?
  /// The last attempt has failed, which has been told.
  private(set) var isFailing = false
  private var isWaiting = false
  private var queue = ByteQueue(capacity: 2 * Output.batch)
  private var text: RecordText
  private var held: [Port] = []

  init(_ sink: any Sink, name: String, path: [UInt8]? = nil, loop: EventLoop) {
    self.sink = sink
    text = RecordText(on: path == nil ? sink.number : nil)
    self.name = name
    self.path = path
    self.loop = loop
  }

  var isEmpty: Bool { queue.isEmpty }
  var isFull: Bool { queue.count >= Self.highWater }
  var isOverLimit: Bool { queue.count >= Self.limit }
  var count: Int { queue.count }
  /// What is queued.
  var rest: [UInt8] { Array(queue.bytes) }

  /// Appends one record and writes when a batch has gathered; holds the port when the reader does not keep up.
  @inline(__always)
  func write(_ event: Event, _ label: Label, as format: RecordFormat, from port: Port) {
    if isBroken { return }
    text.write(event, label, as: format, to: &queue)
    records &+= 1
    if queue.count >= Self.batch { writeBatch(from: port) }
  }

  /// Appends a record of the fields that were asked for.
  func write(
    _ event: Event, _ label: Label, as format: RecordFormat, fields: FieldSelection, from port: Port
  ) {
    if isBroken { return }
    text.write(event, label, as: format, fields: fields, to: &queue)
    records &+= 1
    if queue.count >= Self.batch { writeBatch(from: port) }
  }

  /// Appends bytes as they are.
  func write(_ bytes: UnsafeRawBufferPointer) {
    if !isBroken { queue.append(bytes) }
  }

  /// Appends bytes as they are, as a record of the port.
  func write(_ bytes: UnsafeRawBufferPointer, from port: Port) {
    if isBroken { return }
    queue.append(bytes)
    if queue.count >= Self.batch { writeBatch(from: port) }
  }

  /// Drops the lines that are queued behind the first, which may have been written in part; returns how many.
  func dropLines() -> Int {
    let bytes = queue.bytes
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return 0 }
    let lines = bytes[(end + 1)...].reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    let first = Array(bytes[...end])
    queue.removeAll()
    queue.append(first)
    return lines
  }

  /// Drops what is queued and writes nothing more: the owner of the sink closes it.
  func abandon() {
    isBroken = true
    queue.removeAll()
    room?.disable()
    room = nil
    retry?.cancel()
  }

  /// Appends bytes that are not a record.
  func write(_ line: String) {
    if !isBroken { queue.append(line) }
  }

  @inline(never)
  private func writeBatch(from port: Port) {
    // While the sink is full there is nothing to try: the watch tells when there is room.
    if !isWaiting { flush() }
    if isFull, port.isPausable, !held.contains(where: { $0 === port }) {
      held.append(port)
      port.hold(.output)
    }
  }

  /// Writes as much as goes without waiting; the rest follows when the sink is ready.
  func flush() {
    guard !isBroken, !queue.isEmpty, !isWaiting else { return }
    while !queue.isEmpty {
      guard let base = queue.bytes.baseAddress else { return }
      switch sink.write(base, queue.count) {
      case .bytes(let count):
        bytesWritten &+= UInt64(count)
        queue.consume(count)
        isFailing = false
      case .wouldBlock, .end: return waitForRoom()
      case .failed(EPIPE), .failed(ECONNRESET): return fail(.vanished)
      case .failed(let code):
        guard sink.mayRecover else { return fail(.broken(errno: code)) }
        return tryAgain(after: code)
      }
    }
  }

  private func waitForRoom() {
    isWaiting = true
    do throws(LoopError) {
      if room == nil || roomNumber != sink.number {
        roomNumber = sink.number
        room = DescriptorWatch(loop: loop, descriptor: roomNumber, interest: .write, queue: .urgent) {
          [unowned self] in resume()
        }
      }
      try room?.enable()
    } catch {
      fail(.broken(errno: error.code))
    }
  }

  /// A full disk may be emptied: nothing is dropped, and the reason is told once.
  private func tryAgain(after code: Int32) {
    isWaiting = true
    if !isFailing { onFailure(.passing(errno: code)) }
    isFailing = true
    if retry == nil { retry = Timer(loop: loop) { [unowned self] _ in resume() } }
    retry?.arm(at: Clock.monotonic() + 1_000_000_000)
  }

  private func resume() {
    isWaiting = false
    room?.disable()
    flush()
    guard queue.count <= Self.lowWater else { return }
    releaseHeld()
    onRoom()
  }

  /// Writes what has been merged.
  func writeMerged() {
    let waiting = merging
    merging = []
    for action in waiting { action.writeMerged() }
    flush()
  }

  private func releaseHeld() {
    let waiting = held
    held = []
    for port in waiting { port.release(.output) }
  }

  private func fail(_ failure: Failure) {
    isBroken = true
    queue.removeAll()
    room?.disable()
    releaseHeld()
    onFailure(failure)
  }

  /// Takes note that the reader has hung up.
  func hungUp() {
    if !isBroken { fail(.vanished) }
  }

  /// Forgets a port that has ended.
  func forget(_ port: Port) {
    held.removeAll { $0 === port }
  }
}
