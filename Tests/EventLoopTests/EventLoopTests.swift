import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct LoopTests {
    @Test func `a stop before the run holds`() throws {
      let loop = try EventLoop.tested()
      loop.stop()
      try run(loop)
      let again = Timer(loop: loop) { _ in loop.stop() }
      again.arm(at: 0)
      try run(loop)
      #expect(again.deadline == nil)
    }

    @Test func `waits by epoll unless told otherwise`() throws {
      #expect(try EventLoop(verbose: false).method == "epoll")
      #expect(try EventLoop.tested().method == EveryBackend.current)
      #expect(throws: LoopError.self) { try EventLoop(verbose: false, backend: "kqueue") }
    }

    @Test func `knows what the mechanisms can do`() throws {
      #expect(
        try Backend.all() == [
          Backend(name: "epoll", features: [.edgeTriggered, .constantTime, .earlyClose]),
          Backend(name: "poll", features: [.anyDescriptor, .earlyClose]),
          Backend(name: "select", features: .anyDescriptor),
        ])
      #expect(Set(Backend.names).isSubset(of: Backend.known))
    }

    /// Select writes beyond its sets with a larger number, and the C library then ends the process.
    @Test func `refuses a descriptor that select cannot hold`() throws {
      let status = inFork {
        try check(
          setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), [rlimit(rlim_cur: 4096, rlim_max: 4096)])
            == 0)
        let loop = try EventLoop.tested()
        let pipe = Pipe()
        pipe.send("x")
        for number: Int32 in [1023, 1024, 4000] {
          try check(dup2(pipe.reader, number) == number)
          let watch = DescriptorWatch(loop: loop, descriptor: number, interest: .read, queue: .data) {
            loop.stop()
          }
          let isRefused = EveryBackend.current == "select" && number >= 1024
          do {
            try watch.enable()
            try check(!isRefused)
            try loop.run()
          } catch let error as LoopError {
            try check(isRefused && error.code == EMFILE && !watch.isEnabled)
          }
        }
      }
      #expect(status == 0)
    }

    @Test func `an urgent timer comes between busy descriptors`() throws {
      let loop = try EventLoop.tested()
      let pipe = Pipe()
      pipe.send("x")
      var due = Int64.max
      var allCalls = 0
      var callsSinceDue = 0
      var watches: [DescriptorWatch] = []
      var copies: [Int32] = []
      for _ in 0..<100 {
        let copy = upon_fcntl_set(pipe.reader, F_DUPFD_CLOEXEC, 3)
        copies.append(copy)
        let watch = DescriptorWatch(loop: loop, descriptor: copy, interest: .read, queue: .data) {
          let end = Clock.monotonic() + millisecond / 5
          allCalls += 1
          if end > due { callsSinceDue += 1 }
          while Clock.monotonic() < end {}
        }
        try watch.enable()
        watches.append(watch)
      }
      var calls: [Int] = []
      var ticks: Timer?
      due = Clock.monotonic()
      ticks = Timer(loop: loop) { now in
        calls.append(callsSinceDue)
        if calls.count == 20 { return loop.stop() }
        callsSinceDue = 0
        due = now + 5 * millisecond
        ticks?.arm(at: due)
      }
      ticks?.arm(at: due)
      try run(loop)
      ticks = nil
      watches = []
      for copy in copies { close(copy) }
      // A whole round has a hundred calls; a batch ends after a millisecond, which is five of them.
      calls.sort()
      #expect(calls[10] < 12)
      #expect(allCalls > 20)
    }

    @Test func `every descriptor is close on exec`() {
      let status = inFork {
        let before = (0..<256).filter { upon_fcntl_get($0, F_GETFD) >= 0 }
        let loop = try EventLoop.tested()
        let pipe = Pipe()
        let hangup = try HangupWatch(loop: loop, descriptor: pipe.writer) {}
        let signals = try SignalQueue(loop: loop) { _ in }
        let children = Children(loop: loop, dispositions: .capture())
        let child = try children.start(Shell("exit 0")) { _ in loop.stop() }
        let opened = (0..<256).filter { upon_fcntl_get($0, F_GETFD) >= 0 && !before.contains($0) }
        try check(opened.count >= 6)
        for number in opened { try check(upon_fcntl_get(number, F_GETFD) & FD_CLOEXEC != 0) }
        try loop.run()
        try check(!child.isRunning && hangup != nil)
        signals.close()
      }
      #expect(status == 0)
    }

    @Test func `everything gives its descriptors back`() {
      let status = inFork {
        let before = openDescriptors()
        for _ in 0..<3 {
          let loop = try EventLoop.tested()
          let pipe = Pipe()
          let edge = try EdgeWatch(
            loop: loop, descriptor: pipe.reader, interest: .read, queue: .data, handler: { _ in })
          let hangup = try HangupWatch(loop: loop, descriptor: pipe.writer) {}
          let signals = try SignalQueue(loop: loop) { _ in }
          try signals.watch([SIGUSR1])
          let children = Children(loop: loop, dispositions: .capture())
          let shell = Shell("exit 0")
          let child = try children.start(shell) { _ in loop.stop() }
          try loop.run()
          try check(!child.isRunning)
          try check(hangup != nil)
          edge.disable()
        }
        try check(openDescriptors() == before)
      }
      #expect(status == 0)
    }
  }
}
