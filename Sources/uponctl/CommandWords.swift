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
    return try protect(words)
  }

  /// Puts a `--` in front of the words of `add`, which pass as they are; refuses a command that does not exist.
  static func protect(_ words: [String]) throws -> [String] {
    guard let command = place(ofCommandIn: words) else { return words }
    var names = ["help"]
    for command in Uponctl.configuration.subcommands where command.configuration.shouldDisplay {
      names.append(command.configuration.commandName ?? "")
    }
    guard names.contains(words[command]) || words[command] == Names.configuration.commandName else {
      let nearest = Suggestion.nearest(words[command], names).map { "; did you mean \($0)?" }
      throw Failure(
        usage: "unknown command '\(words[command])'\(nearest ?? "; uponctl --help lists them")")
    }
    guard words[command] == Add.configuration.commandName else { return words }
    let first = words[(command + 1)...].firstIndex { !$0.hasPrefix("-") || $0 == "--" } ?? words.endIndex
    return first < words.endIndex && words[first] == "--" ? words : words[..<first] + ["--"] + words[first...]
  }

  /// Where the command stands: the second word that is neither an option nor an option's value.
  private static func place(ofCommandIn words: [String]) -> Int? {
    var isValue = false
    var isBehindPath = false
    for (place, word) in words.enumerated() {
      if isValue {
        isValue = false
      } else if word.hasPrefix("-"), word != "-" {
        isValue = word == "-t" || word == "--timeout"
      } else if isBehindPath {
        return place
      } else {
        isBehindPath = true
      }
    }
    return nil
  }
}
