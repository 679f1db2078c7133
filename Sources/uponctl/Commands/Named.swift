import ArgumentParser

/// The names that requests with nothing else are about.
struct SourceNames: ParsableArguments {
  @Argument(help: ArgumentHelp("The name of a source, as list shows it.", valueName: "NAME"))
  var names: [String]

  /// Sends one request for each name; goes on behind one that fails.
  func request(_ verb: String, with further: (key: String, value: String)? = nil, of parent: Uponctl) throws {
    let control = try parent.connect()
    var areDone = true
    for name in names {
      do {
        try control.ask(
          further.map { [verb: .text(name), $0.key: .text($0.value)] } ?? [verb: .text(name)])
      } catch let failure as Failure where failure.status == 1 {
        failure.report()
        areDone = false
      }
    }
    if !areDone { throw ExitCode(1) }
  }
}

struct Remove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove sources.",
    usage: "uponctl PATH remove NAME...")

  @ParentCommand var control: Uponctl
  @OptionGroup var sources: SourceNames

  func run() throws { try sources.request("remove", of: control) }
}

struct Pause: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let sources rest until they are resumed.",
    usage: "uponctl PATH pause NAME...")

  @ParentCommand var control: Uponctl
  @OptionGroup var sources: SourceNames

  func run() throws { try sources.request("pause", of: control) }
}

struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with paused sources.",
    usage: "uponctl PATH resume NAME...")

  @ParentCommand var control: Uponctl
  @OptionGroup var sources: SourceNames

  func run() throws { try sources.request("resume", of: control) }
}

struct Trigger: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trigger", abstract: "Fire the event of sources by hand.",
    usage: "uponctl PATH trigger [--data TEXT | --path PATH] NAME...")

  @ParentCommand var control: Uponctl
  @OptionGroup var sources: SourceNames

  @Option(help: ArgumentHelp("The data of the event.", valueName: "TEXT"))
  var data: String?

  @Option(help: ArgumentHelp("The path of the event.", valueName: "PATH"), completion: .file())
  var path: String?

  func validate() throws {
    if data != nil, path != nil { throw ValidationError("--data has no effect beside --path") }
  }

  func run() throws {
    let further = data.map { (key: "data", value: $0) } ?? path.map { (key: "path", value: $0) }
    try sources.request("trigger", with: further, of: control)
  }
}
