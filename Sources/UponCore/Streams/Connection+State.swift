import EventLoop

extension Connection {
  /// Why a connection is over.
  enum End: UInt8 {
    case peer, reset, timeout, error, unsent, upon

    var name: StaticString {
      switch self {
      case .peer: "peer"
      case .reset: "reset"
      case .timeout: "timeout"
      case .error: "error"
      case .unsent: "unsent"
      case .upon: "upon"
      }
    }
  }

  struct State: OptionSet {
    let rawValue: UInt16
    /// It is in the line of those that may go on, or of those that wait for the port.
    static let queued = State(rawValue: 1)
    /// It waits for input.
    static let reading = State(rawValue: 2)
    /// The peer has finished sending, or is gone.
    static let ended = State(rawValue: 4)
    /// It closes when all has been sent.
    static let closing = State(rawValue: 8)
    static let closed = State(rawValue: 16)
    /// A command has it, or gets it: upon does not read it.
    static let given = State(rawValue: 32)
    /// Its source has ended.
    static let lingering = State(rawValue: 64)
    /// Nobody is there to read an answer.
    static let gone = State(rawValue: 128)
    /// Its silence does not count at the moment.
    static let hushed = State(rawValue: 256)
    /// `end` has been offered.
    static let toldEnd = State(rawValue: 512)
  }

  /// Where the ends of a connection are.
  final class Endpoints {
    let peer: SocketAddress
    let local: SocketAddress?
    /// The process at the other end of a unix socket.
    let credentials: Credentials?

    init(peer: SocketAddress, local: SocketAddress?, credentials: Credentials?) {
      self.peer = peer
      self.local = local
      self.credentials = credentials
    }
  }
}
