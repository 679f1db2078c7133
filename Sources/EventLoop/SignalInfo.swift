/// One signal that has arrived.
public struct SignalInfo: Sendable {
  /// The number of the signal.
  public let number: Int32
  /// The process that sent it; nil when the kernel did.
  public let pid: Int32?
  /// The real user of that process; nil when the kernel sent it.
  public let uid: UInt32?
}
