import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct ProgramTests {
    private func find(_ name: String, path: String?) throws(LoopError) -> String {
      text(try Program.find(name, path: path))
    }

    @Test func `searches the PATH in order`() throws {
      #expect(try find("sh", path: "/no/such:/bin:/usr/bin") == "/bin/sh")
      #expect(try find("sh", path: nil) == "/bin/sh")
      #expect(try find("/bin/sh", path: "") == "/bin/sh")
    }

    @Test func `remembers what was there but not executable`() {
      #expect(throws: LoopError(code: EACCES, operation: "passwd")) {
        try find("passwd", path: "/etc:/no/such")
      }
      #expect(throws: LoopError(code: EACCES, operation: "/etc")) { try find("/etc", path: nil) }
      #expect(throws: LoopError(code: ENOENT, operation: "no-such")) { try find("no-such", path: "/bin::") }
      #expect(throws: LoopError(code: ENOENT, operation: "")) { try find("", path: "/bin") }
    }

    @Test func `becomes the program`() {
      let status = inFork {
        let shell = Shell("exit 7")
        try Program.become(
          path: shell.request.path, arguments: shell.request.arguments,
          environment: shell.request.environment)
      }
      #expect(status == 7 << 8)
    }
  }
}
