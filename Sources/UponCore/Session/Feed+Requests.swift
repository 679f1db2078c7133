/// What requests and signals do by hand.
extension Feed {
  /// Makes it fire nothing until `resume()`; what it stands for waits where it can.
  func pause() {
    if !isPaused { hold(.request) }
  }

  func resume() {
    if isPaused { release(.request) }
  }

  /// Fires the principal event by hand, on the way that all its events take; `data` is for one that carries some.
  ///
  /// Returns what has become of it, in a word: for the first command of its first rule, or whether it was printed.
  func trigger(_ data: [UInt8]?) throws(SourceFailure) -> String {
    let command = bindings.first?.rule.actions.lazy.compactMap { $0 as? RunAction }.first
    command?.outcome = nil
    let before = delivered
    try fire(data)
    if let outcome = command?.outcome { return outcome.rawValue }
    if delivered > before { return "printed" }
    // What debounce or throttle holds back is to come; what a pattern or a limit keeps out is not.
    return bindings.contains(where: \.isHolding)
      ? RunAction.Outcome.queued.rawValue : RunAction.Outcome.dropped.rawValue
  }

  private func fire(_ data: [UInt8]?) throws(SourceFailure) {
    guard state == .open, let source else { throw SourceFailure("'\(title)' has ended") }
    let event = Event()
    event.begin(plan.principal, at: .now)
    guard plan.carriesData.contains(EventSet(plan.principal)) else {
      if data != nil {
        throw SourceFailure("a \(kind.events[plan.principal].name) of '\(title)' has no data")
      }
      return try trigger(event, source)
    }
    let payload = (data ?? []) + plan.recordEnd
    try payload.withUnsafeBufferPointer { (bytes) throws(SourceFailure) in
      let lineEnd = plan.recordEnd.count
      let text = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<(bytes.count - lineEnd)]))
      event.add(data: text, lineEnd: lineEnd)
      try trigger(event, source)
    }
  }

  private func trigger(_ event: Event, _ source: any Source) throws(SourceFailure) {
    isTriggering = true
    defer { isTriggering = false }
    do {
      try source.trigger(event) {
        event.add("triggered", .bool(true))
        offer(event)
      }
    } catch {
      throw SourceFailure("'\(title)': \(error.reason)")
    }
  }
}
