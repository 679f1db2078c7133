import EventLoop
import Platform

extension Session {
  /// A message names no more sources than a person reads.
  private static let mostNamed = 20

  /// How long an ending that is forced waits: for commands after TERM, for a reader that does not read.
  private static let graceTime: Int64 = 5_000_000_000

  /// Decides the end; sources offer nothing more, and the rest happens at the end of the turn.
  func endSoon(_ cause: EndingCause) {
    if let earlier = self.cause, earlier.strength >= cause.strength { return }
    self.cause = cause
    isStopping = true
    if case .satisfied = cause { deadline?.cancel() }
    if phase == .stopping || phase == .finishing, cause.isForced { commands.stop() }
    if phase == .draining, cause.isForced { armGrace() }
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
    if phase == .running {
      closeEnded()
      if cause == nil, alive == 0, !intake.keepsAlive, commands.isIdle {
        endSoon(options.wait == .none ? .finished : .unsatisfied)
      }
      if cause != nil { closeAll() }
    }
    outputs.recipients.proceed()
    outputs.flush()
    if phase >= .stopping { advance() }
    if !graveyard.isEmpty { graveyard.removeAll() }
  }

  func closeEnded() {
    while let feed = closing.popLast() {
      let isMissed = closesFeedsAsTheyFire && feed.isAwaited && !feed.hasFired
      close(feed, keepingStatistics: options.controls.isEmpty)
      if isMissed { endSoon(.unsatisfied) }
    }
  }

  private func closeAll() {
    phase = .closing
    intake.close()
    outputs.recipients.handOver()
    for feed in feeds.inOrder where feed.isCounted {
      feed.close()
      if feed.isLingering {
        lingering.append(feed)
        commands.sourceLingers()
      }
    }
    phase = .stopping
    if cause == .vanished { return finish() }
    if let cause, cause.isForced { commands.stop() }
  }

  private func advance() {
    if cause == .vanished { return finish() }
    if phase == .stopping, commands.isIdle {
      phase = .finishing
      for feed in feeds.inOrder { feed.source?.othersEnded() }
    }
    if phase == .finishing, commands.isIdle {
      phase = .draining
      outputs.writeMerged()
      if cause?.isForced ?? false || outputs.isFailing { armGrace() }
    }
    guard phase == .draining else { return }
    // The commands that make answers have ended; what they have written may wait for its reader.
    if let connections = services.existing(Connections.self), connections.lingering > 0 {
      if outputs.isEmpty { armGrace() }
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
        if let cause, !cause.isForced { self.cause = .outputFailed }
      }
      finish()
    }
    grace?.arm(at: Clock.monotonic() + Self.graceTime)
  }

  private func finish() {
    phase = .done
    services.loop.stop()
  }

  // MARK: Causes

  /// Ends in order by a signal; a second one of its number kills in the kernel.
  func stop(by number: Int32) {
    // The kernel keeps a signal that is not handled from process 1: its second one is looked for here.
    if services.process.isInit {
      if case .signal = cause { return finish() }
    } else {
      services.signals.letKill(number)
    }
    endSoon(.signal(number))
  }

  func timedOut() {
    if let cause, cause == .satisfied || cause.strength >= EndingCause.timedOut.strength { return }
    var missing = feeds.known.filter { $0.isAwaited && !$0.hasFired }.map { feed in
      (feed.lastError ?? feed.source?.progress).map { "\(feed.title) (\($0))" } ?? feed.title
    }
    if missing.count > Self.mostNamed {
      missing[(Self.mostNamed - 1)...] = ["and \(missing.count - Self.mostNamed + 1) more"]
    }
    let after = "timed out after \(options.timeout ?? .forever)"
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

  /// The ending as the caller sees it; becomes PROGRAM when a wait has succeeded and one was given.
  func conclude() -> Ending {
    if options.stats { services.diagnostics.write(statistics()) }
    switch cause ?? .finished {
    case .vanished: return .signal(SIGPIPE)
    case .signal(let number):
      return services.process.isInit ? .status(OwnStatus.signalBase + number) : .signal(number)
    case .exit(let status), .commandDecided(let status), .unrunnable(let status): return .status(status)
    case .timedOut: return .status(OwnStatus.timedOut)
    case .outputFailed: return .status(OwnStatus.failed)
    case .unsatisfied:
      let missed = commands.statusOfMissed(options.wait) ?? OwnStatus.unsatisfied
      return .status(hasLostSource ? OwnStatus.failed : missed)
    case .finished: return .status(hasLostSource ? OwnStatus.failed : commands.status(of: options.wait))
    case .satisfied:
      guard let program else { return .status(commands.status(of: options.wait)) }
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
