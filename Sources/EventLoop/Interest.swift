import CLibevent

/// What a watch waits for.
public struct Interest: OptionSet, Sendable {
  /// The bits of libevent.
  public let rawValue: Int32

  /// Makes a set from libevent's bits.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Something can be read, or the end has come; the corresponding C constant is `EV_READ`.
  public static let read = Interest(rawValue: EV_READ)
  /// Something can be written, or nobody reads; the corresponding C constant is `EV_WRITE`.
  public static let write = Interest(rawValue: EV_WRITE)
  /// Only changes count; the corresponding C constant is `EV_ET`, which needs epoll.
  public static let edge = Interest(rawValue: EV_ET)
}
