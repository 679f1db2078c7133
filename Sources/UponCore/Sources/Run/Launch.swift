import EventLoop
import Platform

/// One process of a `run:` source: its pipes, and its exit, which is told when what came before has been delivered.
final class Launch {
  /// How the process has ended.
  struct Exit {
    let pid: Int32?
    let status: ExitStatus
    /// In nanoseconds.
    let duration: Int64
    let stopped: Run.Stop?

    /// One that obeys and exits in order has taken too long all the same: the status of timeout(1).
    var countedStatus: ExitStatus {
      stopped == .timeout && status.isSuccess ? .exited(OwnStatus.timedOut) : status
    }
  }

  private(set) var run: Run
  private unowned(unsafe) var owner: RunSource
  private var output: PipeRecords?
  private var errors: PipeRecords?
  private(set) var input: InputPipe?
  /// Its exit, until it has been told.
  private var exit: Exit?
  private var hasToldExit = false

  init(_ owner: RunSource, number: UInt64) {
    self.owner = owner
    let cause = Run.Cause(
      port: owner.port, seq: 0, count: 1, merged: 0, holdsPort: false, handover: nil, reply: nil, key: 0)
    var ended: (Run) -> Void = { _ in }
    run = Run(owner.plan.spec, number: number, cause: cause, loop: owner.services.loop) { ended($0) }
    ended = { [unowned self] in exited($0) }
  }

  /// Starts the process; throws what kept it from running.
  func begin(_ file: CommandFile) throws(LoopError) {
    let (plan, port, services) = (owner.plan, owner.port, owner.services)
    let ground = try services.facility(CommandGround.self)
    var outputEnd: Descriptor?
    var errorsEnd: Descriptor?
    var inputEnd: Descriptor?
    if port.takes(plan.principal) || plan.frame.idle != nil {
      output = try records(plan.principal, plan.frame, port, &outputEnd)
    }
    if port.takes(RunEvent.stderr) {
      errors = try records(RunEvent.stderr, plan.frame.ofErrors, port, &errorsEnd)
    }
    if plan.input == .pipe {
      var pipe = try Pipe()
      inputEnd = pipe.takeReadEnd()
      input = InputPipe(pipe.takeWriteEnd(), loop: services.loop)
    }
    let input = inputEnd?.number ?? (plan.input == .inherit ? 0 : ground.null.number)
    let (written, failed) = (outputEnd?.number ?? 1, errorsEnd?.number ?? 2)
    let lease = try services.lease(of: plan.input == .inherit ? 0 : nil)
    let child = try (file.environment ?? ground.environment).withoutEvent { (environment) throws(LoopError) in
      var request = try file.request(environment)
      (request.input, request.output, request.errors) = (input, written, failed)
      request.terminal = lease?.descriptor
      request.descriptorLimit = services.process.descriptorLimit
      return try services.children.start(request) { [unowned run] in run.exited($0) }
    }
    run.begin(child, nil, nil, lease)
    run.onTerminalWanted = { [unowned self] in owner.wantsTerminal($0) }
    output?.start()
    errors?.start()
  }

  private func records(
    _ index: Int, _ plan: StreamPlan, _ port: Port, _ end: inout Descriptor?
  ) throws(LoopError) -> PipeRecords {
    var pipe = try Pipe()
    end = pipe.takeWriteEnd()
    return PipeRecords(
      pipe.takeReadEnd(), index, plan, port: port, loop: owner.services.loop
    ) { [unowned self] in settle() }
  }

  // MARK: Its life

  /// Takes the process to another source, which goes on with what has been read.
  func move(to other: RunSource) {
    owner = other
    output?.move(to: other.port, other.plan.frame, index: other.plan.principal)
    errors?.move(to: other.port, other.plan.frame.ofErrors, index: RunEvent.stderr)
  }

  func stop(_ reason: Run.Stop) {
    output?.closes = true
    errors?.closes = true
    if exit == nil { run.stop(reason) } else { finish() }
  }

  func hold(_ isHeld: Bool) {
    if isHeld {
      output?.pause()
      errors?.pause()
    } else {
      output?.resume()
      errors?.resume()
      if output == nil, errors == nil { settle() }
    }
  }

  /// Takes what is in the pipes already, and closes them whoever has the other ends.
  func finish() {
    output?.catchUp(andClose: true)
    errors?.catchUp(andClose: true)
    settle()
  }

  /// Leaves the process alone; what it writes from now on is passed to where upon writes.
  func letGo() {
    run.letGo()
    output?.letGo(to: 1, owner.services)
    errors?.letGo(to: 2, owner.services)
  }

  private func exited(_ run: Run) {
    guard let status = run.status else { return }
    exit = Exit(
      pid: run.pid, status: status, duration: max(run.ended - run.began, 0), stopped: run.stopped)
    input?.abandon()
    input = nil
    let closes = run.stopped != nil
    output?.catchUp(andClose: closes)
    errors?.catchUp(andClose: closes)
    settle()
  }

  /// Tells the exit when it is its turn, and the owner when nothing more comes.
  private func settle() {
    if let exit, output?.isCaughtUp ?? true, errors?.isCaughtUp ?? true, owner.port.canTake {
      self.exit = nil
      hasToldExit = true
      owner.exited(self, exit)
    }
    if hasToldExit, output?.isEnded ?? true, errors?.isEnded ?? true { owner.done(self) }
  }
}
