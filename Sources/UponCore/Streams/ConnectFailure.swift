import Platform

/// Why an attempt at all addresses of a place has failed, as a person reads it.
struct ConnectFailure {
  let reason: String
  /// Whether nothing answers there: every address has refused, reset or not answered, or cannot be reached from here.
  let isDown: Bool

  /// A message names no more addresses than a person reads.
  private static let mostNamed = 3

  /// A name that does not resolve says nothing about what it stands for.
  init(unresolved reason: String) {
    self.reason = reason
    isDown = false
  }

  init(_ failures: [AddressRace.Failure]) {
    isDown =
      failures.contains { Self.showsAbsence($0.code) }
      && failures.allSatisfy { Self.showsAbsence($0.code) || Self.showsNothing($0.code) }
    guard let first = failures.first else {
      reason = "the name has no address"
      return
    }
    if failures.allSatisfy({ $0.code == first.code }) {
      reason = systemError(first.code)
      return
    }
    var parts = failures.map { "\($0.address.text): \(systemError($0.code))" }
    if parts.count > Self.mostNamed {
      parts[(Self.mostNamed - 1)...] = ["and \(parts.count - Self.mostNamed + 1) more"]
    }
    reason = parts.joined(separator: ", ")
  }

  /// Whether the error says that nobody is there. A host that is gone is told as unreachable by its neighbours.
  private static func showsAbsence(_ code: Int32) -> Bool {
    [ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH, EHOSTDOWN, ENOENT, ENOTDIR].contains(code)
  }

  /// Whether the error is about this machine's own network, such as an IPv6 address where there is no IPv6.
  private static func showsNothing(_ code: Int32) -> Bool {
    [ENETUNREACH, EAFNOSUPPORT, EADDRNOTAVAIL].contains(code)
  }
}
