import Platform

/// What a descriptor waits for, and what is told of it.
///
/// The bits are the kernel's own, so that nothing is translated in the path of an event.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Something can be read, or the end has come; the corresponding C constant is `EPOLLIN`.
  public static let input = Readiness(rawValue: EPOLLIN.rawValue)
  /// There is room to write; the corresponding C constant is `EPOLLOUT`.
  public static let output = Readiness(rawValue: EPOLLOUT.rawValue)
  /// The peer has finished sending; the corresponding C constant is `EPOLLRDHUP`.
  public static let finished = Readiness(rawValue: EPOLLRDHUP.rawValue)
  /// Both directions are over; told always. The corresponding C constant is `EPOLLHUP`.
  public static let hangup = Readiness(rawValue: EPOLLHUP.rawValue)
  /// The descriptor has failed; told always. The corresponding C constant is `EPOLLERR`.
  public static let failure = Readiness(rawValue: EPOLLERR.rawValue)

  /// Told once for each arrival, as `EPOLLET` has it.
  static let byEdge = Readiness(rawValue: EPOLLET.rawValue)
}
