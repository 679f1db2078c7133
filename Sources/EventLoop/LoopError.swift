import Platform

/// A system call, or a call of libevent, that failed.
///
/// `code` is the `errno` it left.
public struct LoopError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The `errno` of the failure.
  public let code: Int32

  /// What was tried, as it reads before a colon: `watch descriptor 3`.
  public let operation: String

  /// Makes an error from an `errno` and the words for what was tried.
  public init(code: Int32, operation: String) {
    self.code = code
    self.operation = operation
  }

  /// Reads as `watch descriptor 3: Operation not permitted`; the corresponding C function is `strerror`.
  public var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
