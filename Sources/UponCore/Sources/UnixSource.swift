extension Kind {
  /// `unix:PATH`: a connection out to a unix socket.
  static let unix = Kind(
    "unix", address: "PATH", help: "the same to a unix socket; @NAME is an abstract one",
    events: ConnectPlan.events, settings: ConnectPlan.settings,
    fields: ConnectPlan.fields + StreamEvent.credentials,
    read: { (address, word) throws(UsageError) in
      let name = try SocketAddress(unix: address, in: word)
      let path = address.first == UInt8(ascii: "@") ? nil : address
      return CheckedAddress(address) { (settings) throws(UsageError) in
        try ConnectPlan(to: .unix(name, path: path), settings)
      }
    })
}
