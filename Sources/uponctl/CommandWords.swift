import UponCore

/// The words of the command line, made safe for a parser that takes dashes anywhere for options.
enum CommandWords {
  /// The arguments as text; a request is JSON, which cannot hold anything else.
  static func read(_ arguments: [Word]) throws -> [String] {
    var words: [String] = []
    for word in arguments {
      guard let text = String(validating: word.bytes, as: UTF8.self) else {
        throw Failure(usage: "'\(word.text)': an argument that is not UTF-8 cannot be sent")
      }
      words.append(text)
    }
    // The place of PATH, which the parser would take it for.
    if words.first == "help" { words.append("--help") }
    if words.first == "-V" { words[0] = "--version" }
    return try protect(words)
  }

  /// What people type who know other tools, and the command that they mean.
  private static let synonyms: [(typed: [String], meant: String)] = [
    (["ls", "ps", "status", "show", "sources"], "list"),
    (["rm", "del", "delete", "kill"], "remove"),
    (["new", "run", "start"], "add"),
    (["stop", "quit", "shutdown", "end"], "exit"),
    (["fire", "emit"], "trigger"),
    (["suspend", "hold"], "pause"),
    (["continue", "unpause"], "resume"),
    (["write", "say"], "send"),
    (["disconnect"], "close"),
    (["info", "statistics"], "stats"),
    (["raw", "stdin"], "-"),
  ]

  /// Puts a `--` in front of the words of `add`, which pass as they are; refuses a command that does not exist.
  static func protect(_ words: [String]) throws -> [String] {
    var names = ["help"]
    for command in Uponctl.configuration.subcommands where command.configuration.shouldDisplay {
      names.append(command.configuration.commandName ?? "")
    }
    guard let command = index(ofCommandIn: words) else {
      if let path = path(in: words), names.contains(path), path != "help", path != "-" {
        throw Failure(usage: "'\(path)': PATH comes first, uponctl PATH \(path)")
      }
      return words
    }
    let name = words[command]
    guard names.contains(name) || name == Names.configuration.commandName else {
      if let path = path(in: words), names.contains(path), path != "-" {
        throw Failure(usage: "'\(path)': PATH comes first, uponctl \(Word(name).text) \(path)")
      }
      let synonym = synonyms.first { $0.typed.contains(name) }?.meant
      let meant = (synonym ?? Suggestion.nearest(name, names)).map { "; did you mean \($0)?" }
      throw Failure(
        usage: "unknown command '\(Word(name).text)'\(meant ?? "; uponctl --help lists them")")
    }
    guard name == Add.configuration.commandName else { return words }
    let own = ["--replace", "--help", "-h"]
    let first = words[(command + 1)...].firstIndex { !own.contains($0) } ?? words.endIndex
    return first < words.endIndex && words[first] == "--" ? words : words[..<first] + ["--"] + words[first...]
  }

  /// The word that stands where PATH does.
  private static func path(in words: [String]) -> String? {
    var isValue = false
    for word in words {
      if isValue {
        isValue = false
      } else if word.hasPrefix("-"), word != "-" {
        isValue = word == "-t" || word == "--timeout"
      } else {
        return word
      }
    }
    return nil
  }

  /// Where the command stands: the second word that is neither an option nor an option's value.
  private static func index(ofCommandIn words: [String]) -> Int? {
    var isValue = false
    var isBehindPath = false
    for (index, word) in words.enumerated() {
      if isValue {
        isValue = false
      } else if word.hasPrefix("-"), word != "-" {
        isValue = word == "-t" || word == "--timeout"
      } else if isBehindPath {
        return index
      } else {
        isBehindPath = true
      }
    }
    return nil
  }
}
