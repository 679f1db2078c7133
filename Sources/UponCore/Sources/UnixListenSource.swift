extension Kind {
  /// `unix-listen:PATH`: connections in on a unix socket.
  static let unixListen = Kind(
    "unix-listen", address: "PATH", help: "the same on a unix socket; @NAME is an abstract one",
    events: ListenPlan.events,
    settings: [ListenPlan.backlog, UnixEndpoint.mode, AllowedUsers.setting] + ListenPlan.settings,
    fields: ListenPlan.fields + StreamEvent.credentials,
    read: { (address, word) throws(UsageError) in
      let name = try SocketAddress(unix: address, in: word)
      return CheckedAddress(address) { (settings) throws(UsageError) in
        ListenPlan(at: .unix(try UnixEndpoint(name, typed: address, settings)), settings)
      }
    })
}
