import UponCore

/// The completions of upon's command line, written from the tables that its parser reads.
///
/// `make completions` writes them to `completions/`; a test fails where the files differ.
public enum CompletionScripts {
  /// The scripts by the name of their file.
  public static let all: [(file: String, text: String)] = [
    ("upon.bash", bash),
    ("_upon", zsh),
    ("upon.fish", fish),
  ]
}

/// One row of what is offered: the text and what it means.
struct Offer {
  let text: String
  let help: String
}

/// What can stand where, in the words of the three scripts.
enum Offers {
  /// Kinds as they are typed, with the `:` where an address follows.
  static let kinds = Kind.all.map { Offer(text: $0.address == nil ? $0.name : "\($0.name):", help: $0.help) }

  /// Signals that can be watched; the real-time ones only by their first.
  static let signals = SignalName.watchable.filter { !$0.contains("+") }

  /// The kinds whose addresses the shell can find, with a mark for how.
  static let addresses: [(kind: String, mark: String)] = Kind.all.compactMap { kind in
    switch kind.address {
    case "PATH" where kind.name == "unix": (kind.name, "+socket")
    case "PATH": (kind.name, "+file")
    case "HOST:PORT", "[HOST:]PORT": (kind.name, "+host")
    case let placeholder? where placeholder.hasPrefix("NAME["): (kind.name, "+signals")
    default: nil
    }
  }

  static let events: [(kind: String, offers: [Offer])] = Kind.all.map { kind in
    (kind.name, kind.events.map { Offer(text: $0.name, help: $0.help) })
  }

  /// The settings of each kind and of each action that has some, as they are typed.
  static let settings: [(context: String, offers: [Offer])] = owners.map { owner in
    (
      owner.context,
      owner.settings.flatMap { setting in
        let bare = setting.form == nil || setting.isValueOptional ? [setting.name] : []
        let valued = setting.form == nil ? [] : ["\(setting.name)="]
        return (bare + valued).map { Offer(text: $0, help: setting.help) }
      }
    )
  }

  /// The values of settings: words, or a mark for those that the shell has to find.
  static let values: [(context: String, setting: String, words: [String])] = owners.flatMap { owner in
    owner.settings.compactMap { setting in
      words(of: setting).map { (owner.context, setting.name, $0) }
    }
  }

  private static func words(of setting: Setting) -> [String]? {
    switch setting.form {
    case .choice(let words): words
    case .path: ["+file"]
    case .events: ["+events"]
    case .ending: ["+ending"]
    case .signal where setting.name == "stop": SignalName.ending.map(\.name)
    case .signal: SignalName.named.map(\.name)
    default: nil
    }
  }

  private static let owners: [(context: String, settings: [Setting])] =
    Kind.all.map { ($0.name, $0.settings) } + [
      ("print", Setting.ofPrint), ("kill", Setting.ofKill), ("do", Setting.ofCommand),
    ]

  /// The words that may follow in each context, beside settings and another source.
  static let words: [(context: String, offers: [Offer])] =
    Kind.all.map { ($0.name, [or] + actions) } + ["print", "kill", "do"].map { ($0, running) }

  private static let or = Offer(text: "or", help: "another source of the same rule")
  private static let running = [
    Offer(text: "do", help: "run a command"),
    Offer(text: "print", help: "print a record"),
    Offer(text: "kill", help: "signal the commands that run"),
  ]
  private static let actions = running + [Offer(text: "ignore", help: "only count the event")]
}

extension Option {
  /// How the option is typed, the short form first.
  var spellings: [String] {
    (short.map { ["-\($0)"] } ?? []) + ["--\(long)"]
  }

  /// The words its value is one of, empty where it is anything else.
  var choices: [String] {
    switch form {
    case .choice(let words): words
    case .form: RecordFormat.allCases.map(\.rawValue)
    // Those of Linux: the scripts are the same wherever they were written.
    case .control: ["stdin", "fd:", "unix:"]
    case .backend: ["epoll", "poll", "select"]
    case .file: ["+file"]
    default: []
    }
  }

  /// One word of options that ends in a short one whose value is the next word, as a regular expression.
  static let shortBeforeValue: String = {
    let flags = all.compactMap { $0.form == nil ? $0.short : nil }
    let valued = all.compactMap { $0.form == nil ? nil : $0.short }
    return "^-[\(String(flags))]*[\(String(valued))]$"
  }()
}

extension String {
  /// The text between single quotes, as bash and zsh read it.
  var quoted: String {
    var text = "'"
    for character in self { text += character == "'" ? "'\\''" : String(character) }
    return text + "'"
  }
}
