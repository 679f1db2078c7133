import Platform

/// Owns a descriptor of this process, and closes it.
public struct Descriptor: ~Copyable {
  /// Its number; valid as long as the value.
  public let number: Int32

  /// Takes over a descriptor that is open; a negative number stands for none.
  public init(owning number: Int32) {
    self.number = number
  }

  /// Takes what a system call has returned; throws its `errno` when that is negative.
  public init(_ result: Int32, _ operation: @autoclosure () -> String) throws(LoopError) {
    guard result >= 0 else {
      let code = errno
      throw LoopError(code: code, operation: operation())
    }
    number = result
  }

  /// Makes reading and writing return at once; only for what nobody else has open.
  ///
  /// The corresponding C function is `fcntl` with `F_SETFL`.
  public func setNonblocking() {
    _ = upon_fcntl_set(number, F_SETFL, O_NONBLOCK)
  }

  /// Makes reading and writing wait, for a process that gets it.
  public func setBlocking() {
    _ = upon_fcntl_set(number, F_SETFL, 0)
  }

  deinit {
    if number >= 0 { close(number) }
  }
}

/// A pipe whose two ends have an owner each; both are close-on-exec.
public struct Pipe: ~Copyable {
  private var reading: Descriptor?
  private var writing: Descriptor?

  /// Makes a pipe whose ends block.
  ///
  /// The corresponding C function is `pipe2`.
  public init() throws(LoopError) {
    var ends: (Int32, Int32) = (-1, -1)
    let made = withUnsafeMutableBytes(of: &ends) {
      pipe2($0.baseAddress?.assumingMemoryBound(to: Int32.self), Int32(O_CLOEXEC))
    }
    guard made == 0 else { throw LoopError(code: errno, operation: "make a pipe") }
    reading = Descriptor(owning: ends.0)
    writing = Descriptor(owning: ends.1)
  }

  /// Gives away the end that is read; once.
  public mutating func takeReadEnd() -> Descriptor {
    reading.take()!
  }

  /// Gives away the end that is written; once.
  public mutating func takeWriteEnd() -> Descriptor {
    writing.take()!
  }
}
