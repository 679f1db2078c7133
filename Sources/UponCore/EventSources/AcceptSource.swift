extension Kind {
  /// `accept:N`: as the listeners, on a socket that upon was started with.
  static let accept = Kind(
    "accept", address: "N|NAME", help: "the same on an inherited listening or datagram socket",
    events: ListenPlan.events, settings: ListenPlan.settings, fields: ListenPlan.fields + [ListenPlan.port],
    canonical: { (word, address) throws(UsageError) in try Activation(address, in: word).canonical },
    plan: { (address, settings) throws(UsageError) in
      ListenPlan(at: .inherited(try Activation(address, in: Word(address))), settings)
    })
}
