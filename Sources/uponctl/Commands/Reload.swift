import ArgumentParser
import JSON

struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Have the files of -f read again, and show what has changed.",
    usage: "uponctl PATH reload [--json | --table]")

  @ParentCommand var control: Uponctl
  @OptionGroup var form: Form

  func run() throws { form.show(try control.connect().ask(["reload": .bool(true)])) }
}
