import Platform

/// Finds and becomes programs.
public enum Program {
  /// Returns the path, with its NUL, of the file that `name` stands for along `path`; nil means the default.
  ///
  /// Throws `ENOENT`, or `EACCES` when something was there that cannot be executed. The search is that of
  /// `execvp`.
  public static func find(
    _ name: UnsafePointer<CChar>, path: UnsafePointer<CChar>?
  ) throws(LoopError) -> [CChar] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let code = upon_find_program(name, path, &buffer, buffer.count)
    guard code == 0 else { throw LoopError(code: code, operation: String(cString: name)) }
    return Array(buffer[...strlen(buffer)])
  }

  /// Replaces this process by a program; returns only to throw.
  ///
  /// Before, the caller closes the `SignalQueue` and restores the `Dispositions`. The corresponding C
  /// function is `execve`.
  public static func become(
    path: UnsafePointer<CChar>, arguments: SpawnRequest.Strings, environment: SpawnRequest.Strings
  ) throws(LoopError) -> Never {
    execve(path, arguments, environment)
    let code = errno
    throw LoopError(code: code, operation: String(cString: path))
  }
}
