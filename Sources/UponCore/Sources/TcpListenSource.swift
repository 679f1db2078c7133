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
    canonical: { (word, address) throws(UsageError) in
      try HostPort(listening: address, by: "tcp-listen", in: word, over: .tcp).text
    },
    plan: { (address, settings) throws(UsageError) in
      ListenPlan(
        at: .tcp(try HostPort(listening: address, by: "tcp-listen", in: Word(address), over: .tcp)), settings)
    })
}
