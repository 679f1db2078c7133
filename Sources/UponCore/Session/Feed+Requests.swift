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
  func trigger(_ data: [UInt8]?, path: [UInt8]? = nil) throws(SourceFailure) -> String {
    let command = bindings.first?.rule.actions.lazy.compactMap { $0 as? RunAction }.first
    command?.outcome = nil
    let before = delivered
    try fire(data, path)
    if let outcome = command?.outcome { return outcome.rawValue }
    if delivered > before { return "printed" }
    // What debounce or throttle holds back is to come; what a pattern or a limit keeps out is not.
    return bindings.contains(where: \.isHolding)
      ? RunAction.Outcome.queued.rawValue : RunAction.Outcome.dropped.rawValue
  }

  private func fire(_ data: [UInt8]?, _ path: [UInt8]?) throws(SourceFailure) {
    guard state == .open, let source else { throw SourceFailure("'\(title)' has ended") }
    let event = Event()
    event.begin(plan.principal, at: .now)
    if plan.needsPath != (path != nil) {
      throw SourceFailure(
        plan.needsPath ? "an event of '\(title)' is about a path" : "an event of '\(title)' has no path")
    }
    guard plan.carriesData.contains(EventSet(plan.principal)) else {
      if data != nil {
        throw SourceFailure("a \(kind.events[plan.principal].name) of '\(title)' has no data")
      }
      guard let path else { return try trigger(event, source) }
      return try fire(event, about: path, source)
    }
    let payload = (data ?? []) + plan.recordEnd
    try payload.withUnsafeBufferPointer { (bytes) throws(SourceFailure) in
      let lineEnd = plan.recordEnd.count
      let text = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<(bytes.count - lineEnd)]))
      event.add(data: text, lineEnd: lineEnd)
      try trigger(event, source)
    }
  }

  private func fire(_ event: Event, about path: [UInt8], _ source: any Source) throws(SourceFailure) {
    let bytes = path + [plan.overflow?.end ?? UInt8(ascii: "\n")]
    try bytes.withUnsafeBufferPointer { (buffer) throws(SourceFailure) in
      let bytes = UnsafeRawBufferPointer(buffer)
      event.add("path", .bytes(UnsafeRawBufferPointer(rebasing: bytes.dropLast())))
      event.set(payload: bytes, lineEnd: 1)
      if plan.gathers.contains(EventSet(plan.principal)) { event.change = .changed }
      event.nameFields = 1
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
