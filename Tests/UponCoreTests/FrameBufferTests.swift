import Testing

@testable import UponCore

@Suite struct FrameBufferTests {
  static let lines = Framing(form: .delimited(by: 10), longest: 1 << 30)

  static func put(_ bytes: [UInt8], into buffer: inout FrameBuffer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let room = buffer.room()
      #expect(room.count >= 1 << 15)
      let part = rest.prefix(room.count)
      room.copyBytes(from: part)
      buffer.commit(part.count)
      rest = rest.dropFirst(part.count)
    }
  }

  @Test func `finds every delimiter in random pieces`() {
    var buffer = FrameBuffer()
    var model: [UInt8] = []
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...3000)).map { _ in UInt8.random(in: 0...255) }
      Self.put(bytes, into: &buffer)
      model += bytes
      while let record = buffer.next(Self.lines, .waits) {
        #expect(model.firstIndex(of: 10) == record.total - 1)
        let front = Array(buffer.front(record.length))
        #expect(front.elementsEqual(model[..<record.length]))
        buffer.consume(record.total)
        model.removeFirst(record.total)
      }
      let left = buffer.count
      #expect(model.firstIndex(of: 10) == nil && left == model.count)
    }
  }

  @Test func `holds one long record whole`() {
    var buffer = FrameBuffer()
    for _ in 0..<40 { Self.put([UInt8](repeating: 1, count: 100_000), into: &buffer) }
    var lengths = [buffer.next(Self.lines, .waits)?.length]
    Self.put([10], into: &buffer)
    lengths.append(buffer.next(Self.lines, .waits)?.length)
    buffer.consume(4_000_001)
    let left = buffer.count
    Self.put([65, 10], into: &buffer)
    lengths.append(buffer.next(Self.lines, .waits)?.length)
    #expect(lengths == [nil, 4_000_000, 1] && left == 0)
  }
}
