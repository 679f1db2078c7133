import EventLoop

/// Commands that could not be started.
extension RunAction {
  func couldNotStart(_ event: Event, _ port: Port, _ reply: Reply?, _ failure: LoopError) {
    if failure.isPassing {
      line.append(event, port, holdsPort: port.isPausable, reply: reply)
      return tryAgain(port, failure)
    }
    reply?.finish()
    // A program that is not there ends upon, as with xargs.
    let status = ExitStatus.exited(OwnStatus.ofProgram(failure.code))
    failures.tell(status, of: port, because: file.reason(failure))
    commands.ended(status, until: spec.until)
    writeReport(makeRun(event, port, nil), status)
    begins()
    // A typo in what was added while the loop runs ends nothing.
    if case .program = spec.line, endsWhenMissing { commands.onEnding(.unrunnable(status.shellStatus)) }
  }

  /// A shortage passes: the event is kept and tried again.
  func tryAgain(_ port: Port, _ failure: LoopError) {
    failures.tellShortage(of: port, failure.code)
    retryDelay = min(max(retryDelay * 2, 50_000_000), 1_000_000_000)
    if retry == nil { retry = Timer(loop: commands.services.loop) { [unowned self] _ in startNext() } }
    retry?.arm(at: commands.services.loop.now + retryDelay)
  }
}
