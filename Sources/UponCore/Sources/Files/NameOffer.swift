import FileEvents

/// Makes events about names of what FileEvents tells, and offers them.
struct NameOffer {
  private let end: UInt8
  private let event = Event(capacity: 6)
  /// The path and its end.
  private var line = Line()
  /// What is gathered while a pause is made up for.
  private var batch: EventBatch?

  init(end: UInt8) {
    self.end = end
  }

  /// Offers what has happened to a name, or gathers it.
  mutating func offer(_ happened: borrowing FileEvent, to port: Port) {
    offer(
      happened.path, PathEvent.index(of: happened.kind), PathEvent.change(of: happened.kind), happened.type,
      from: happened.source, to: port)
  }

  /// Offers what happened to a path, which is told as it was typed.
  mutating func offer(
    _ path: UnsafeRawBufferPointer, _ index: Int, _ change: NameChange?, _ type: FileType?,
    from: UnsafeRawBufferPointer? = nil, to port: Port
  ) {
    guard port.canTake || batch != nil else { return }
    event.begin(index, at: .now)
    line.set(path, end)
    event.add("path", .bytes(line.path))
    if let type { event.add("type", .text(type.text)) }
    if let from { event.add("from", .bytes(from)) }
    event.set(payload: line.bytes, lineEnd: 1)
    event.change = change
    event.nameFields = event.fieldCount
    if let batch { batch.take(event) } else { port.offer(event) }
  }

  /// Gathers what comes from now on.
  mutating func gather() {
    batch = EventBatch()
  }

  /// Offers what was gathered as one event.
  mutating func offerGathered(to port: Port) {
    guard let gathered = batch else { return }
    batch = nil
    let event = Event(capacity: 6)
    if !gathered.isEmpty, gathered.describe(in: event) { port.offer(event) }
  }

  /// One path with its end, in memory that is used again.
  private final class Line {
    private var text = ByteQueue(capacity: 256)

    var bytes: UnsafeRawBufferPointer { text.bytes }
    var path: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: text.bytes.dropLast()) }

    func set(_ path: UnsafeRawBufferPointer, _ end: UInt8) {
      text.removeAll()
      text.append(path)
      text.append(end)
    }
  }
}
