import ArgumentParser

struct Exit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exit", abstract: "End upon in order.",
    usage: "uponctl PATH exit [STATUS]")

  @ParentCommand var control: Uponctl

  @Argument(help: ArgumentHelp("The exit status of upon.", valueName: "STATUS"))
  var status: Int = 0

  func validate() throws {
    guard 0...255 ~= status else { throw Failure(usage: "'\(status)': expected a status from 0 to 255") }
  }

  func run() throws { try control.connect().ask(["exit": .integer(status)]) }
}
