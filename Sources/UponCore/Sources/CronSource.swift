import Schedule

extension Kind {
  /// `cron:EXPR`: at the times of a crontab.
  static let cron = Kind(
    "cron", address: "EXPR", help: "at times as in a crontab: '30 4 * * mon-fri', @hourly",
    events: [EventKind("tick", .principal, busy: .skip, help: "a time of the schedule")],
    settings: [SchedulePlan.zone, SchedulePlan.jitter],
    fields: [SchedulePlan.due, SchedulePlan.missed, SchedulePlan.late],
    read: { (address, word) throws(UsageError) in
      try SchedulePlan.read(address, word, .always) { (text, zone, now, _) throws(ScheduleError) in
        try Schedule(cron: text, in: zone, now: now)
      }
    })
}
