import Platform

/// Owns a descriptor of a file or directory, and closes it.
final class OpenFile {
  let number: Int32

  /// Takes a descriptor; throws the `errno` that is there negated in its place.
  init(_ result: Int32) throws(FileErrno) {
    guard result >= 0 else { throw FileErrno(code: -result) }
    number = result
  }

  deinit { close(number) }
}
