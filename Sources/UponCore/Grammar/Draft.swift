/// A rule while its words are read: nothing is looked up across rules yet.
struct DraftRule {
  var mentions: [Mention] = []
  var actions: [DraftAction] = []

  /// Whether it was read from a file: whether it begins there.
  var isFromFile: Bool { mentions.first?.word.origin != nil }

  /// The words of the rule with a NUL behind each, settings in the order of their names, so that two that say the same
  /// are the same; with PROGRAM where that is its action.
  func text(_ program: [Word]?) -> [UInt8] {
    var words: [Word] = []
    for mention in mentions { words += [mention.word] + mention.settings.words }
    for action in actions {
      words += [action.word] + (action.command.map { [$0] } ?? []) + action.settings.words
    }
    if actions.isEmpty, let program { words += ["--"] + program }
    return words.text
  }
}

extension [Word] {
  /// The words with a NUL behind each, which none of them has in it.
  var text: [UInt8] { flatMap { $0.bytes + [0] } }
}

/// A source as it stands in a rule.
struct Mention {
  let word: Word
  let kind: Kind
  let address: CheckedAddress
  var settings = SettingValues()
  /// The index of its rule among those typed.
  var rule = 0

  /// Tells one source from another, however it is mentioned.
  var key: [UInt8] { Array(kind.identity.utf8) + [UInt8(ascii: ":")] + address.spelling }
}

/// An action with the settings behind it.
struct DraftAction {
  let keyword: ActionKeyword
  let word: Word
  /// The word behind `do`.
  var command: Word?
  var settings = SettingValues()
}

/// The words that begin an action.
public enum ActionKeyword: String, Sendable, CaseIterable {
  case run = "do"
  case print
  case kill
  case ignore

  /// The settings that may stand behind the action.
  public var settings: [Setting] {
    switch self {
    case .run: Setting.ofCommand
    case .print: Setting.ofPrint
    case .kill: Setting.ofKill
    case .ignore: []
    }
  }

  /// The action as messages name it.
  var noun: String {
    self == .run ? "a command" : rawValue
  }

  /// How the action is typed.
  public var synopsis: String {
    self == .run ? "do COMMAND" : rawValue
  }
}
