extension Kind {
  /// `unix-dgram-listen:PATH`: datagrams on a unix socket.
  static let unixDgramListen = Kind(
    "unix-dgram-listen", address: "PATH", help: "the same on a unix socket; @NAME is an abstract one",
    events: DatagramEvent.table,
    settings: [UnixPlace.mode] + DatagramPlan.settings,
    fields: DatagramPlan.fields,
    canonical: { (word, address) throws(UsageError) in
      _ = try SocketAddress(unix: address, in: word)
      return address
    },
    plan: { (address, settings) throws(UsageError) in
      DatagramPlan(at: .unix(try UnixPlace(address, settings)), settings)
    })
}
