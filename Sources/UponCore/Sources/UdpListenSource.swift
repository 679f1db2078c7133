extension Kind {
  /// `udp-listen:[HOST:]PORT`: datagrams.
  static let udpListen = Kind(
    "udp-listen", address: "[HOST:]PORT", help: "datagrams, each a record", events: DatagramEvent.table,
    settings: [AllowedAddresses.setting] + DatagramPlan.settings, fields: DatagramPlan.fields + [.port],
    read: { (address, word) throws(UsageError) in
      let host = try HostPort(listening: address, by: "udp-listen", in: word, over: .udp)
      return CheckedAddress(host.text) { (settings) throws(UsageError) in
        DatagramPlan(at: .udp(host), settings)
      }
    })
}
