import Platform

/// The exit statuses by which upon itself says how it has ended; those of commands and of `exit=` pass through.
public enum OwnStatus {
  /// Sources ended before the wait was satisfied.
  public static let unsatisfied: Int32 = 1
  /// The arguments are wrong; the corresponding C constant is `EX_USAGE`.
  public static let usage: Int32 = 64
  /// All is done, and a command had failed; as xargs has it.
  public static let commandFailed: Int32 = 123
  /// `-t` has passed, or a run took longer than its `timeout=`; as timeout has it.
  public static let timedOut: Int32 = 124
  /// A source could not be watched, or an output not be written.
  public static let failed: Int32 = 125
  /// A program could not be run; as shells have it.
  public static let notExecutable: Int32 = 126
  /// A program was not found; as shells have it.
  public static let notFound: Int32 = 127
  /// What is added to the number of a signal where that has ended a process; as shells have it.
  public static let signalBase: Int32 = 128

  /// The statuses with a name, as the manual lists them.
  public static let all = [unsatisfied, usage, commandFailed, timedOut, failed, notExecutable, notFound]

  /// The status of a program that could not be started, by what `execve` has said.
  static func ofProgram(_ code: Int32) -> Int32 {
    code == ENOENT || code == ENOTDIR ? notFound : notExecutable
  }
}
