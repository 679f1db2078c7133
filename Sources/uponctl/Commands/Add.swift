import ArgumentParser
import JSON

struct Add: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a rule, in the words of upon's command line.",
    usage: "uponctl PATH add [--replace] WORD...",
    discussion: "The words pass as they are, also those that begin with a dash.")

  @ParentCommand var control: Uponctl

  @Flag(help: "Take the place of sources whose names are in use.")
  var replace = false

  @Argument(help: ArgumentHelp("A rule, such as every:2s do date.", valueName: "WORD"))
  var words: [String]

  func run() throws {
    let rule = JSONValue.array(words.map(JSONValue.text))
    let control = try control.connect()
    try control.ask(replace ? ["add": rule, "replace": .bool(true)] : ["add": rule])
  }
}
