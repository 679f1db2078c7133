import Platform

extension ListeningSocket {
  /// Opens, binds and listens at an internet address.
  private static func open(
    _ address: SocketAddress, backlog: Int32, reusesPort: Bool
  ) throws(BindRefusal) -> ListeningSocket {
    let descriptor = try address.bound(type: upon_stream_type()) {
      prepare($0, reusesPort: reusesPort)
    } finish: {
      Platform.listen($0, backlog)
    }
    return ListeningSocket(owning: descriptor)
  }

  /// Opens every address of a place with one port.
  static func open(_ endpoint: HostPort, backlog: Int32, reusesPort: Bool) throws(SourceFailure)
    -> [ListeningSocket]
  {
    try endpoint.bind(
      port: { $0.local?.port ?? 0 },
      open: { (address) throws(BindRefusal) in
        try open(address, backlog: backlog, reusesPort: reusesPort)
      })
  }

  /// Connections inherit their options from the listening socket.
  private static func prepare(_ descriptor: Int32, reusesPort: Bool) {
    _ = upon_set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    _ = upon_set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
    if reusesPort { _ = upon_set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
  }
}
