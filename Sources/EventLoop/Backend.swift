import CLibevent
import Platform

/// A mechanism of the kernel by which libevent waits.
public struct Backend: Equatable, Sendable {
  /// What a mechanism can do.
  public struct Features: OptionSet, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Changes alone can be asked for; the corresponding C constant is `EV_FEATURE_ET`.
    public static let edgeTriggered = Features(EV_FEATURE_ET)
    /// A wake-up costs the same however many descriptors are watched (`EV_FEATURE_O1`).
    public static let constantTime = Features(EV_FEATURE_O1)
    /// Regular files can be watched too (`EV_FEATURE_FDS`).
    public static let anyDescriptor = Features(EV_FEATURE_FDS)
    /// The end of a stream is told while data in front of it is unread (`EV_FEATURE_EARLY_CLOSE`).
    public static let earlyClose = Features(EV_FEATURE_EARLY_CLOSE)

    private init(_ feature: event_method_feature) {
      self.init(rawValue: Int32(bitPattern: feature.rawValue))
    }
  }

  /// The name as libevent has it.
  public let name: String
  public let features: Features

  /// The names of all that libevent has on some system.
  public static let known = [
    "epoll", "kqueue", "evport", "devpoll", "poll", "select", "win32", "wepoll", "epoll (with changelist)",
  ]

  /// The names of those that are here, the best first.
  ///
  /// The corresponding C function is `event_get_supported_methods`.
  public static var names: [String] {
    guard var next = event_get_supported_methods() else { return [] }
    var names: [String] = []
    while let name = next.pointee {
      names.append(String(cString: name))
      next += 1
    }
    return names
  }

  /// Returns those that are here, the best first, with what they can do.
  ///
  /// The corresponding C function is `event_base_get_features`.
  public static func all() throws(LoopError) -> [Backend] {
    var all: [Backend] = []
    for name in names {
      let features = try EventLoop(verbose: false, backend: name).features
      all.append(Backend(name: name, features: features))
    }
    return all
  }

  /// The number that a descriptor must be below, nil where there is no bound.
  ///
  /// A larger one would write beyond a set of `select`, which libevent does not look at.
  static func bound(of name: String) -> Int32? {
    name == "select" ? Int32(FD_SETSIZE) : nil
  }
}
