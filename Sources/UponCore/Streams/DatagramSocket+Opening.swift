import Platform

/// Where datagrams come to.
enum DatagramEndpoint: Sendable, Equatable {
  case udp(HostPort)
  case unix(UnixEndpoint)
  /// A socket of the caller.
  case inherited(Int32)
}

extension DatagramSocket {
  /// What the kernel may hold for a reader that is late, as far as the system lets it.
  private static let buffer: Int32 = 4 << 20

  /// Opens the sockets of a place; nothing is received yet.
  static func open(_ endpoint: DatagramEndpoint) throws(SourceFailure) -> [DatagramSocket] {
    switch endpoint {
    case .udp(let endpoint):
      return try endpoint.bind(
        port: \.port,
        open: { (address) throws(BindRefusal) in
          let descriptor = try address.bound(
            type: upon_datagram_type(), prepare: { prepare($0, for: address) })
          return DatagramSocket(owning: descriptor)
        })
    case .unix(let endpoint):
      let (descriptor, path) = try endpoint.bound(type: upon_datagram_type())
      return [DatagramSocket(owning: descriptor, at: path)]
    case .inherited(let number):
      return [DatagramSocket(borrowing: number)]
    }
  }

  private static func prepare(_ descriptor: Int32, for address: SocketAddress) {
    _ = upon_set_option(descriptor, SOL_SOCKET, SO_RCVBUF, buffer)
    if address.isWildcard { upon_tell_datagram_targets(descriptor, address.family) }
  }
}
