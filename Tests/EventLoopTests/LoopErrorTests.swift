import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct LoopErrorTests {
    @Test func `reads as what was tried and why`() {
      let error = LoopError(code: ENOENT, operation: "/no/such")
      #expect(error.description == "/no/such: No such file or directory")
    }
  }
}
