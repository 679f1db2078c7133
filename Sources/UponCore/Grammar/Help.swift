/// The texts of `--help`, `--kinds` and `--check`, made from the tables.
public enum Help {
  static let width = 80

  /// The text of `--help`.
  public static func text(_ vocabulary: Vocabulary) -> String {
    """
    upon - the event loop for the shell

    Usage: upon [OPTIONS] RULE... [-- PROGRAM [ARG...]]

      RULE     SOURCE [SETTING...] [or SOURCE [SETTING...]]... [ACTION...]
      SOURCE   KIND[:ADDRESS], such as every:5s, signal:HUP,TERM or stdin
      SETTING  KEY=VALUE or KEY, of the source or the action before it
      ACTION   do COMMAND [SETTING...]   COMMAND is one word, run by /bin/sh -c
               print [SETTING...]        one record on standard output
               ignore                    nothing: the event only counts

    A rule without an action gets PROGRAM, else print. With -1, -n or -a, upon
    becomes PROGRAM when the wait has succeeded.

    Examples:
      upon every:1s
      tail -F app.log | upon stdin match=ERROR do ./alert
      tail -F app.log | upon stdin idle=60s on=idle do ./page
      upon signal:HUP or every:1h do ./reload signal:TERM exit=0 do ./cleanup
      upon -1 -t 30s signal:USR1 -- ./start

    Options:
    \(options)
    Kinds of sources:
    \(list(vocabulary))
    Durations: 250ms 1.5s 90 (seconds) 2m 1h30m 1d inf. Sizes: 64K 1M 2G.
    upon --kinds lists the events and settings of every kind.

    """
  }

  private static var options: String {
    var text = ""
    for option in Option.all {
      let form = option.form.map { " " + $0.placeholder } ?? ""
      let short = option.short.map { "-\($0), " } ?? "    "
      text += row("  \(short)--\(option.long)\(form)", option.help, column: 34)
    }
    return text
  }

  private static func list(_ vocabulary: Vocabulary) -> String {
    var text = ""
    for kind in vocabulary.kinds { text += row("  \(kind.synopsis)", kind.help, column: 26) }
    return text
  }

  /// The text of `--kinds`: every kind with its events, settings and fields, then what all have in common; of the
  /// kinds and actions named, where some are.
  public static func kinds(_ vocabulary: Vocabulary, named names: [String] = []) -> String {
    var parts: [String] = []
    for kind in vocabulary.kinds where names.isEmpty || names.contains(kind.name) {
      parts.append(section(kind))
    }
    if names.isEmpty { parts.append("every source\n" + rows(of: Setting.common)) }
    for action in ActionKeyword.allCases where names.isEmpty || names.contains(action.rawValue) {
      let fields = action == .run ? FieldKind.ofExit : []
      parts.append(
        row(action.synopsis, describe(action), column: 32) + rows(of: action.settings) + rows(of: fields))
    }
    return parts.joined(separator: "\n")
  }

  private static func section(_ kind: Kind) -> String {
    var text = row(kind.synopsis, kind.help, column: 32)
    for event in kind.events {
      text += row("  event    \(event.name)", describe(event, of: kind), column: 32)
    }
    return text + rows(of: kind.ownSettings) + rows(of: kind.fields)
  }

  private static func rows(of fields: [FieldKind]) -> String {
    fields.map { row("  field    \($0.name)", "\($0.type): \($0.help)", column: 32) }.joined()
  }

  private static func rows(of settings: [Setting]) -> String {
    var text = ""
    for setting in settings {
      let standard = setting.standard.map { " (\($0))" } ?? ""
      text += row("  setting  \(setting.synopsis)", setting.help + standard, column: 32)
    }
    return text
  }

  private static func describe(_ event: EventKind, of kind: Kind) -> String {
    let requirement = event.requires.map { name in
      kind.settings.first { name == $0.name + "=" }?.synopsis ?? name
    }
    let delivery =
      switch event.delivery {
      case .principal, .usual: ""
      case .instead: "; the first event with \(requirement ?? "")"
      case .printed: "; printed" + (requirement.map { " with \($0)" } ?? "")
      case .named: "; only when on= names it"
      }
    return event.help + delivery
  }

  private static func describe(_ action: ActionKeyword) -> String {
    switch action {
    case .run: "runs COMMAND by /bin/sh -c, once for each event"
    case .print: "one record on standard output"
    case .kill: "signals the commands that run"
    case .ignore: "nothing: the event only counts"
    }
  }

  /// A name and its text in a column of its own, wrapped.
  private static func row(_ name: String, _ text: String, column: Int) -> String {
    var lines: [String] = []
    var line = name
    // A name that reaches into the column has a line of its own.
    if line.count > column - 2 {
      lines.append(line)
      line = ""
    }
    line += String(repeating: " ", count: column - line.count)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: column)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n") + "\n"
  }
}
