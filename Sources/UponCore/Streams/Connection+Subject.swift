extension Connection {
  var key: UInt64 { id }
  var isOver: Bool { isClosed }
  /// A connection that a command gets is not read here: its source is held.
  var holdsAlone: Bool { !isGiven }

  func reply(onFailure: @escaping (Int32) -> Void) -> Reply? {
    ConnectionReply(on: self)
  }

  var handover: (any Handover)? { isGiven ? self : nil }
}

extension Connection: Receiver {}

extension Connection: Handover {
  var variables: [(name: String, value: String)] { UCSPI.variables(of: self) }
}
