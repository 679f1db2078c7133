import ArgumentParser
import JSON

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

  func show(_ answer: JSONValue) {
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
    usage: "uponctl PATH stats [--json | --table | --prometheus]")

  @ParentCommand var control: Uponctl
  @OptionGroup var form: Form

  @Flag(help: "Print metrics in the text format of Prometheus.")
  var prometheus = false

  func validate() throws {
    if prometheus, form.json || form.table { throw Failure(usage: "--prometheus is a form of its own") }
  }

  func run() throws {
    let control = try control.connect()
    let statistics = try control.ask(["stats": .bool(true)])
    guard prometheus else { return form.show(statistics) }
    let metrics = Metrics(of: statistics, try control.ask(["list": .bool(true)]))
    Output.write(Array(metrics.text.utf8))
  }
}
