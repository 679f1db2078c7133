extension Kind {
  /// `udp-listen:[HOST:]PORT`: datagrams.
  static let udpListen = Kind(
    "udp-listen", address: "[HOST:]PORT", help: "datagrams, each a record", events: DatagramEvent.table,
    settings: [AllowedAddresses.setting] + DatagramPlan.settings, fields: DatagramPlan.fields + [.port],
    canonical: { (word, address) throws(UsageError) in
      try HostPort(listening: address, by: "udp-listen", in: word, over: .udp).text
    },
    plan: { (address, settings) throws(UsageError) in
      let place = try HostPort(listening: address, by: "udp-listen", in: Word(address), over: .udp)
      return DatagramPlan(at: .udp(place), settings)
    })
}
