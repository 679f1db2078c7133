import Platform

/// The terminal of this session, by a descriptor of it: which process group has it, and its modes.
public struct ControllingTerminal {
  /// Modes of a terminal; the corresponding C type is `struct termios`.
  public typealias Modes = termios

  /// The descriptor, which stays the caller's.
  public let number: Int32

  /// Takes a descriptor; nil for what is no terminal, and for the terminal of another session or of none.
  ///
  /// The corresponding C functions are `tcgetsid` and `getsid`.
  public init?(_ number: Int32) {
    let session = tcgetsid(number)
    guard session >= 0, session == getsid(0) else { return nil }
    self.number = number
  }

  /// Whether this session has a terminal at all.
  ///
  /// The corresponding C function is `open` of `/dev/tty`.
  public static var isThere: Bool {
    let number = upon_open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0)
    return Descriptor(owning: number).number >= 0
  }

  /// Whether another process group than that of this process has it: then it cannot be read.
  ///
  /// The corresponding C functions are `tcgetpgrp` and `getpgrp`.
  public var isElsewhere: Bool {
    let group = tcgetpgrp(number)
    return group >= 0 && group != getpgrp()
  }

  /// Gives it to the process group of this process, from whatever group has it.
  ///
  /// It needs `TTOU` to be ignored. The corresponding C function is `tcsetpgrp`.
  public func take() {
    tcsetpgrp(number, getpgrp())
  }

  /// Gives it to a process group of this session.
  public func give(to group: Int32) {
    tcsetpgrp(number, group)
  }

  /// Its modes now; nil when it has hung up.
  ///
  /// The corresponding C function is `tcgetattr`.
  public var modes: Modes? {
    var modes = Modes()
    return tcgetattr(number, &modes) == 0 ? modes : nil
  }

  /// Sets its modes, without waiting for what has been written to be out.
  ///
  /// The corresponding C function is `tcsetattr` with `TCSANOW`.
  public func set(_ modes: Modes) {
    var modes = modes
    tcsetattr(number, TCSANOW, &modes)
  }
}
