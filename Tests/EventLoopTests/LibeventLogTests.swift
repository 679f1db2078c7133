import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct LibeventLogTests {
    /// What watching a regular file, which epoll alone refuses and libevent complains about, leaves on
    /// standard error.
    private func complaint(verbose: Bool) -> String {
      let errors = Pipe()
      let status = inFork {
        dup2(errors.writer, 2)
        let loop = try EventLoop(verbose: verbose, backend: "epoll")
        let file = upon_open("/etc/passwd", O_RDONLY | O_CLOEXEC, 0)
        let watch = DescriptorWatch(loop: loop, descriptor: file, interest: .read, queue: .data) {}
        do {
          try watch.enable()
          try check(false)
        } catch let error as LoopError {
          try check(error.code == EPERM)
        }
      }
      #expect(status == 0)
      return errors.readAll()
    }

    @Test func `messages are one line or nothing`() {
      let line = complaint(verbose: true)
      #expect(line.hasPrefix("upon: libevent: Epoll ADD"))
      #expect(line.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
      #expect(complaint(verbose: false) == "")
    }
  }
}
