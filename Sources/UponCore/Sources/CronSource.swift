import Schedule

extension Kind {
  /// `cron:EXPR`: at the times of a crontab.
  static let cron = Kind(
    "cron", address: "EXPR", help: "at times as in a crontab: '30 4 * * mon-fri', @hourly",
    events: [EventKind("tick", .principal, busy: .skip, help: "a time of the schedule")],
    settings: [SchedulePlan.zone, SchedulePlan.jitter],
    fields: [SchedulePlan.due, SchedulePlan.missed, SchedulePlan.late],
    canonical: { (word, address) throws(UsageError) in
      try SchedulePlan.canonical(word) { (now) throws(ScheduleError) in
        try Schedule(cron: String(decoding: address, as: UTF8.self), in: .utc, now: now)
      }
    },
    plan: { (address, settings) throws(UsageError) in
      try SchedulePlan(Word(address), settings, .always) { (zone, now, _) throws(ScheduleError) in
        try Schedule(cron: String(decoding: address, as: UTF8.self), in: zone, now: now)
      }
    })
}
