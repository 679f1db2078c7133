import FileEvents

/// One file of a log: what of it has been read and not offered.
final class TailedFile {
  let generation: LogGeneration
  private var buffer = FrameBuffer()

  init(_ generation: LogGeneration) {
    self.generation = generation
  }

  var isEmpty: Bool { buffer.isEmpty }

  func append(_ bytes: UnsafeRawBufferPointer) {
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

  func consume(_ record: Framing.Record) { buffer.consume(record.total) }
}
