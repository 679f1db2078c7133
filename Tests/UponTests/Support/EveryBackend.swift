import EventLoop
import Foundation
import Testing

/// Runs each test of a suite once for each mechanism that libevent has here.
///
/// The `upon` of the scripts is then one that adds `--backend`.
struct EveryBackend: SuiteTrait, TestTrait, TestScoping {
  /// A directory with that `upon` in it; nil for the program as it is, which waits by the best.
  @TaskLocal static var directory: String?

  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await function()
    for name in Backend.names.dropFirst() {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/upon"
      try directory.write(
        "#!/bin/sh\nexec '\(Shell.binary.path)' --backend \(name) \"$@\"\n".utf8, to: "upon")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      try await Self.$directory.withValue(directory.path) { try await function() }
    }
  }
}

extension Trait where Self == EveryBackend {
  static var everyBackend: Self { EveryBackend() }
}
