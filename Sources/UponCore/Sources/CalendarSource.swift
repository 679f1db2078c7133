import Schedule

extension Kind {
  /// `calendar:EXPR`: at the times of a calendar event of systemd.
  static let calendar = Kind(
    "calendar", address: "EXPR", help: "at times as in OnCalendar= of systemd: 'Mon..Fri 04:30', daily",
    events: [EventKind("tick", .principal, busy: .skip, help: "a time of the schedule")],
    settings: [SchedulePlan.zone, SchedulePlan.jitter],
    fields: [SchedulePlan.due, SchedulePlan.missed, SchedulePlan.late],
    read: { (address, word) throws(UsageError) in
      try SchedulePlan.read(address, word, .always) { (text, zone, now, database) throws(ScheduleError) in
        try Schedule(calendar: text, in: zone, now: now, database: database)
      }
    })
}
