import Testing

@testable import EventLoop

/// Runs each test of a suite once for each mechanism that libevent has here.
struct EveryBackend: SuiteTrait, TestTrait, TestScoping {
  /// The mechanism of the test that is running; nil outside of the trait.
  @TaskLocal static var current: String?

  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    for name in Backend.names {
      try await Self.$current.withValue(name) { try await function() }
    }
  }
}

extension Trait where Self == EveryBackend {
  static var everyBackend: Self { EveryBackend() }
}

extension EventLoop {
  /// Makes a loop that waits by the mechanism under test.
  static func tested(verbose: Bool = false) throws(LoopError) -> EventLoop {
    try EventLoop(verbose: verbose, backend: EveryBackend.current)
  }
}
