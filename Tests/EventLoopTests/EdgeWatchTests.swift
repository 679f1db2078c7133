import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct EdgeWatchTests {
    @Test func `reports five of five arrivals that nobody reads`() throws {
      let loop = try EventLoop.tested()
      let pipe = Pipe()
      var arrivals = 0
      let next = Timer(loop: loop) { _ in pipe.send("x") }
      let end = Timer(loop: loop) { _ in loop.stop() }
      let watch = try EdgeWatch(loop: loop, descriptor: pipe.reader, interest: .read, queue: .data) {
        events in
        #expect(events.contains(.input))
        arrivals += 1
        // A further call without a further arrival would come before the end.
        (arrivals < 5 ? next : end).arm(at: Clock.monotonic() + 2 * millisecond)
      }
      pipe.send("x")
      try run(loop)
      #expect(arrivals == 5)
      watch.disable()
    }

    @Test func `looks again when rearmed`() throws {
      let loop = try EventLoop.tested()
      let pipe = Pipe()
      var arrivals = 0
      var watch: EdgeWatch?
      watch = try EdgeWatch(loop: loop, descriptor: pipe.writer, interest: .write, queue: .data) { events in
        #expect(events.contains(.output))
        arrivals += 1
        if arrivals == 3 { return loop.stop() }
        #expect(throws: Never.self) { try watch?.rearm() }
      }
      try run(loop)
      #expect(arrivals == 3)
      watch = nil
    }

    @Test func `a regular file is an error`() throws {
      let loop = try EventLoop.tested()
      let file = upon_open("/etc/passwd", O_RDONLY | O_CLOEXEC, 0)
      defer { close(file) }
      let error = #expect(throws: LoopError.self) {
        _ = try EdgeWatch(loop: loop, descriptor: file, interest: .read, queue: .data) { _ in }
      }
      #expect(error?.code == EPERM)
    }
  }
}
