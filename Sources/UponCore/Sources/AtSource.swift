import Schedule

extension Kind {
  /// `at:TIME`: once, at a time of the wall clock.
  static let at = Kind(
    "at", address: "TIME", help: "once, at a time of the wall clock: 18:30, 2026-12-24T18:00, @SECONDS",
    events: [EventKind("timeout", .principal, busy: .skip, help: "the time has come")],
    settings: [SchedulePlan.zone],
    fields: [SchedulePlan.due, SchedulePlan.missed, SchedulePlan.late],
    canonical: { (word, address) throws(UsageError) in
      try SchedulePlan.canonical(word) { (now) throws(ScheduleError) in
        try Schedule(at: String(decoding: address, as: UTF8.self), in: .utc, now: now)
      }
    },
    plan: { (address, settings) throws(UsageError) in
      try SchedulePlan(Word(address), settings, .once) { (zone, now, _) throws(ScheduleError) in
        try Schedule(at: String(decoding: address, as: UTF8.self), in: zone, now: now)
      }
    })
}
