import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  /// Many descriptors, watched as one.
  @Suite struct DescriptorSetTests {
    /// Reads what comes and notes it.
    private final class Reader: DescriptorSet.Member {
      var received: [Int] = []
      var told: [Readiness] = []
      var onReady: (Reader) -> Void = { _ in }
      var reads = true

      override func ready(_ readiness: Readiness) -> Int {
        told.append(readiness)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = reads ? read(descriptor, &bytes, bytes.count) : 0
        received.append(count)
        onReady(self)
        return max(count, 0)
      }
    }

    private func pair() -> (Int32, Int32) {
      var ends: [Int32] = [-1, -1]
      #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      return (ends[0], ends[1])
    }

    private func turn(_ loop: EventLoop) throws {
      let timer = Timer(loop: loop) { _ in loop.stop() }
      timer.arm(at: Clock.monotonic() + 20_000_000)
      try loop.run()
    }

    @Test func `tells each member what has come`() throws {
      let loop = try EventLoop.tested()
      let set = try DescriptorSet(loop: loop)
      let pairs = (0..<200).map { _ in pair() }
      let readers = pairs.map { Reader(descriptor: $0.0) }
      for reader in readers { try set.watch(reader, for: .input) }
      for (place, ends) in pairs.enumerated() {
        write(ends.1, [UInt8](repeating: 1, count: place + 1), place + 1)
      }
      try turn(loop)
      for (place, reader) in readers.enumerated() { #expect(reader.received == [place + 1]) }
      for (reader, ends) in zip(readers, pairs) {
        set.forget(reader)
        close(ends.0)
        close(ends.1)
      }
    }

    @Test func `a member takes over the descriptor of another, with what has come for it`() throws {
      let loop = try EventLoop.tested()
      let set = try DescriptorSet(loop: loop)
      let ends = pair()
      let first = Reader(descriptor: ends.0)
      let second = Reader(descriptor: ends.0)
      try set.watch(first, for: .input)
      write(ends.1, "abc", 3)
      set.move(from: first, to: second)
      try set.watch(second, for: .input)
      try turn(loop)
      #expect(first.received == [] && second.received == [3])
      set.forget(second)
      close(ends.0)
      close(ends.1)
    }

    @Test func `a member that is forgotten in a batch is not called any more`() throws {
      let loop = try EventLoop.tested()
      let set = try DescriptorSet(loop: loop)
      let pairs = (0..<10).map { _ in pair() }
      let readers = pairs.map { Reader(descriptor: $0.0) }
      for reader in readers {
        reader.onReady = { first in
          for other in readers where other !== first {
            set.forget(other)
            close(other.descriptor)
          }
        }
        try set.watch(reader, for: .input)
      }
      for ends in pairs { write(ends.1, "x", 1) }
      try turn(loop)
      #expect(readers.map(\.received.count).reduce(0, +) == 1)
      for ends in pairs { close(ends.1) }
    }

    @Test func `a member that waits for nothing is told its end once`() throws {
      let loop = try EventLoop.tested()
      let set = try DescriptorSet(loop: loop)
      let ends = pair()
      let reader = Reader(descriptor: ends.0)
      reader.reads = false
      try set.watch(reader, for: [])
      write(ends.1, "x", 1)
      try turn(loop)
      #expect(reader.told == [])
      close(ends.1)
      try turn(loop)
      #expect(reader.told.count == 1)
      #expect(reader.told.first?.contains(.hangup) ?? false)
      set.forget(reader)
      close(ends.0)
    }

    @Test func `a flood leaves room for the others in every turn`() throws {
      let loop = try EventLoop.tested()
      let set = try DescriptorSet(loop: loop)
      let pairs = (0..<30).map { _ in pair() }
      let readers = pairs.map { Reader(descriptor: $0.0) }
      var rounds = 0
      var turns = 0
      loop.onTurnEnd = { turns += 1 }
      let flood = [UInt8](repeating: 1, count: 1 << 16)
      for (reader, ends) in zip(readers, pairs) {
        upon_fcntl_set(ends.1, F_SETFL, O_NONBLOCK)
        write(ends.1, flood, flood.count)
        reader.onReady = { _ in
          rounds += 1
          write(ends.1, flood, flood.count)
          if rounds == 3000 { loop.stop() }
        }
        try set.watch(reader, for: .input)
      }
      try loop.run()
      let least = readers.map(\.received.count).min() ?? 0
      #expect(least >= 50, "each of 30 has about 100 of 3,000 readings")
      #expect(turns >= 400)
      for (reader, ends) in zip(readers, pairs) {
        set.forget(reader)
        close(ends.0)
        close(ends.1)
      }
    }
  }
}
