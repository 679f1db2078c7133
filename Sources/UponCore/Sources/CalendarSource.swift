import Schedule

extension Kind {
  /// `calendar:EXPR`: at the times of a calendar event of systemd.
  static let calendar = Kind(
    "calendar", address: "EXPR", help: "at times as in OnCalendar= of systemd: 'Mon..Fri 04:30', daily",
    events: [EventKind("tick", .principal, busy: .skip, help: "a time of the schedule")],
    settings: [SchedulePlan.zone, SchedulePlan.jitter],
    fields: [SchedulePlan.due, SchedulePlan.missed, SchedulePlan.late],
    canonical: { (word, address) throws(UsageError) in
      try SchedulePlan.canonical(word) { (now) throws(ScheduleError) in
        try Schedule(
          calendar: String(decoding: address, as: UTF8.self), in: .utc, now: now, database: .standard)
      }
    },
    plan: { (address, settings) throws(UsageError) in
      try SchedulePlan(Word(address), settings, .always) { (zone, now, database) throws(ScheduleError) in
        try Schedule(
          calendar: String(decoding: address, as: UTF8.self), in: zone, now: now, database: database)
      }
    })
}
