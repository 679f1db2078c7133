import Platform
import UponCore

/// The command: arguments become an invocation, a session runs it, and its ending is the exit status.
///
/// It is C's `main`: the build makes the symbol NAME_main that of the program NAME.
@c(upon_main)
func main(_ count: Int32, _ arguments: ArgumentVector.Strings) -> Int32 {
  let process = ProcessState.adopt()
  process.end(by: run(ArgumentVector.words(count, arguments), process))
}

private func run(_ words: [Word], _ process: ProcessState) -> Termination {
  do {
    let vocabulary = Vocabulary(Kind.all)
    let invocation = try Parser.parse(words, vocabulary)
    if let text = try Help.text(for: invocation, vocabulary) { return Termination.show(text) }
    let session = try Session(invocation, process: process)
    return session.run(consume invocation)
  } catch let error as UsageError {
    return Termination.refuse(error.message, status: OwnStatus.usage)
  } catch let failure as StartFailure {
    return Termination.refuse(failure.reason, status: OwnStatus.failed)
  } catch {
    return Termination.refuse("\(error)", status: OwnStatus.failed)
  }
}
