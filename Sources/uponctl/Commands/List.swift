import ArgumentParser

/// How an answer with something in it is shown.
struct Form: ParsableArguments {
  @Flag(help: "Print the answer as JSON; the default where standard output is no terminal.")
  var json = false

  @Flag(help: "Print a table; the default on a terminal.")
  var table = false

  func validate() throws {
    if json, table { throw Failure(usage: "--json and --table exclude each other") }
  }

  var isTable: Bool { table || !json && Output.isTerminal }

  func show(_ answer: JSON) {
    Output.write(Array((isTable ? Table.text(of: answer) : answer.line + "\n").utf8))
  }
}

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List sources, connections and running commands.",
    usage: "uponctl PATH list [--json | --table]")

  @ParentCommand var control: Uponctl
  @OptionGroup var form: Form

  func run() throws { form.show(try control.connect().ask(["list": .bool(true)])) }
}

struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show what upon has done so far and what it takes.",
    usage: "uponctl PATH stats [--json | --table]")

  @ParentCommand var control: Uponctl
  @OptionGroup var form: Form

  func run() throws { form.show(try control.connect().ask(["stats": .bool(true)])) }
}

/// For the completions: what `remove`, `send` and the others take, one a line.
struct Names: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "names", shouldDisplay: false)

  @ParentCommand var control: Uponctl

  @Flag var connections = false

  func run() throws {
    let answer = try control.connect().ask(["list": .bool(true)])
    let (list, key) = connections ? ("connections", "conn") : ("sources", "name")
    guard case .array(let rows)? = answer[list] else { return }
    for row in rows {
      // A name with a line end in it cannot be offered.
      guard let name = row[key]?.shown, !name.unicodeScalars.contains(where: { $0 < " " }) else { continue }
      Output.write(Array((name + "\n").utf8))
    }
  }
}
