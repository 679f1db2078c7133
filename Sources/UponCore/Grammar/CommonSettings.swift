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
    Setting("jobs", .count(1...Int.max), scope: .rule, standard: "1", help: "how many run at once"),
    Setting(
      "busy", .choice(Overlap.allCases.map(\.rawValue)), scope: .rule,
      help: "what an event does that finds all of them running; the default is the event's"),
    Setting("timeout", .interval(zero: false), scope: .rule, help: "end a run that takes longer than D"),
    Setting(
      "grace", .interval(zero: true), scope: .rule, standard: "5s",
      help: "KILL what is left of a group D after it was told to stop"),
    Setting("stop", .signal, scope: .rule, standard: "TERM", help: "the signal that ends a run"),
    Setting(
      "until", .choice(CommandSpec.Until.allCases.map(\.rawValue)), scope: .rule,
      help: "upon ends with the status of a run that has ended, succeeded or failed"),
    Setting("shell", .path, scope: .rule, standard: "/bin/sh", help: "the shell that gets -c COMMAND"),
    Setting("dir", .path, scope: .rule, help: "where the command runs"),
    Setting("detach", scope: .rule, help: "let a run outlive upon"),
    Setting(
      "stdin", .choice(CommandSpec.Input.allCases.map(\.rawValue)), scope: .rule, standard: "data",
      help: "what the command reads"),
  ]
}
