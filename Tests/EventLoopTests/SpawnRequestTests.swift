import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct SpawnRequestTests {
    /// Runs a request to its end and returns what it wrote on the pipe given as its output.
    private func output(_ shell: Shell, _ pipe: Pipe) throws -> String {
      let loop = try EventLoop.tested()
      let children = Children(loop: loop, dispositions: Dispositions(ignored: 0))
      var status: Ending?
      _ = try children.start(shell) {
        status = $0
        loop.stop()
      }
      try run(loop)
      #expect(status == .exited(0))
      return pipe.readAll()
    }

    @Test func `standard descriptors come in any order`() {
      for permutation in [
        [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [1, 1, 1], [2, 2, 0],
      ] {
        let pipes = [Pipe(), Pipe(), Pipe()]
        let status = inFork {
          // All of them close-on-exec, as what upon opens for itself.
          for number in 0..<3 { dup3(pipes[number].writer, Int32(number) + 200, O_CLOEXEC) }
          for number in Int32(0)..<3 { close(number) }
          for number in Int32(0)..<3 { dup3(number + 200, number, O_CLOEXEC) }
          let loop = try EventLoop.tested()
          let children = Children(loop: loop, dispositions: Dispositions(ignored: 0))
          let shell = Shell("printf 0 >&0; printf 1 >&1; printf 2 >&2")
          shell.request.input = Int32(permutation[0])
          shell.request.output = Int32(permutation[1])
          shell.request.errors = Int32(permutation[2])
          _ = try children.start(shell) { _ in loop.stop() }
          try loop.run()
        }
        #expect(status == 0)
        for number in 0..<3 {
          let expected = (0..<3).filter { permutation[$0] == number }.map(String.init).joined()
          #expect(pipes[number].readAll() == expected, "\(permutation)")
        }
      }
    }

    @Test func `no further descriptor is inherited but the one kept`() throws {
      let pipe = Pipe()
      let other = Pipe()
      let high = upon_fcntl_set(other.reader, F_DUPFD, 100)
      let kept = upon_fcntl_set(other.reader, F_DUPFD_CLOEXEC, 50)
      defer {
        close(high)
        close(kept)
      }
      let script =
        "for n in 0 1 2 3 4 5 6 7 8 9 \(kept) \(high); do [ -e /proc/$$/fd/$n ] && echo $n; done; :"
      let shell = Shell(script)
      shell.request.output = pipe.writer
      #expect(try output(shell, pipe).split(separator: "\n") == ["0", "1", "2"])
      let again = Pipe()
      shell.request.output = again.writer
      shell.request.keep = kept
      #expect(try output(shell, again).split(separator: "\n") == ["0", "1", "2", "\(kept)"])
      #expect(upon_fcntl_get(kept, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func `runs in its folder with its limit in its group`() throws {
      let pipe = Pipe()
      let shell = Shell(
        "pwd; ulimit -Sn; ulimit -Hn; read x < /proc/$$/stat; set -- $x; [ $1 = $5 ] && echo leads")
      shell.request.output = pipe.writer
      shell.request.descriptorLimit = SpawnRequest.DescriptorLimit(soft: 99, hard: 101)
      let folder = strdup("/usr")
      defer { free(folder) }
      shell.request.directory = UnsafePointer(folder)
      #expect(try output(shell, pipe) == "/usr\n99\n101\nleads\n")
    }

    @Test func `without a group it stays in ours`() throws {
      let pipe = Pipe()
      let shell = Shell("read x < /proc/$$/stat; set -- $x; echo $5")
      shell.request.output = pipe.writer
      shell.request.group = false
      #expect(try output(shell, pipe) == "\(getpgrp())\n")
    }

    @Test func `what kept it from running is thrown`() throws {
      let loop = try EventLoop.tested()
      let children = Children(loop: loop, dispositions: Dispositions(ignored: 0))
      var name = Array("/tmp/upon-test-XXXXXX".utf8CString)
      let file = mkstemp(&name)
      write(file, "not a program", 13)
      fchmod(file, 0o700)
      close(file)
      defer { unlink(name) }
      let before = SignalMask.current().contains(SIGTERM)
      for (program, code) in [
        ("/no/such", ENOENT), ("/etc/passwd", EACCES), (text(name), ENOEXEC),
      ] {
        let error = #expect(throws: LoopError.self) {
          _ = try children.start(Shell("", program: program)) { _ in }
        }
        #expect(error == LoopError(code: code, operation: program))
      }
      let shell = Shell("exit 0")
      shell.request.output = 999
      let error = #expect(throws: LoopError.self) { _ = try children.start(shell) { _ in } }
      #expect(error?.code == EBADF)
      #expect(children.count == 0)
      #expect(SignalMask.current().contains(SIGTERM) == before)
    }

    @Test(arguments: [false, true]) func `a killed parent takes what is not detached with it`(detach: Bool)
      throws
    {
      let alive = Pipe()
      let status = inFork {
        let loop = try EventLoop.tested()
        let children = Children(loop: loop, dispositions: Dispositions(ignored: 0))
        let shell = Shell("exec sleep \(detach ? "0.2" : "100")")
        shell.request.detach = detach
        shell.request.output = alive.writer
        _ = try children.start(shell) { _ in }
        kill(getpid(), SIGKILL)
      }
      #expect(status & 0x7f == SIGKILL)
      let start = Clock.monotonic()
      // The end comes when the process that holds the other end has gone.
      #expect(alive.readAll() == "")
      let elapsed = Clock.monotonic() - start
      #expect(detach ? elapsed > 100 * millisecond : elapsed < 5000 * millisecond)
    }
  }
}
