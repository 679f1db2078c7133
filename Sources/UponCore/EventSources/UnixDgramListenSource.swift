extension Kind {
  /// `unix-dgram-listen:PATH`: datagrams on a unix socket.
  static let unixDgramListen = Kind(
    "unix-dgram-listen", address: "PATH", help: "the same on a unix socket; @NAME is an abstract one",
    events: DatagramEvent.table,
    settings: [Setting("mode", .mode, standard: "600", help: "the mode of the socket's file")]
      + DatagramPlan.settings,
    fields: DatagramPlan.fields,
    canonical: { (word, address) throws(UsageError) in
      _ = try SocketAddress(unix: address, in: word)
      return address
    },
    plan: { (address, settings) throws(UsageError) in
      let name = try SocketAddress(unix: address, in: Word(address))
      guard address.first == UInt8(ascii: "@") else {
        return DatagramPlan(at: .unix(path: address, mode: settings.number("mode") ?? 0o600), settings)
      }
      if let word = settings.word("mode") {
        throw UsageError(word, "has no effect: an abstract name has no file")
      }
      return DatagramPlan(at: .abstract(name), settings)
    })
}
