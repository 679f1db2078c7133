import EventLoop
import Platform
import Schedule

/// When a source of the wall clock fires.
struct SchedulePlan: SourcePlan {
  /// What the wall clock of a kind does: `at` once, the others again and again.
  enum Recurrence: Sendable {
    case once, always
  }

  /// nil where all of it has passed.
  let schedule: Schedule?
  let recurrence: Recurrence
  let jitter: Interval?
  /// Why nothing of it comes any more, where that is so.
  let overdue: String?

  /// Reads an expression in the zone of `tz=`, or else that of the process.
  init(
    _ word: Word, _ settings: SettingValues, _ recurrence: Recurrence,
    read: (TimeZone, Moment, TimeZoneDatabase) throws(ScheduleError) -> Schedule
  ) throws(UsageError) {
    self.recurrence = recurrence
    jitter = settings.interval("jitter")
    let zone = try Self.zone(settings)
    do {
      schedule = try read(zone, .now, .standard)
      overdue = nil
    } catch {
      guard error.reason == .passed else { throw UsageError(word, error.description) }
      schedule = nil
      overdue = error.description
    }
    if let tz = settings.word("tz"), schedule?.namesZone ?? false {
      throw UsageError(tz, "has no effect: '\(word.text)' names its zone itself")
    }
  }

  private static func zone(_ settings: SettingValues) throws(UsageError) -> TimeZone {
    let database = TimeZoneDatabase.standard
    do {
      if let name = settings.bytes("tz") {
        return try database.zone(named: String(decoding: name, as: UTF8.self))
      }
      return try database.zone(ofVariable: getenv("TZ").map { String(cString: $0) })
    } catch {
      throw UsageError(settings.word("tz") ?? "TZ", error.description)
    }
  }

  func source(for port: Port, on services: Services) -> any Source {
    ScheduleSource(self, port, services)
  }

  var timed: (any TimedPlan)? { self }
}

extension SchedulePlan: TimedPlan {
  func next(after moment: Int64, start: Int64) -> Int64? {
    schedule?.next(after: Moment(microseconds: moment))?.microseconds
  }

  var zone: TimeZone? { schedule?.zone }
}

extension SchedulePlan {
  static let zone = Setting(
    "tz", .zone, help: "the time zone in which the times are meant; that of the system if not given")
  static let jitter = Setting("jitter", .interval(zero: false), help: "adds up to D to each tick, at random")

  static let due = FieldKind("due", "text", help: "the time that it was due, with the offset of its zone")
  static let missed = FieldKind(
    "missed", "integer", help: "times that have passed since the last tick, before this one")
  static let late = FieldKind("late_us", "integer", help: "microseconds from the moment it was due")

  /// The one spelling of an expression, in which zone and at what time it is read being no matter.
  static func canonical(
    _ word: Word, _ read: (Moment) throws(ScheduleError) -> Schedule
  ) throws(UsageError) -> [UInt8] {
    do {
      return Array(try read(Moment(microseconds: -1)).description.utf8)
    } catch {
      throw UsageError(word, error.description)
    }
  }
}

extension WallClock: Facility {}
