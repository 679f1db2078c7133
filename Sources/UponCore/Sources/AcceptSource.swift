import Platform

extension Kind {
  /// `accept:N`: as the listeners, on a socket that upon was started with.
  static let accept = Kind(
    "accept", address: "N|NAME", help: "the same on an inherited listening or datagram socket",
    events: ListenPlan.events + [
      EventKind("datagram", .instead, busy: .queue, help: "a datagram, where the socket is one for datagrams")
    ],
    settings: [AllowedAddresses.setting] + ListenPlan.settings,
    fields: ListenPlan.fields + StreamEvent.credentials + [.port]
      + DatagramPlan.fields.filter { $0.name == "size" },
    read: { (address, word) throws(UsageError) in
      let activation = try Activation(address, in: word)
      return CheckedAddress(activation.canonical) { (settings) throws(UsageError) in
        if let number = activation.descriptor, let word = settings.word(AllowedAddresses.setting.name),
          SocketAddress(localOf: number)?.isUnix ?? false
        {
          throw UsageError(word, "has no effect: descriptor \(number) is a unix socket")
        }
        if let number = activation.descriptor, activation.isForDatagrams {
          return try DatagramPlan(on: number, settings)
        }
        return ListenPlan(at: .inherited(activation), settings)
      }
    })
}

extension Activation {
  /// Whether there is a socket and it is one for datagrams: nothing is opened to know it.
  fileprivate var isForDatagrams: Bool {
    guard let descriptor else { return false }
    return upon_get_option(descriptor, SOL_SOCKET, SO_TYPE) == upon_datagram_type()
  }
}

extension DatagramPlan {
  /// What `accept` is on a socket for datagrams.
  fileprivate init(on descriptor: Int32, _ settings: SettingValues) throws(UsageError) {
    for name in ["connections", "per-peer", "frame", "half-open"] {
      if let word = settings.word(name) {
        throw UsageError(word, "has no effect: descriptor \(descriptor) is a socket for datagrams")
      }
    }
    self.init(
      at: .inherited(descriptor), settings,
      events: DatagramEvent(
        datagram: ListenPlan.refused + 1, idle: StreamEvent.idle, active: StreamEvent.active,
        listening: ListenPlan.listening, error: StreamEvent.error))
  }
}
