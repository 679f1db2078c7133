import Foundation

/// The commands and options of uponctl, as the program itself tells them.
struct UponctlHelp {
  struct Command {
    let name: String
    /// As they are typed, without those that every command has.
    let options: [String]
  }

  /// Options in front of the command.
  let options: [String]
  let commands: [Command]

  static let shared: UponctlHelp? = try? UponctlHelp()

  private init() throws {
    let run = try Shell.run("uponctl --experimental-dump-help")
    guard let root = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any],
      let command = root["command"] as? [String: Any], let inner = command["subcommands"] as? [[String: Any]]
    else { throw HarnessError("no help: \(run)") }
    options = Self.options(of: command)
    commands = inner.filter { $0["shouldDisplay"] as? Bool == true }.compactMap { command in
      guard let name = command["commandName"] as? String, name != "help" else { return nil }
      let shared = ["-h", "--help", "--version"]
      return Command(name: name, options: Self.options(of: command).filter { !shared.contains($0) })
    }
  }

  private static func options(of command: [String: Any]) -> [String] {
    let arguments = command["arguments"] as? [[String: Any]] ?? []
    return arguments.flatMap { $0["names"] as? [[String: String]] ?? [] }.map { name in
      (name["kind"] == "short" ? "-" : "--") + (name["name"] ?? "")
    }
  }
}
