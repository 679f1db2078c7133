import EventLoop
import Schedule

/// Fires at the times of a schedule by the wall clock; what has passed meanwhile is told by the next tick, in one record.
///
/// A clock that is set forward fires once for all that it has skipped. One that is set back fires nothing twice: a time
/// is over when it has fired, unless the clock goes back by more than a day, which only corrects what was never true.
final class ScheduleSource: Source {
  /// A clock that is set back further begins the schedule anew.
  private static let longestMemory: Int64 = 86_400_000_000

  private let plan: SchedulePlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private var timer: WallTimer?
  /// Up to here all times have fired or are missed, in microseconds since 1970.
  private var last = Moment(microseconds: 0)
  /// What of the times between was missed while a request paused the source.
  private var missedBefore = 0
  private var text = [UInt8](repeating: 0, count: TimeZone.longestText)
  private let event = Event(capacity: 6)

  init(_ plan: SchedulePlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    last = .now
    try begin()
  }

  /// Goes on where one of the same times has been.
  func arm(replacing old: any Source) throws(SourceFailure) {
    old.fireIfDue()
    last = .now
    if let old = old as? ScheduleSource, old.plan.schedule == plan.schedule { last = max(old.last, last) }
    try begin()
  }

  private func begin() throws(SourceFailure) {
    do throws(LoopError) {
      let clock = try services.facility(WallClock.self)
      timer = WallTimer(clock: clock) { [unowned self] in fire(at: Moment(microseconds: $0)) }
    } catch {
      throw SourceFailure(error.operation, errno: error.code)
    }
    timer?.onClockSet = { [unowned self] in clockWasSet() }
    armNext()
  }

  func disarm() {
    timer?.cancel()
  }

  func pause() {
    timer?.cancel()
  }

  /// Ticks that have passed meanwhile are missed; what comes once comes now.
  func resume() {
    if plan.recurrence == .always, let schedule = plan.schedule {
      let now = Moment.now
      missedBefore += schedule.count(after: last, through: now)
      last = max(last, now)
    }
    armNext()
  }

  func started() {
    guard let overdue = plan.overdue else { return }
    services.diagnostics.report("\(port.title): \(overdue)")
    port.end()
  }

  func trigger(_ event: Event, _ offer: () -> Void) {
    add(.now, missed: 0, late: 0, to: event) { offer() }
    if plan.recurrence == .once { port.end() }
  }

  var nextDue: Int64? { timer?.monotonicDeadline }

  func fireIfDue() {
    let now = WallClock.now()
    if let deadline = timer?.deadline, deadline <= now { fire(at: Moment(microseconds: now)) }
  }

  // MARK: Times

  private func armNext() {
    guard let next = plan.schedule?.next(after: last) else {
      if plan.overdue == nil { port.end() }
      return
    }
    var shift: Int64 = 0
    if let jitter = plan.jitter, jitter != .forever { shift = .random(in: 0...(jitter.nanoseconds / 1000)) }
    timer?.arm(at: next.microseconds + shift)
  }

  private func clockWasSet() {
    let now = WallClock.now()
    guard now < last.microseconds - Self.longestMemory else { return }
    services.diagnostics.life("\(port.title): the clock was set back by more than a day")
    last = Moment(microseconds: now)
    armNext()
  }

  private func fire(at now: Moment) {
    guard port.canTake, let schedule = plan.schedule else { return }
    let next = Moment(microseconds: now.microseconds + 1)
    let due = max(schedule.previous(before: next) ?? now, last)
    let missed = max(schedule.count(after: last, through: now) - 1, 0) + missedBefore
    let late = now.microseconds - due.microseconds
    last = max(now, last)
    missedBefore = 0
    event.begin(0, at: .now)
    if plan.recurrence == .always { armNext() }
    add(due, missed: missed, late: late, to: event) { port.offer(event) }
    if plan.recurrence == .once { port.end() }
  }

  private func add(_ due: Moment, missed: Int, late: Int64, to event: Event, _ body: () -> Void) {
    let zone = plan.schedule?.zone ?? .utc
    text.withUnsafeMutableBytes { text in
      let length = zone.write(due, to: text)
      event.add("due", .bytes(UnsafeRawBufferPointer(rebasing: text[..<length])))
      event.add("missed", .int(Int64(missed)))
      event.add("late_us", .int(late))
      body()
    }
  }
}
