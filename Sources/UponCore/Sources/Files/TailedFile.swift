import FileEvents

/// One file of a log: what of it has been read and not offered, and what has been offered and is not done.
final class TailedFile {
  let generation: LogGeneration
  private let onDone: () -> Void
  private var buffer = FrameBuffer()
  /// Where the front of the buffer stands in the file.
  private var offset: UInt64 = 0
  /// The ends of the records that are under way in the file, in its order, and whether each is over.
  private var records: ContiguousArray<(end: UInt64, isOver: Bool)> = []
  /// The number of the first of them.
  private var firstNumber = 0

  /// `onDone` is called when a record is over.
  init(_ generation: LogGeneration, onDone: @escaping () -> Void) {
    self.generation = generation
    self.onDone = onDone
  }

  var isEmpty: Bool { buffer.isEmpty }

  // MARK: Bytes

  /// Adds what comes next, which stands at a place in the file.
  func append(_ bytes: UnsafeRawBufferPointer, at position: UInt64) {
    if buffer.isEmpty { offset = position }
    var rest = bytes
    while !rest.isEmpty {
      let room = buffer.room()
      let count = min(room.count, rest.count)
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      buffer.commit(count)
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// The next record, which `front` has in front; nil while it is incomplete.
  func next(_ framing: Framing, _ remainder: Framing.Remainder) -> Framing.Record? {
    buffer.next(framing, remainder)
  }

  func front(_ count: Int) -> UnsafeRawBufferPointer { buffer.front(count) }

  func consume(_ record: Framing.Record) {
    buffer.consume(record.total)
    offset += UInt64(record.total)
  }

  // MARK: What is done

  /// Takes note that the record in front is offered; the file is done up to its end when the ticket is gone.
  func ticket(for record: Framing.Record) -> LineTicket {
    records.append((offset + UInt64(record.total), false))
    return LineTicket(self, number: firstNumber + records.count - 1)
  }

  /// Whether all that was offered is over.
  var isSettled: Bool { records.isEmpty }

  /// Takes note that a record is over: done, or dropped so that it is to be read again.
  func isOver(_ number: Int, isDone: Bool) {
    let position = number - firstNumber
    // Records of a file that was cut since are not remembered.
    guard position >= 0, position < records.count else { return onDone() }
    records[position].isOver = true
    // Nothing behind it counts as done.
    if !isDone { firstDropped = min(firstDropped, number) }
    var count = 0
    while count < records.count, records[count].isOver {
      if firstNumber + count < firstDropped { generation.done(to: records[count].end) }
      count += 1
    }
    records.removeFirst(count)
    firstNumber += count
    onDone()
  }

  /// The first record that was dropped.
  private var firstDropped = Int.max

  /// Forgets what was under way: the file was cut.
  func restart() {
    firstNumber += records.count
    records = []
  }
}
