import EventLoop
import Platform

extension Kind {
  /// `every:PERIOD`: ticks on an absolute grid of the monotonic clock.
  static let every = Kind(
    "every", address: "PERIOD", help: "each period, without drift and never early",
    events: [EventKind("tick", .principal, busy: .skip, help: "a point of the grid")],
    settings: [
      Setting("now", help: "fires at once too"),
      Setting("jitter", .interval(zero: false), help: "adds up to D to each tick, at random"),
    ],
    fields: [
      FieldKind("number", "integer", help: "the place on the grid; 0 is the moment of arming"),
      FieldKind("missed", "integer", help: "grid points skipped since the last tick"),
      FieldKind("late_us", "integer", help: "microseconds from the moment it was due"),
    ],
    read: { (address, word) throws(UsageError) in
      let period = try Interval(address, zero: false, in: word)
      return CheckedAddress(period.spelling) { (settings) throws(UsageError) in
        EveryPlan(period: period, jitter: settings.interval("jitter"), now: settings.has("now"))
      }
    })
}

struct EveryPlan: SourcePlan {
  let period: Interval
  // In this order it fits into the three words of an existential, without memory of its own.
  let jitter: Interval?
  let now: Bool

  var timed: (any TimedPlan)? { self }

  func source(for port: Port, on services: Services) -> any Source {
    EverySource(self, port, services)
  }
}

extension EveryPlan: TimedPlan {
  func next(after moment: Int64, start: Int64) -> Int64? {
    if now, moment == start { return start + 1 }
    let period = max(period.nanoseconds / 1000, 1)
    let (next, overflow) = start.addingReportingOverflow(
      ((moment - start) / period + 1).multipliedReportingOverflow(by: period).partialValue)
    return overflow || next <= moment ? nil : next
  }
}

/// Ticks on the grid `armed + number × period`; a stall is told by the next tick, in one record.
final class EverySource: Source {
  private let plan: EveryPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private var timer: Timer?
  /// Grid point 0 on the monotonic clock.
  private var origin: Int64 = 0
  /// The grid point of the last tick.
  private var last: Int64 = 0
  /// The grid point of the next tick.
  private var next: Int64 = 0
  /// When that is due, with its jitter.
  private var due: Int64 = 0

  init(_ plan: EveryPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  func arm() throws(SourceFailure) {
    timer = Timer(loop: services.loop) { [unowned self] in fire($0) }
    origin = services.loop.now
    if plan.now { last = -1 }
    next = last + 1
    due = plan.now ? origin : moment(of: next)
    timer?.arm(at: due)
  }

  /// Goes on with the grid of one of the same period.
  func arm(replacing old: any Source) throws(SourceFailure) {
    guard let old = old as? EverySource, old.plan.period == plan.period, !plan.now else {
      old.fireIfDue()
      return try arm()
    }
    timer = Timer(loop: services.loop) { [unowned self] in fire($0) }
    (origin, last, next) = (old.origin, old.last, old.next)
    due = old.plan.jitter == plan.jitter ? old.due : moment(of: next)
    timer?.arm(at: due)
  }

  func disarm() {
    timer?.cancel()
  }

  func pause() {
    timer?.cancel()
  }

  /// What has passed meanwhile is missed.
  func resume() {
    let now = services.loop.now
    if due < now {
      next = max(next, (now - origin + plan.period.nanoseconds - 1) / plan.period.nanoseconds)
      due = moment(of: next)
    }
    timer?.arm(at: due)
  }

  func trigger(_ event: Event, _ offer: () -> Void) {
    event.add("number", .int(max(last, 0)))
    event.add("missed", .int(0))
    event.add("late_us", .int(0))
    offer()
  }

  var nextDue: Int64? { timer?.deadline }

  func fireIfDue() {
    let now = services.loop.now
    if let deadline = timer?.deadline, deadline <= now { fire(now) }
  }

  private func fire(_ now: Int64) {
    guard port.canTake else { return }
    // The jitter of the tick that is due moves the whole grid for this comparison.
    let shift = due - point(next)
    let number = max(next, (now - origin - shift) / plan.period.nanoseconds)
    guard let event = try? services.facility(TimedEvent.self).event else { return }
    event.begin(0, at: .now)
    event.add("number", .int(number))
    event.add("missed", .int(number - last - 1))
    event.add("late_us", .int((now - point(number) - shift) / 1000))
    last = number
    next = number + 1
    due = moment(of: next)
    timer?.arm(at: due)
    port.offer(event)
  }

  /// The grid point on the monotonic clock, clamped to the end of time.
  private func point(_ number: Int64) -> Int64 {
    let (offset, overflow) = plan.period.nanoseconds.multipliedReportingOverflow(by: number)
    return overflow ? .max : Interval(nanoseconds: offset).after(origin)
  }

  private func moment(of number: Int64) -> Int64 {
    guard let jitter = plan.jitter, jitter != .forever else { return point(number) }
    return Interval(nanoseconds: .random(in: 0...jitter.nanoseconds)).after(point(number))
  }
}
