import ArgumentParser
import JSON

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Print the records of upon as they come, of all sources or of these.",
    usage: "uponctl PATH watch [NAME...]")

  @ParentCommand var control: Uponctl

  @Argument(help: ArgumentHelp("The name of a source, as list shows it.", valueName: "NAME"))
  var names: [String] = []

  func run() throws {
    let control = try control.connect()
    let wanted = names.isEmpty ? JSONValue.bool(true) : .array(names.map(JSONValue.text))
    try control.ask(["subscribe": wanted])
    try Subscription(to: control).run()
  }
}
