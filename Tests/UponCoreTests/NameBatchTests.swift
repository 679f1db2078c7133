import Testing

@testable import UponCore

/// Batches of names: what they tell, and that nothing of one is left in the next.
@Suite struct NameBatchTests {
  private let batch = EventBatch()

  private func take(_ path: String, _ change: NameChange, event index: Int = PathEvent.written) {
    let event = Event()
    let line = Array("\(path)\n".utf8)
    line.withUnsafeBytes { line in
      event.begin(index, at: .now)
      event.add("path", .bytes(UnsafeRawBufferPointer(rebasing: line.dropLast())))
      event.set(payload: line, lineEnd: 1)
      event.change = change
      event.nameFields = event.fieldCount
      batch.take(event)
    }
  }

  /// What the batch is as an event, and the names that it has; it is empty afterwards.
  private func told() -> (event: Int?, names: [String]) {
    defer { batch.removeAll() }
    let event = Event()
    guard batch.describe(in: event), let payload = event.payload else { return (nil, []) }
    return (event.index, String(decoding: payload, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test func `one name that overflowed stands for all of its batch, and for none of the next`() {
    take("src/a", .changed)
    take("src", .all, event: PathEvent.overflow)
    take("src/b", .changed)
    #expect(told() == (PathEvent.overflow, ["src"]))
    take("src/c", .new)
    take("src/a", .changed)
    #expect(told() == (PathEvent.written, ["src/c", "src/a"]))
  }

  @Test func `a name that came and went is told when it comes in the next batch`() {
    take("src/a", .new, event: PathEvent.create)
    take("src/a", .gone, event: PathEvent.delete)
    #expect(told() == (nil, []))
    take("src/a", .new)
    #expect(told() == (PathEvent.written, ["src/a"]))
    take("src/a", .gone, event: PathEvent.delete)
    #expect(told() == (PathEvent.delete, ["src/a"]))
  }
}
