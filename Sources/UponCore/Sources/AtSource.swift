import Schedule

extension Kind {
  /// `at:TIME`: once, at a time of the wall clock.
  static let at = Kind(
    "at", address: "TIME", help: "once, at a time of the wall clock: 18:30, 2026-12-24T18:00, @SECONDS",
    events: [EventKind("timeout", .principal, busy: .skip, help: "the time has come")],
    settings: [SchedulePlan.zone],
    fields: [SchedulePlan.due, SchedulePlan.missed, SchedulePlan.late],
    read: { (address, word) throws(UsageError) in
      try SchedulePlan.read(address, word, .once) { (text, zone, now, _) throws(ScheduleError) in
        try Schedule(at: text, in: zone, now: now)
      }
    })
}
