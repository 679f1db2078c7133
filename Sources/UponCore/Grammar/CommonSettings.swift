extension Setting {
  /// The settings of every source.
  public static let common: [Setting] = [
    Setting("name", .text, help: "the name in records and messages; the word as typed if not given"),
    Setting("on", .events, scope: .rule, help: "which events are delivered; +EVENT adds, all is every one"),
    Setting("limit", .count(1...Int.max), scope: .rule, help: "the source ends after N delivered events"),
    Setting("once", scope: .rule, help: "the same as limit=1"),
    Setting("exit", .ending, scope: .rule, help: "upon ends with status N when the event fires"),
    Setting(
      "debounce", .burst, scope: .rule,
      help: "the last event of a burst, D after it, at most MAX after the first"),
    Setting(
      "throttle", .interval(zero: false), scope: .rule,
      help: "the first event at once, then the last of each D"),
  ]

  /// Settings of which a source has one at most in a rule.
  static let exclusions = [("once", "limit"), ("debounce", "throttle")]

  /// The settings of sources that read.
  static let reading: [Setting] = [
    Setting(
      "frame", .choice(["line", "nul", "chunk", "none"]), standard: "line",
      help: "what a record is; none reports readiness and reads nothing"),
    Setting("match", .pattern, scope: .rule, help: "only data that this PCRE2 pattern matches is delivered"),
    Setting(
      "unmatch", .pattern, scope: .rule, help: "only data that this PCRE2 pattern does not match is delivered"
    ),
    Setting("max", .size, standard: "1M", help: "longest record; a longer one comes in parts"),
    Setting("idle", .interval(zero: false), help: "an idle event after D without a byte"),
  ]
}

/// The settings of actions.
extension Setting {
  public static let ofPrint: [Setting] = [
    Setting(
      "as", .choice(RecordFormat.allCases.map(\.rawValue)), scope: .rule, help: "the form of the record"),
    Setting(
      "file", .path, scope: .rule, help: "append to PATH, opened again when it has been renamed or removed"),
  ]

  public static let ofCommand: [Setting] = [
    Setting(
      "stdin", .choice(CommandSpec.Input.allCases.map(\.rawValue)), scope: .rule, standard: "data",
      help: "what the command reads")
  ]
}
