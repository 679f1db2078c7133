extension Kind {
  /// `tcp-listen:[HOST:]PORT`: connections in.
  static let tcpListen = Kind(
    "tcp-listen", address: "[HOST:]PORT",
    help: "connections in: made, lines, silence, closed; do gets the connection",
    events: ListenPlan.events,
    settings: [
      ListenPlan.backlog, Setting("reuseport", help: "let other processes listen at the same port"),
      AllowedAddresses.setting,
    ] + ListenPlan.settings,
    fields: ListenPlan.fields + [.port],
    read: { (address, word) throws(UsageError) in
      let host = try HostPort(listening: address, by: "tcp-listen", in: word, over: .tcp)
      return CheckedAddress(host.text) { (settings) throws(UsageError) in
        ListenPlan(at: .tcp(host), settings)
      }
    })
}
