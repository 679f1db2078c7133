extension Kind {
  /// `unix-listen:PATH`: connections in on a unix socket.
  static let unixListen = Kind(
    "unix-listen", address: "PATH", help: "the same on a unix socket; @NAME is an abstract one",
    events: ListenPlan.events,
    settings: [ListenPlan.backlog, UnixPlace.mode, AllowedUsers.setting] + ListenPlan.settings,
    fields: ListenPlan.fields + StreamEvent.credentials,
    canonical: { (word, address) throws(UsageError) in
      _ = try SocketAddress(unix: address, in: word)
      return address
    },
    plan: { (address, settings) throws(UsageError) in
      ListenPlan(at: .unix(try UnixPlace(address, settings)), settings)
    })
}
