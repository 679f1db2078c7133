import Platform

/// A process that was started here.
///
/// `Children` holds it until it has exited, so its status is always taken; then the owner's references
/// decide how long it stays.
public final class Child {
  private enum State {
    case running
    /// It has exited, and its group is still ours to signal.
    case held
    case gone
  }

  /// The process id, and of its group if it leads one.
  public let pid: Int32
  /// Whether its group can be looked at and signalled after the process itself has exited, until `release()`.
  ///
  /// Set before the exit is told.
  public var holdsGroup = false
  private let leadsGroup: Bool
  /// Whether the kernel finds the group by the pidfd; otherwise the process stays a zombie while its group is
  /// held, so that the number cannot become another's.
  private let groupsByPidfd: Bool
  private var state = State.running
  private var pidfd: Int32
  private var watch: DescriptorWatch?
  private var onExit: ((ExitStatus) -> Void)?
  /// Called with the signal when job control has stopped the process, where `Children.stopsMayHaveHappened` is called.
  public var onStop: ((Int32) -> Void)?
  /// Set while it is a zombie for its group's sake: tells `Children` that it no longer is.
  var onRelease: (() -> Void)?

  /// Whether the process has not been seen to exit.
  public var isRunning: Bool { state == .running }

  /// Whether it has exited, but has not been reaped for the sake of its group.
  var isZombie: Bool { state == .held && pidfd < 0 }

  /// Takes ownership of `pidfd`; negative where there is none.
  init(
    pid: Int32, pidfd: Int32, leadsGroup: Bool, groupsByPidfd: Bool, onExit: @escaping (ExitStatus) -> Void
  ) {
    self.pid = pid
    self.pidfd = pidfd
    self.leadsGroup = leadsGroup
    self.groupsByPidfd = groupsByPidfd
    self.onExit = onExit
  }

  /// Sends a signal to the process; false when it is gone.
  ///
  /// The pid cannot be another's: it is taken until the process is reaped. The corresponding C function is
  /// `kill`.
  @discardableResult
  public func signal(_ signal: Int32) -> Bool {
    state == .running && kill(pid, signal) == 0
  }

  /// Sends a signal to its process group; false when that is gone, or was never its own.
  ///
  /// After the exit it works only with `holdsGroup`. The corresponding C functions are `kill` with a negative pid
  /// and `pidfd_send_signal`.
  @discardableResult
  public func signalGroup(_ signal: Int32) -> Bool {
    guard leadsGroup else { return false }
    return switch state {
    case .running: kill(-pid, signal) == 0
    case .held: (pidfd >= 0 ? upon_pidfd_signal_group(pidfd, signal) : kill(-pid, signal)) == 0
    case .gone: false
    }
  }

  /// Whether the process has exited and nobody is left in its group.
  public var isGroupEmpty: Bool {
    switch state {
    case .running: false
    // The kernel counts the dead until their parent has seen them, and process 1 of a container may never look.
    case .held:
      pidfd >= 0 && upon_pidfd_signal_group(pidfd, 0) < 0 && errno == ESRCH || !ProcessGroup.hasMembers(pid)
    case .gone: true
    }
  }

  /// Gives up the group of a process that has exited.
  ///
  /// Happens by itself when the object goes.
  public func release() {
    guard state == .held else { return }
    let wasZombie = isZombie
    state = .gone
    closePidfd()
    guard wasZombie else { return }
    onRelease?()
    onRelease = nil
    var code: Int32 = 0
    var status: Int32 = 0
    _ = upon_wait(UPON_WAIT_PID, pid, 0, &code, &status)
  }

  /// Watches the pidfd; false where there is none, or it cannot be watched.
  func enable(loop: EventLoop, ready: @escaping () -> Void) -> Bool {
    guard pidfd >= 0 else { return false }
    let watch = DescriptorWatch(
      loop: loop, descriptor: pidfd, interest: .read, queue: .urgent, handler: ready)
    do {
      try watch.enable()
      self.watch = watch
      return true
    } catch {
      closePidfd()
      return false
    }
  }

  /// Whether its exit is seen only by asking, after `CHLD`.
  var needsAsking: Bool { watch == nil }

  /// Asks whether it has exited, and takes the status if so.
  func collect() -> ExitStatus? {
    let holds = holdsGroup && leadsGroup
    // The zombie is still a member, so that the answer is about the kernel.
    let byPidfd = holds && groupsByPidfd && pidfd >= 0 && upon_pidfd_signal_group(pidfd, 0) == 0
    let peek: Int32 = holds && !byPidfd ? 1 : 0
    var code: Int32 = 0
    var status: Int32 = 0
    let found =
      pidfd >= 0
      ? upon_wait(UPON_WAIT_PIDFD, pidfd, peek, &code, &status)
      : upon_wait(UPON_WAIT_PID, pid, peek, &code, &status)
    guard found != 0 else { return nil }
    stopWatching()
    if !byPidfd { closePidfd() }
    state = holds && (found > 0 || byPidfd) ? .held : .gone
    // Without a status somebody else in this process has taken it; the run is over all the same.
    return found > 0 ? ExitStatus(code: code, status: status) : .exited(127)
  }

  /// The signal by which the process has been stopped since it was last asked, nil when it has not.
  func collectStop() -> Int32? {
    var signal: Int32 = 0
    return state == .running && upon_wait_stopped(UPON_WAIT_PID, pid, 0, &signal) > 0 ? signal : nil
  }

  /// Calls the owner, once, and lets go of its handler.
  func finish(_ status: ExitStatus) {
    let onExit = onExit
    self.onExit = nil
    onStop = nil
    onExit?(status)
  }

  /// Lets go of the loop and of the process.
  func abandon() {
    stopWatching()
    closePidfd()
  }

  /// The watch goes before the descriptor is closed and its number is somebody else's.
  private func stopWatching() {
    watch?.disable()
    watch = nil
  }

  private func closePidfd() {
    guard pidfd >= 0 else { return }
    close(pidfd)
    pidfd = -1
  }

  deinit {
    release()
    abandon()
  }
}
