extension Framing {
  /// Reads `frame=` and `max=`, each in the table of its kind.
  init(_ settings: SettingValues, frame: Setting, max: Setting = .max) {
    // What is typed or stands in the table has been read in the form of the setting.
    longest = settings.number(max) ?? .max
    form =
      switch settings.choice(frame) {
      case "nul": .delimited(by: 0)
      case "chunk": .chunk
      default: .delimited(by: Self.newline)
      }
  }
}
