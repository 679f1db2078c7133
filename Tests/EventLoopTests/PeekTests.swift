import CSystem
import Glibc
import Testing

@testable import EventLoop

extension EventLoopTests {
  /// Looking at what others are to read.
  @Suite struct PeekTests {
    private func seen(_ peek: Peek) -> (InheritedDescriptor.Transfer, String) {
      withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) {
        let transfer = peek.look(into: $0.baseAddress!, $0.count)
        guard case .bytes(let count) = transfer else { return (transfer, "") }
        return (transfer, String(decoding: $0[..<count], as: UTF8.self))
      }
    }

    @Test func `what is seen of a pipe stays there, to its end`() throws {
      let pipe = Pipe()
      let descriptor = try InheritedDescriptor(pipe.reader, for: .reading)
      let peek = try #require(Peek(descriptor))
      #expect(seen(peek) == (.wouldBlock, ""))
      pipe.send("hello")
      #expect(seen(peek) == (.bytes(5), "hello"))
      #expect(seen(peek) == (.bytes(5), "hello"))
      #expect(!peek.isFull && !peek.isFinished)
      var bytes = [UInt8](repeating: 0, count: 10)
      #expect(descriptor.read(into: &bytes, 10) == .bytes(5))
      #expect(seen(peek) == (.wouldBlock, ""))
    }

    @Test func `what is seen of a socket stays there, and its end is told`() throws {
      var ends: [Int32] = [-1, -1]
      #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      let peek = try #require(Peek(try InheritedDescriptor(ends[0], for: .reading)))
      write(ends[1], "abc", 3)
      #expect(seen(peek) == (.bytes(3), "abc"))
      #expect(!peek.isFinished)
      close(ends[1])
      #expect(seen(peek) == (.bytes(3), "abc"))
      #expect(peek.isFinished)
      close(ends[0])
    }

    @Test func `a file is not looked at`() throws {
      let file = upon_open("/etc/passwd", O_RDONLY | O_CLOEXEC, 0)
      defer { close(file) }
      #expect(Peek(try InheritedDescriptor(file, for: .reading)) == nil)
    }
  }
}
