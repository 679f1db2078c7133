import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct SystemCallTests {
    @Test func `reading and writing a pipe never waits`() {
      let pipe = Pipe()
      var buffer = [UInt8](repeating: 0, count: 4096)
      #expect(upon_read_nowait(pipe.reader, &buffer, buffer.count) == -1)
      #expect(errno == EAGAIN || errno == EOPNOTSUPP)
      guard errno == EAGAIN else { return }
      var written = 0
      while true {
        let count = upon_write_nowait(pipe.writer, buffer, buffer.count)
        guard count > 0 else { break }
        written += count
      }
      #expect(errno == EAGAIN)
      #expect(upon_fionread(pipe.reader) == Int32(written))
      #expect(upon_read_nowait(pipe.reader, &buffer, 10) == 10)
      // The flags are as they were.
      #expect(upon_fcntl_get(pipe.reader, F_GETFL) & O_NONBLOCK == 0)
    }

    @Test func `file types are told`() {
      var status = stat()
      stat("/etc/passwd", &status)
      #expect(upon_file_type(status.st_mode) == Int32(Platform.S_IFREG))
      stat("/", &status)
      #expect(upon_file_type(status.st_mode) == Int32(Platform.S_IFDIR))
    }

    @Test func `dispositions are told and set`() {
      let status = inFork {
        try check(upon_set_disposition(SIGUSR2, 1) == 0)
        try check(upon_disposition(SIGUSR2) == UPON_IGNORED.rawValue)
        try check(upon_set_disposition(SIGUSR2, 0) == 0)
        try check(upon_disposition(SIGUSR2) == UPON_DEFAULT.rawValue)
        signal(SIGUSR2) { _ in }
        try check(upon_disposition(SIGUSR2) == UPON_HANDLED.rawValue)
        try check(upon_disposition(0) == -1)
      }
      #expect(status == 0)
    }
  }
}
