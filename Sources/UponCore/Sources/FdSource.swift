extension Kind {
  /// `fd:N`: data, readiness or silence on an inherited descriptor.
  static let fd = Kind(
    "fd", address: "N", help: "data, readiness or silence on inherited descriptor N",
    events: InputEvent.table, settings: InputPlan.settings, fields: InputPlan.fields,
    read: { (address, word) throws(UsageError) in
      guard let number = Int(decimal: address[...]), number <= Int32.max else {
        throw UsageError(word, "expected the number of a descriptor, as in fd:3")
      }
      return CheckedAddress(Array(String(number).utf8)) { (settings) throws(UsageError) in
        try InputPlan(descriptor: Int32(number), settings: settings)
      }
    })
}
