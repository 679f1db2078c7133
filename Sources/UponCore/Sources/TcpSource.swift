extension Kind {
  /// `tcp:HOST:PORT`: a connection out.
  static let tcp = Kind(
    "tcp", address: "HOST:PORT", help: "a connection to a host: made, lines, silence, closed",
    events: ConnectPlan.events, settings: ConnectPlan.settings, fields: ConnectPlan.fields,
    canonical: { (word, address) throws(UsageError) in
      try HostPort(connecting: address, by: "tcp", in: word).text
    },
    plan: { (address, settings) throws(UsageError) in
      let place = try HostPort(connecting: address, by: "tcp", in: Word(address))
      return try ConnectPlan(to: .host(place), settings)
    })
}
