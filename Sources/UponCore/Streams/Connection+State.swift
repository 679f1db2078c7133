import EventLoop
import Platform

extension Connection {
  /// How far its life has come.
  enum Stage: UInt8 {
    /// What comes is offered.
    case open
    /// upon closes it: what is owed is sent, what comes is discarded.
    case closing
    case closed
  }

  /// Why nothing more comes, or why it is over.
  enum End: Equatable {
    /// The peer has finished sending.
    case peer
    case reset
    case timeout
    case error(errno: Int32)
    /// The peer does not read what is sent.
    case unsent
    case upon

    /// How a failed transfer ends it.
    init(errno code: Int32) {
      self =
        switch code {
        case ECONNRESET, EPIPE: .reset
        case ETIMEDOUT: .timeout
        default: .error(errno: code)
        }
    }

    /// As `reason` has it.
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

    /// Whether the peer can still be answered.
    var leavesReader: Bool { self == .peer }

    /// Whether what was written may still be on its way to a peer that goes on sending.
    var takesLeave: Bool { self == .upon }

    /// What an `error` event in front of `close` says.
    var message: String? {
      switch self {
      case .error(let code): systemError(code)
      case .unsent: "more than \(Outgoing.limit >> 20) MiB wait to be sent"
      case .peer, .reset, .timeout, .upon: nil
      }
    }
  }

  /// What is true of it beside its stage.
  struct State: OptionSet {
    let rawValue: UInt16
    /// It is in the line of those that may go on, or of those that wait for the port.
    static let queued = State(rawValue: 1)
    /// It waits for input.
    static let reading = State(rawValue: 2)
    /// A command has it, or gets it: upon does not read it.
    static let given = State(rawValue: 4)
    /// Its source has ended.
    static let lingering = State(rawValue: 8)
    /// Nobody is there to read an answer.
    static let gone = State(rawValue: 16)
    /// Its silence does not count at the moment.
    static let hushed = State(rawValue: 32)
    /// `end` has been offered.
    static let toldEnd = State(rawValue: 64)
    /// What is read next needs room to write first.
    static let readsByOutput = State(rawValue: 128)
    /// What is written next needs input first.
    static let writesByInput = State(rawValue: 256)
    /// A part of a record has been offered, and its end has not.
    static let insideRecord = State(rawValue: 512)
  }

  /// What is known of the ends of a connection that a command gets, or of a unix socket.
  final class Endpoints {
    let local: SocketAddress?
    /// The path of a listener of upon's own: its socket was bound under another name.
    let path: [UInt8]?
    /// The process at the other end of a unix socket.
    let credentials: Credentials?

    init(local: SocketAddress?, path: [UInt8]? = nil, credentials: Credentials?) {
      self.local = local
      self.path = path
      self.credentials = credentials
    }
  }
}
