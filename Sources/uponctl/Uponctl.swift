import ArgumentParser
import Platform
import UponCore

/// C's `main`, which the linker finds under this name.
@c(uponctl_main)
func main(_ count: Int32, _ arguments: ArgumentVector.Strings) -> Int32 {
  // The parser looks at the name of the program.
  _swift_stdlib_overrideUnsafeArgvArgc(arguments, count)
  Uponctl.run(ArgumentVector.words(count, arguments))
  return 0
}

/// `uponctl PATH COMMAND`: the command line of upon's control socket.
struct Uponctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uponctl",
    abstract: "Talk to a running upon through its control socket.",
    usage: "uponctl [--timeout D] PATH COMMAND [ARGUMENT...]",
    discussion: "upon listens there when it was started with --control unix:PATH.",
    version: "uponctl \(Help.version)",
    subcommands: [
      List.self, Add.self, Remove.self, Pause.self, Resume.self, Trigger.self, Send.self, Close.self,
      Stats.self, Watch.self, Reload.self, Exit.self, PassThrough.self, Names.self,
    ])

  @ArgumentParser.Option(
    name: .shortAndLong,
    help: ArgumentHelp("Wait so long for an answer, such as 500ms or 2m.", valueName: "D"))
  var timeout = "30s"

  @Argument(
    help: ArgumentHelp("The socket: PATH, unix:PATH, or @NAME for an abstract one.", valueName: "PATH"))
  var path: String

  func validate() throws {
    _ = try readTimeout()
    _ = try readAddress()
  }

  func run() throws {
    throw Failure(usage: "a command is missing behind '\(path)'; uponctl --help lists them")
  }

  /// Connects to the running upon.
  func connect() throws -> Control {
    try Control(readAddress(), named: path, timeout: readTimeout())
  }

  private func readTimeout() throws -> Interval {
    guard let interval = Interval(Array(timeout.utf8)), interval.nanoseconds > 0 else {
      throw Failure(usage: "--timeout '\(timeout)': expected a duration such as 500ms, 5s or 2m")
    }
    return interval
  }

  private func readAddress() throws -> SocketAddress {
    let address = path.hasPrefix("unix:") ? path.dropFirst(5) : path[...]
    if address.isEmpty { throw Failure(usage: "'\(path)': expected the path of a socket") }
    do {
      return try SocketAddress(unix: Array(address.utf8), in: Word(path))
    } catch {
      throw Failure(usage: error.message)
    }
  }

  static func run(_ words: [Word]) {
    do {
      var command = try parseAsRoot(CommandWords.read(words))
      try command.run()
    } catch {
      end(error)
    }
  }

  /// Ends with what the user asked for in place of a request, or with an error in one line.
  private static func end(_ error: any Error) -> Never {
    // A failure that has been told already.
    if let code = error as? ExitCode { Platform.exit(code.rawValue) }
    if exitCode(for: error) == .success {
      Output.write(Array((fullMessage(for: error) + "\n").utf8))
      Platform.exit(0)
    }
    if let failure = error as? Failure { failure.exit() }
    let message = message(for: error)
    Failure(usage: message.prefix(1).lowercased() + message.dropFirst()).exit()
  }
}
