extension Kind {
  /// `stdin`: `fd:0` under its own name.
  static let stdin = Kind(
    "stdin", identity: "fd", help: "the same on standard input", events: InputEvent.table,
    settings: InputPlan.settings, fields: InputPlan.fields,
    canonical: { (_, _) throws(UsageError) in [UInt8(ascii: "0")] },
    plan: { (_, settings) throws(UsageError) in try InputPlan(descriptor: 0, settings: settings) })
}
