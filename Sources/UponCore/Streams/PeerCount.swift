import Platform

/// How many connections each address, or each user of a unix socket, has open. An IPv6 address counts as its network of
/// 64 bits, which is what one subscriber has.
final class PeerCount {
  private enum Peer: Hashable {
    case network(ArraySlice<UInt8>)
    case user(UInt32)
  }

  private let limit: Int
  private var counts: [Peer: Int] = [:]
  private var peers: [UInt64: Peer] = [:]

  init(limit: Int) {
    self.limit = limit
  }

  func hasRoom(for address: SocketAddress, _ credentials: Credentials?) -> Bool {
    counts[Self.peer(address, credentials), default: 0] < limit
  }

  func add(_ id: UInt64, _ address: SocketAddress, _ credentials: Credentials?) {
    let peer = Self.peer(address, credentials)
    peers[id] = peer
    counts[peer, default: 0] += 1
  }

  /// Counts what another has counted, too.
  func adopt(_ other: PeerCount) {
    peers.merge(other.peers) { own, _ in own }
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  func remove(_ id: UInt64) {
    guard let peer = peers.removeValue(forKey: id), let count = counts[peer] else { return }
    counts[peer] = count > 1 ? count - 1 : nil
  }

  private static func peer(_ address: SocketAddress, _ credentials: Credentials?) -> Peer {
    if let credentials { return .user(credentials.uid) }
    let ip = address.ip ?? []
    return .network(ip.count == 16 ? ip[..<8] : ip[...])
  }
}
