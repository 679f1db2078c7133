extension Kind {
  /// `stdin`: `fd:0` under its own name.
  static let stdin = Kind(
    "stdin", identity: "fd", help: "the same on standard input", events: InputEvent.table,
    settings: InputPlan.settings, fields: InputPlan.fields,
    read: { (_, _) throws(UsageError) in
      CheckedAddress([UInt8(ascii: "0")]) { (settings) throws(UsageError) in
        try InputPlan(descriptor: 0, settings: settings)
      }
    })
}
