import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct DispositionsTests {
    @Test func `are adopted and put back as found`() {
      let status = inFork {
        for signal in [SIGPIPE, SIGTTIN, SIGTTOU] { upon_set_disposition(signal, 0) }
        for signal in [SIGCHLD, SIGHUP] { upon_set_disposition(signal, 1) }
        let found = Dispositions.capture()
        try check(found.isIgnored(SIGCHLD) && found.isIgnored(SIGHUP) && !found.isIgnored(SIGPIPE))
        found.adopt()
        try check(upon_disposition(SIGCHLD) == UPON_DEFAULT.rawValue)
        try check(upon_disposition(SIGPIPE) == UPON_IGNORED.rawValue)
        upon_set_disposition(SIGHUP, 0)
        found.restore()
        try check(Dispositions.capture() == found)
      }
      #expect(status == 0)
    }

    @Test func `a child gets them as found`() {
      let output = Pipe()
      let status = inFork {
        for signal in Int32(1)...31 where ![SIGKILL, SIGSTOP, SIGALRM].contains(signal) {
          upon_set_disposition(signal, 0)
        }
        upon_set_disposition(SIGHUP, 1)
        upon_set_disposition(SIGCHLD, 1)
        let found = Dispositions.capture()
        found.adopt()
        SignalMask.change(SIG_BLOCK, [SIGINT, SIGTERM])
        let loop = try EventLoop.tested()
        let children = Children(loop: loop, dispositions: found)
        let shell = Shell(program: "/bin/cat", arguments: ["cat", "/proc/self/status"])
        shell.request.output = output.writer
        var status: Ending?
        _ = try children.start(shell) {
          status = $0
          loop.stop()
        }
        try loop.run()
        try check(status == .exited(0))
      }
      #expect(status == 0)
      let lines = output.readAll().split(separator: "\n")
      func bits(_ name: String) -> UInt64? {
        let line = lines.first { $0.hasPrefix(name) }
        return line.flatMap { UInt64($0.dropFirst(name.count).drop { $0 == "\t" }, radix: 16) }
      }
      #expect(bits("SigBlk:") == 0)
      // 32 and 33 stay as they were inherited.
      #expect(bits("SigIgn:").map { $0 & 0x7fff_ffff } == 1 << UInt64(SIGHUP - 1) | 1 << UInt64(SIGCHLD - 1))
      #expect(bits("SigCgt:") == 0)
    }
  }
}
