extension Kind {
  /// `unix-dgram-listen:PATH`: datagrams on a unix socket.
  static let unixDgramListen = Kind(
    "unix-dgram-listen", address: "PATH", help: "the same on a unix socket; @NAME is an abstract one",
    events: DatagramEvent.table,
    settings: [UnixEndpoint.mode] + DatagramPlan.settings,
    fields: DatagramPlan.fields,
    read: { (address, word) throws(UsageError) in
      let name = try SocketAddress(unix: address, in: word)
      return CheckedAddress(address) { (settings) throws(UsageError) in
        DatagramPlan(at: .unix(try UnixEndpoint(name, typed: address, settings)), settings)
      }
    })
}
