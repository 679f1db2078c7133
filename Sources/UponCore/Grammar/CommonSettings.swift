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
    Setting(
      "batch", .batch, scope: .rule,
      help: "all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none"),
  ]

  /// Settings of which a source has one at most in a rule.
  static let exclusions = [
    ("once", "limit"), ("debounce", "throttle"), ("batch", "debounce"), ("batch", "throttle"),
  ]

  static let match = Setting(
    "match", .pattern, scope: .rule, help: "only data that this PCRE2 pattern matches is delivered")
  static let unmatch = Setting(
    "unmatch", .pattern, scope: .rule, help: "only data that this PCRE2 pattern does not match is delivered")

  static let max = Setting(
    "max", .size, standard: "1M", help: "longest record; a longer one comes in parts")
  static let readingFrame = Setting(
    "frame", .choice(["line", "nul", "chunk", "none"]), standard: "line",
    help: "what a record is; none reports readiness and reads nothing")

  /// The settings of sources that read.
  static let reading: [Setting] = [
    readingFrame, match, unmatch, max,
    .idle(without: "a byte"),
  ]
}

/// The settings of actions.
extension Setting {
  public static let ofPrint: [Setting] = [
    Setting(
      "as", .choice(RecordFormat.allCases.map(\.rawValue)), scope: .rule, help: "the form of the record"),
    Setting("fields", .fields, scope: .rule, help: "the fields of the record, and their order"),
    Setting(
      "to", .names, scope: .rule,
      help: "write to the connections of these sources, or to the standard input of their command"),
    Setting(
      "file", .path, scope: .rule, help: "append to PATH, opened again when it has been renamed or removed"),
  ]

  public static let ofKill: [Setting] = [
    Setting(
      "signal", .signal, scope: .rule,
      help: "the signal; by default that of the event, or the command's stop="),
    Setting("to", .names, scope: .rule, help: "only the commands of the rules in which these sources stand"),
    Setting("group", scope: .rule, help: "signal the whole group, not the process alone"),
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
    Setting("user", .user, scope: .rule, help: "by whom the command is run, where upon is started by root"),
    Setting("detach", scope: .rule, help: "let a run outlive upon"),
    Setting(
      "stdin", .choice(CommandSpec.Input.allCases.map(\.rawValue)), scope: .rule, standard: "data",
      help: "what the command reads"),
    Setting(
      "reply", scope: .rule, help: "send what the command writes back to the peer, in the order of the events"
    ),
    Setting(
      "report", .choice(["output"]), isValueOptional: true, scope: .rule,
      help: "a done record after each run; output puts into it what the command wrote"),
    Setting(
      "output-max", .size, scope: .rule, standard: "64K",
      help: "how much of each stream report=output keeps"),
  ]
}

extension Setting {
  /// The settings of commands that a source which runs one has too.
  static let ofProcess = ["timeout", "grace", "stop", "shell", "dir", "user", "detach"].compactMap { name in
    ofCommand.first { $0.name == name }?.ofSource
  }

  /// The setting of a command as one of a source.
  private var ofSource: Setting {
    Setting(name, form, isValueOptional: isValueOptional, standard: standard, help: help)
  }
}

/// Fields of several kinds, and of the record that tells how a command has ended.
extension FieldKind {
  /// What every record has.
  static let common: [FieldKind] = [
    FieldKind("seq", "integer", help: "numbers delivered events from 1"),
    FieldKind("time", "text", help: "when it was noticed, RFC 3339 in UTC"),
    FieldKind("name", "text", help: "the name of the source"),
    FieldKind("kind", "text", help: "its kind"),
    FieldKind("event", "text", help: "what happened"),
    FieldKind("count", "integer", help: "how many events this one stands for"),
  ]
  static let dataBase64 = FieldKind("data_base64", "text", help: "the bytes of data, where data is not exact")
  static let error = FieldKind("error", "text", help: "the reason, on an error event")
  static let port = FieldKind("port", "integer", help: "the port, on a listening event")

  public static let ofExit: [FieldKind] = [
    FieldKind("run", "integer", help: "the number of the run, from 1 for each command"),
    FieldKind("pid", "integer", help: "its process; absent when it could not be started"),
    FieldKind("status", "integer", help: "its exit status, where it exited"),
    FieldKind("signal", "text", help: "the signal that ended it, where one did"),
    FieldKind("duration_us", "integer", help: "microseconds from its start to its exit"),
    FieldKind("timed_out", "bool", help: "whether it took longer than timeout="),
    FieldKind("stopped", "text", help: "why upon has ended it: timeout, restart, ending or gone"),
    FieldKind("skipped", "integer", help: "events dropped since the last such record"),
    FieldKind("merged", "integer", help: "events that its own had absorbed while it waited"),
    FieldKind("out", "text", help: "the beginning of its standard output, with report=output"),
    FieldKind("out_base64", "text", help: "the bytes of out, where out is not exact"),
    FieldKind("out_truncated", "bool", help: "true where there was more"),
    FieldKind("err", "text", help: "the same of its standard error"),
    FieldKind("err_base64", "text", help: "the bytes of err, where err is not exact"),
    FieldKind("err_truncated", "bool", help: "true where there was more"),
  ]
}
