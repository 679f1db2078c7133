import EventLoop
import Platform

extension Session {
  /// How long an ending that stops waits for a reader that does not read.
  private static let graceTime: Int64 = 5_000_000_000

  /// Decides the end; sources offer nothing more, and the rest happens at the end of the turn.
  ///
  /// What commands do for `spared` runs to its end where all others are stopped: `exit=` ends by what its source has
  /// brought, and what is done with that belongs to it.
  func endSoon(_ cause: EndingCause, sparing spared: Feed? = nil) {
    guard ending.decide(cause) else { return }
    self.spared = spared
    isStopping = true
    deadline?.cancel()
    guard ending.course == .stop else { return }
    if ending.phase == .stopping || ending.phase == .finishing { stopCommands() }
    if ending.phase == .draining { armGrace() }
  }

  /// Takes note that a feed has nothing more to offer.
  func feedEnded(_ feed: Feed) {
    closing.append(feed)
  }

  /// Carries out what the turn has decided: closes sources, writes records, moves the ending on.
  func settle() {
    guard !isSettling else { return }
    isSettling = true
    defer { isSettling = false }
    if ending.phase == .running {
      closeEnded()
      if !ending.isDecided, tally.alive == 0, !intake.keepsAlive, commands.isIdle {
        endSoon(options.wait == .none ? .finished : .unsatisfied)
      }
      if ending.isDecided { closeAll() }
    }
    outputs.recipients.proceed()
    outputs.flush()
    if ending.phase >= .stopping { advance() }
    if !graveyard.isEmpty { graveyard.removeAll() }
  }

  func closeEnded() {
    while let feed = closing.popLast() {
      let isMissed = tally.closesAsTheyFire && feed.isAwaited && !feed.hasFired
      close(feed, keepingStatistics: options.controls.isEmpty)
      if isMissed { endSoon(.unsatisfied) }
    }
  }

  private func closeAll() {
    if ending.cause == .unsatisfied { tellUnsatisfied() }
    ending.reach(.closing)
    intake.close()
    // Before the sources: what they hold back is written, but starts no command.
    if ending.course == .stop { stopCommands() }
    outputs.recipients.handOver()
    for feed in feeds.inOrder where feed.isCounted {
      feed.close()
      if feed.isLingering {
        lingering.append(feed)
        commands.sourceLingers()
      }
    }
    ending.reach(.stopping)
    commands.tellDropped()
  }

  private func stopCommands() {
    commands.stop(sparing: spared)
    if ending.phase >= .stopping { commands.tellDropped() }
  }

  private func advance() {
    if ending.phase == .stopping, commands.isIdle {
      ending.reach(.finishing)
      commands.goOn()
      for feed in feeds.inOrder { feed.source?.othersEnded() }
    }
    if ending.phase == .finishing, commands.isIdle {
      ending.reach(.draining)
      intake.letGo()
      outputs.writeMerged()
      if ending.course == .stop || outputs.isFailing { armGrace() }
    }
    guard ending.phase == .draining else { return }
    // The commands that make answers have ended; what they have written may wait for its reader.
    if let connections = services.existing(Connections.self), !connections.areSettled {
      // Those that are closed already take their leave in bounded time.
      if outputs.isEmpty, connections.lingering > 0 { armGrace() }
    } else if outputs.isEmpty {
      finish()
    }
  }

  /// A reader that does not read, or a disk that stays full, must not keep an ending for ever.
  private func armGrace() {
    guard grace == nil else { return }
    grace = Timer(loop: services.loop) { [unowned self] _ in
      if !outputs.isEmpty {
        services.diagnostics.report("\(outputs.count) bytes of records could not be written")
        if ending.course == .drain { _ = ending.decide(.outputFailed) }
      }
      finish()
    }
    grace?.arm(at: services.loop.now + Self.graceTime)
  }

  private func finish() {
    ending.reach(.done)
    services.loop.stop()
  }

  // MARK: Causes

  /// Ends in order by a signal; a second one of its number kills in the kernel.
  func stop(by number: Int32) {
    // The kernel keeps a signal that is not handled from process 1: its second one is looked for here.
    if services.process.isInit {
      if case .signal = ending.cause { return finish() }
    } else {
      services.signals.letKill(number)
    }
    endSoon(.signal(number))
  }

  func timedOut() {
    if ending.isDecided { return }
    let after = "timed out after \(options.timeout ?? .forever)"
    let missing = missing
    services.diagnostics.report(
      missing.isEmpty ? after : "\(after); still missing: \(missing.joined(separator: ", "))")
    endSoon(.timedOut)
  }

  func outputFailed(_ output: Output, _ failure: Output.Failure) {
    switch failure {
    case .vanished where output === outputs.standard: endSoon(.vanished)
    case .vanished: endSoon(.outputFailed)
    case .broken(let code):
      services.diagnostics.report("\(output.name): \(systemError(code))")
      endSoon(.outputFailed)
    case .passing(let code):
      services.diagnostics.report("\(output.name): \(systemError(code)); trying again")
    }
  }

  // MARK: The end

  /// The end as the caller sees it; becomes PROGRAM when a wait has succeeded and one was given.
  func conclude() -> Termination {
    services.existing(Terminal.self)?.takeBack()
    if options.stats { services.diagnostics.write(statistics()) }
    switch ending.cause ?? .finished {
    case .vanished: return .signal(SIGPIPE)
    case .signal(let number):
      return services.process.isInit ? .status(OwnStatus.signalBase + number) : .signal(number)
    case .exit(let status), .exitDrained(let status), .commandDecided(let status), .unrunnable(let status):
      return .status(status)
    case .timedOut: return .status(OwnStatus.timedOut)
    case .outputFailed: return .status(OwnStatus.failed)
    case .unsatisfied:
      let missed = commands.statusOfMissed(options.wait) ?? OwnStatus.unsatisfied
      return .status(hasLostSource ? OwnStatus.failed : missed)
    case .finished: return .status(hasLostSource ? OwnStatus.failed : commands.status(of: options.wait))
    case .satisfied:
      let status = commands.status(of: options.wait)
      // What PROGRAM would build on has not been done.
      guard let program, status == 0 else { return .status(status) }
      return .status(becomeProgram(program))
    }
  }

  /// Replaces the process; returns 127 or 126 when that fails.
  private func becomeProgram(_ program: [[UInt8]]) -> Int32 {
    services.diagnostics.flush()
    let environment = CommandEnvironment(keepsActivation: true)
    services.signals.giveBack()
    services.process.restore()
    do throws(LoopError) {
      let path = try Program.find(program)
      try environment.with(lastEvent, lastLabel) { (strings) throws(LoopError) in
        try Program.become(path: path, words: program, environment: strings)
      }
    } catch {
      services.diagnostics.report("\(Word(program[0]).text): \(systemError(error.code))")
      return OwnStatus.ofProgram(error.code)
    }
  }
}
