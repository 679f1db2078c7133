import Platform

/// `kill`: a signal to the commands that run; it ends nothing by itself, and what waits in line stays.
final class KillAction: Action {
  private let spec: KillSpec
  private let send: (KillSpec, Int32?) -> Void

  /// `send` gets the signal of an event that is one.
  init(_ spec: KillSpec, send: @escaping (KillSpec, Int32?) -> Void) {
    self.spec = spec
    self.send = send
  }

  override func take(_ event: Event, from port: Port) {
    send(spec, spec.signal ?? event.signalNumber)
  }
}

extension Event {
  /// The number of the signal that it is about, nil for all others.
  fileprivate var signalNumber: Int32? {
    var isSignal = false
    for position in 0..<fieldCount {
      let field = self[position]
      if field.key.isEqual(to: "signal") { isSignal = true }
      if isSignal, field.key.isEqual(to: "number"), case .int(let number) = field.value {
        return Int32(number)
      }
    }
    return nil
  }
}

extension StaticString {
  fileprivate func isEqual(to other: StaticString) -> Bool {
    utf8CodeUnitCount == other.utf8CodeUnitCount && memcmp(utf8Start, other.utf8Start, utf8CodeUnitCount) == 0
  }
}
