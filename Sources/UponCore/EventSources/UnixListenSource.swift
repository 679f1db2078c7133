extension Kind {
  /// `unix-listen:PATH`: connections in on a unix socket.
  static let unixListen = Kind(
    "unix-listen", address: "PATH", help: "the same on a unix socket; @NAME is an abstract one",
    events: ListenPlan.events,
    settings: [
      ListenPlan.backlog, Setting("mode", .mode, standard: "600", help: "the mode of the socket's file"),
    ] + ListenPlan.settings,
    fields: ListenPlan.fields,
    canonical: { (word, address) throws(UsageError) in
      _ = try SocketAddress(unix: address, in: word)
      return address
    },
    plan: { (address, settings) throws(UsageError) in
      let name = try SocketAddress(unix: address, in: Word(address))
      guard address.first != UInt8(ascii: "@") else {
        if let word = settings.word("mode") {
          throw UsageError(word, "has no effect: an abstract name has no file")
        }
        return ListenPlan(at: .abstract(name), settings)
      }
      return ListenPlan(at: .unix(path: address, mode: settings.number("mode") ?? 0o600), settings)
    })
}
