import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct DescriptorWatchTests {
    @Test func `may go in its own handler`() throws {
      let loop = try EventLoop.tested()
      let pipe = Pipe()
      pipe.send("x")
      var calls = 0
      var watch: DescriptorWatch?
      watch = DescriptorWatch(loop: loop, descriptor: pipe.reader, interest: .read, queue: .data) {
        calls += 1
        watch = nil
      }
      try watch?.enable()
      let end = Timer(loop: loop) { _ in loop.stop() }
      end.arm(at: Clock.monotonic() + 3 * millisecond)
      try run(loop)
      #expect(calls == 1)
    }

    @Test func `is not called after another handler of the turn has removed it`() throws {
      let loop = try EventLoop.tested()
      let pipes = [Pipe(), Pipe()]
      var watches: [DescriptorWatch?] = [nil, nil]
      var calls = 0
      for index in 0...1 {
        pipes[index].send("x")
        let watch = DescriptorWatch(
          loop: loop, descriptor: pipes[index].reader, interest: .read, queue: .data
        ) {
          calls += 1
          watches[1 - index] = nil
          watches[index]?.disable()
        }
        try watch.enable()
        watches[index] = watch
      }
      let end = Timer(loop: loop) { _ in loop.stop() }
      end.arm(at: Clock.monotonic() + 3 * millisecond)
      try run(loop)
      #expect(calls == 1)
      watches = []
      // Arrays may go after their last use, and descriptors with them.
      withExtendedLifetime(pipes) {}
    }

    @Test func `is called every turn while ready and enabled`() throws {
      let loop = try EventLoop.tested()
      let pipe = Pipe()
      var calls = 0
      var watch: DescriptorWatch?
      watch = DescriptorWatch(loop: loop, descriptor: pipe.writer, interest: .write, queue: .data) {
        calls += 1
        if calls == 5 {
          watch?.disable()
          loop.stop()
        }
      }
      #expect(watch?.isEnabled == false)
      try watch?.enable()
      #expect(watch?.isEnabled == true)
      try run(loop)
      #expect(watch?.isEnabled == false)
      watch = nil
    }

    @Test(arguments: ["/dev/null", "/etc/passwd", "/"])
    func `refuses what is always ready or calls every turn`(path: String) throws {
      let loop = try EventLoop.tested()
      let file = upon_open(path, O_RDONLY | O_CLOEXEC, 0)
      defer { close(file) }
      var calls = 0
      let watch = DescriptorWatch(loop: loop, descriptor: file, interest: .read, queue: .data) {
        calls += 1
        if calls == 3 { loop.stop() }
      }
      if loop.features.contains(.anyDescriptor) {
        try watch.enable()
        return try run(loop)
      }
      let error = #expect(throws: LoopError.self) { try watch.enable() }
      #expect(error?.code == EPERM)
      #expect(!watch.isEnabled)
    }
  }
}
