import Testing

@testable import UponCore

@Suite struct ByteQueueTests {
  @Test func `keeps order whatever is appended and consumed`() {
    var queue = ByteQueue(capacity: 16)
    var model: [UInt8] = []
    for round in 0..<5000 {
      if Bool.random() {
        let bytes = (0..<Int.random(in: 0...100)).map { UInt8(truncatingIfNeeded: round + $0) }
        queue.append(bytes)
        model += bytes
      } else {
        let count = Int.random(in: 0...model.count)
        queue.consume(count)
        model.removeFirst(count)
      }
      let bytes = Array(queue.bytes)
      let isEmpty = queue.isEmpty
      #expect(bytes == model && isEmpty == model.isEmpty)
    }
  }

  @Test func `writes numbers of every length`() {
    var values: [UInt64] = [0, .max, .max - 1]
    var power: UInt64 = 1
    while true {
      values += [power - 1, power, power + 1]
      let (next, overflow) = power.multipliedReportingOverflow(by: 10)
      if overflow { break }
      power = next
    }
    for value in values {
      var queue = ByteQueue(capacity: 1)
      queue.append(decimal: value)
      let text = String(decoding: queue.bytes, as: UTF8.self)
      #expect(text == String(value))
    }
    for value in [Int64.min, -1, 0, .max] {
      var queue = ByteQueue()
      queue.append(decimal: value)
      let text = String(decoding: queue.bytes, as: UTF8.self)
      #expect(text == String(value))
    }
  }

  @Test func `survive a burst and take more afterwards`() {
    var queue = ByteQueue(capacity: 64)
    queue.append([UInt8](repeating: 7, count: 3 << 20))
    queue.consume(3 << 20)
    queue.append([1, 2, 3] as [UInt8])
    let bytes = Array(queue.bytes)
    #expect(bytes == [1, 2, 3])
  }
}
