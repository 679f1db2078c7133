import Platform

/// Owns a descriptor that this module has opened, and closes it.
struct Descriptor: ~Copyable {
  let number: Int32

  /// Takes what a system call has returned; throws its `errno` when that is negative.
  init(_ result: Int32, _ operation: @autoclosure () -> String) throws(LoopError) {
    guard result >= 0 else {
      let code = errno
      throw LoopError(code: code, operation: operation())
    }
    number = result
  }

  deinit {
    close(number)
  }
}
