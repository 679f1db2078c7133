extension Kind {
  /// `unix:PATH`: a connection out to a unix socket.
  static let unix = Kind(
    "unix", address: "PATH", help: "the same to a unix socket; @NAME is an abstract one",
    events: ConnectPlan.events, settings: ConnectPlan.settings,
    fields: ConnectPlan.fields + StreamEvent.credentials,
    canonical: { (word, address) throws(UsageError) in
      _ = try SocketAddress(unix: address, in: word)
      return address
    },
    plan: { (address, settings) throws(UsageError) in
      let path = address.first == UInt8(ascii: "@") ? nil : address
      return try ConnectPlan(
        to: .unix(try SocketAddress(unix: address, in: Word(address)), path: path), settings)
    })
}
