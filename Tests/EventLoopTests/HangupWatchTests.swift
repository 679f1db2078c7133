import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct HangupWatchTests {
    @Test func `fires once when the reader goes`() throws {
      let loop = try EventLoop.tested()
      let pipe = Pipe()
      var calls = 0
      let end = Timer(loop: loop) { _ in loop.stop() }
      let watch = try HangupWatch(loop: loop, descriptor: pipe.writer) {
        calls += 1
        end.arm(at: Clock.monotonic() + 3 * millisecond)
      }
      #expect(watch?.isWaiting == true)
      let close = Timer(loop: loop) { _ in
        #expect(calls == 0)
        pipe.closeReader()
      }
      close.arm(at: Clock.monotonic() + 3 * millisecond)
      try run(loop)
      #expect(calls == 1)
      #expect(watch?.isWaiting == false)
    }

    @Test func `unread data on a socket is no hangup`() throws {
      let loop = try EventLoop.tested()
      var ends: [Int32] = [0, 0]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      write(ends[1], "x", 1)
      var calls = 0
      let watch = try HangupWatch(loop: loop, descriptor: ends[0]) {
        calls += 1
        loop.stop()
      }
      let later = Timer(loop: loop) { _ in
        #expect(calls == 0)
        close(ends[1])
      }
      later.arm(at: Clock.monotonic() + 3 * millisecond)
      try run(loop)
      #expect(calls == 1)
      close(ends[0])
      watch?.cancel()
    }

    @Test(arguments: ["/dev/null", "/etc/passwd"]) func `a file has no reader to lose`(path: String) throws {
      let loop = try EventLoop.tested()
      let file = upon_open(path, O_RDONLY | O_CLOEXEC, 0)
      defer { close(file) }
      let watch = try HangupWatch(loop: loop, descriptor: file) {}
      #expect(watch == nil)
    }

    @Test func `a closed descriptor is an error`() throws {
      let loop = try EventLoop.tested()
      let error = #expect(throws: LoopError.self) { _ = try HangupWatch(loop: loop, descriptor: -1) {} }
      #expect(error?.code == EBADF)
    }
  }
}
