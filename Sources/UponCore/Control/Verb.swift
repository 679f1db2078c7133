/// What a request asks for: a key whose value says to whom or with what.
///
/// The table is what decides which keys a request has, and what the tests hold the manual to.
public struct Verb: Sendable {
  public let name: String
  /// What stands behind the key.
  public let value: String
  /// Further keys that may stand beside it, with what stands behind them.
  public let keys: [(name: String, value: String)]
  public let help: String

  private init(_ name: String, _ value: String, _ keys: [(String, String)] = [], help: String) {
    self.name = name
    self.value = value
    self.keys = keys.map { (name: $0.0, value: $0.1) }
    self.help = help
  }

  /// Every verb, in the order of the manual.
  public static let all = [
    Verb("add", "[WORD,...]", [("replace", "true")], help: "add the rules that the words say"),
    Verb("remove", "NAME", help: "close a source and forget it"),
    Verb("pause", "NAME", help: "let a source rest"),
    Verb("resume", "NAME", help: "let it go on"),
    Verb(
      "trigger", "NAME",
      [("data", "TEXT"), ("data_base64", "BASE64"), ("path", "PATH"), ("path_base64", "BASE64")],
      help: "fire its first event by hand"),
    Verb("reload", "true", help: "read the files of -f again, and change what they have changed"),
    Verb("list", "true", help: "what is watched, what runs, who is connected"),
    Verb("stats", "true", help: "what has been done, and what it takes"),
    Verb("send", "TEXT", [("to", "CONN|NAME")], help: "send to a connection, or to all of a source"),
    Verb("send_base64", "BASE64", [("to", "CONN|NAME")], help: "the same with bytes"),
    Verb("close", "CONN|NAME", help: "close a connection, or all of a source"),
    Verb("subscribe", "true|[NAME,...]", help: "send records here as they come, of all sources or of these"),
    Verb(
      "exit", "STATUS", [("drain", "true")],
      help: "stop and end with that status; drain lets commands run to their end"),
  ]

  static func named(_ name: String) -> Verb? {
    all.first { $0.name == name }
  }
}
