import ArgumentParser

struct Exit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exit", abstract: "End upon; running commands are stopped.",
    usage: "uponctl PATH exit [--drain] [STATUS]")

  @ParentCommand var control: Uponctl

  @Flag(help: "Let commands that run or wait come to their end first.")
  var drain = false

  @Argument(help: ArgumentHelp("The exit status of upon.", valueName: "STATUS"))
  var status: Int = 0

  func validate() throws {
    guard 0...255 ~= status else { throw Failure(usage: "'\(status)': expected a status from 0 to 255") }
  }

  func run() throws {
    let control = try control.connect()
    try control.ask(drain ? ["exit": .integer(status), "drain": .bool(true)] : ["exit": .integer(status)])
  }
}
