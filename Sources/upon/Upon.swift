import UponCore

/// The command: arguments become an invocation, a session runs it, and its ending is the exit status.
@main
struct Upon {
  static func main() {
    let process = ProcessState.adopt()
    process.end(by: run(process))
  }

  private static func run(_ process: ProcessState) -> Ending {
    do {
      let invocation = try Parser.parse(Arguments.words())
      if let text = try Help.text(for: invocation) { return Arguments.show(text) }
      let session = try Session(invocation, process: process)
      return session.run(consume invocation)
    } catch let error as UsageError {
      return Arguments.refuse(error.message, status: 64)
    } catch let failure as StartFailure {
      return Arguments.refuse(failure.reason, status: 125)
    } catch {
      return Arguments.refuse("\(error)", status: 125)
    }
  }
}
