extension Kind {
  /// `tcp:HOST:PORT`: a connection out.
  static let tcp = Kind(
    "tcp", address: "HOST:PORT", help: "a connection to a host: made, lines, silence, closed",
    events: ConnectPlan.events, settings: ConnectPlan.settings, fields: ConnectPlan.fields,
    read: { (address, word) throws(UsageError) in
      let target = try HostPort(connecting: address, by: "tcp", in: word)
      return CheckedAddress(target.text) { (settings) throws(UsageError) in
        try ConnectPlan(to: .host(target), settings)
      }
    })
}
