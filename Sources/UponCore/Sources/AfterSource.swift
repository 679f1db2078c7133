import EventLoop

extension Kind {
  /// `after:DURATION`: once.
  static let after = Kind(
    "after", address: "DURATION", help: "once, that long after the start",
    events: [EventKind("timeout", .principal, busy: .skip, help: "the time has passed")],
    fields: [FieldKind("late_us", "integer", help: "microseconds from the moment it was due")],
    read: { (address, word) throws(UsageError) in
      let delay = try Interval(address, zero: true, in: word)
      return CheckedAddress(delay.spelling) { (_) throws(UsageError) in AfterPlan(delay: delay) }
    })
}

struct AfterPlan: SourcePlan {
  let delay: Interval

  var timed: (any TimedPlan)? { self }

  func source(for port: Port, on services: Services) -> any Source {
    AfterSource(self, port, services)
  }
}

extension AfterPlan: TimedPlan {
  func next(after moment: Int64, start: Int64) -> Int64? {
    let (due, overflow) = start.addingReportingOverflow(max(delay.nanoseconds / 1000, 1))
    return overflow || due <= moment ? nil : due
  }
}

/// Fires once on the monotonic clock, and ends.
final class AfterSource: Source {
  private let plan: AfterPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private var timer: Timer?
  private var due: Int64 = 0

  init(_ plan: AfterPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  func arm() throws(SourceFailure) {
    due = plan.delay.after(services.loop.now)
    timer = Timer(loop: services.loop) { [unowned self] now in fire(now - due) }
    timer?.arm(at: due)
  }

  func arm(replacing old: any Source) throws(SourceFailure) {
    old.fireIfDue()
    try arm()
  }

  func disarm() {
    timer?.cancel()
  }

  func pause() {
    timer?.cancel()
  }

  func resume() {
    timer?.arm(at: due)
  }

  func trigger(_ event: Event, _ offer: () -> Void) {
    event.add("late_us", .int(0))
    offer()
  }

  var nextDue: Int64? { timer?.deadline }

  func fireIfDue() {
    let now = services.loop.now
    if let deadline = timer?.deadline, deadline <= now { fire(now - due) }
  }

  private func fire(_ late: Int64) {
    guard port.canTake else { return }
    guard let event = try? services.facility(TimedEvent.self).event else { return }
    event.begin(0, at: .now)
    event.add("late_us", .int(late / 1000))
    port.offer(event)
    port.end()
  }
}
