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

  /// How the expressions of a kind are read.
  typealias Reader =
    @Sendable (
      _ text: String, _ zone: TimeZone, _ now: Moment, _ database: TimeZoneDatabase
    ) throws(ScheduleError) -> Schedule

  /// Reads an expression; its one spelling is that which no zone and no clock has a part in.
  static func read(
    _ address: [UInt8], _ word: Word, _ recurrence: Recurrence, _ reader: @escaping Reader
  ) throws(UsageError) -> CheckedAddress {
    let text = String(decoding: address, as: UTF8.self)
    let spelling: String
    do {
      spelling = try reader(text, .utc, Moment(microseconds: -1), .standard).description
    } catch {
      throw UsageError(word, error.description)
    }
    return CheckedAddress(Array(spelling.utf8)) { (settings) throws(UsageError) in
      try SchedulePlan(text, word, settings, recurrence, reader)
    }
  }

  /// Reads the expression in the zone of `tz=`, or else that of the process.
  private init(
    _ text: String, _ word: Word, _ settings: SettingValues, _ recurrence: Recurrence, _ reader: Reader
  ) throws(UsageError) {
    self.recurrence = recurrence
    jitter = settings.interval("jitter")
    let zone = try Self.zone(settings)
    do {
      schedule = try reader(text, zone, .now, .standard)
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
}

extension WallClock: Facility {}
