import CSystem

/// A process that was started here.
///
/// `Children` holds it until it has exited, so its status is always taken; then the owner's references
/// decide how long it stays.
public final class Child {
  private enum State {
    case running, held, reaped
  }

  /// The process id, and of its group if it leads one.
  public let pid: Int32
  private let leadsGroup: Bool
  private let holdsGroup: Bool
  private var state = State.running
  private var pidfd: Int32
  private var watch: DescriptorWatch?
  private var onExit: ((ExitStatus) -> Void)?
  /// Set while its group is held: tells `Children` that it no longer is.
  var onRelease: (() -> Void)?

  /// Whether the process has not been seen to exit.
  public var isRunning: Bool { state == .running }

  /// Whether it has exited and its group is held.
  var isHeld: Bool { state == .held }

  /// Takes ownership of `pidfd`; negative where there is none.
  init(pid: Int32, pidfd: Int32, request: borrowing SpawnRequest, onExit: @escaping (ExitStatus) -> Void) {
    self.pid = pid
    self.pidfd = pidfd
    leadsGroup = request.group
    holdsGroup = request.group ? request.holdsGroup : false
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
  /// After the exit it works only with `SpawnRequest.holdsGroup`, and until `release()`. The corresponding
  /// C function is `kill` with a negative pid.
  @discardableResult
  public func signalGroup(_ signal: Int32) -> Bool {
    leadsGroup && state != .reaped && kill(-pid, signal) == 0
  }

  /// Gives up the group of a process that has exited, which was held so that its number stays its own.
  ///
  /// Happens by itself when the object goes, and when process 1 reaps orphans.
  public func release() {
    guard state == .held else { return }
    state = .reaped
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
    var code: Int32 = 0
    var status: Int32 = 0
    let found =
      pidfd >= 0
      ? upon_wait(UPON_WAIT_PIDFD, pidfd, holdsGroup ? 1 : 0, &code, &status)
      : upon_wait(UPON_WAIT_PID, pid, holdsGroup ? 1 : 0, &code, &status)
    guard found != 0 else { return nil }
    state = found > 0 && holdsGroup ? .held : .reaped
    abandon()
    // Without a status somebody else in this process has taken it; the run is over all the same.
    return found > 0 ? ExitStatus(code: code, status: status) : .exited(127)
  }

  /// Calls the owner, once, and lets go of its handler.
  func finish(_ status: ExitStatus) {
    let onExit = onExit
    self.onExit = nil
    onExit?(status)
  }

  /// Stops watching; the watch goes before the descriptor is closed and its number is somebody else's.
  func abandon() {
    watch?.disable()
    watch = nil
    closePidfd()
  }

  private func closePidfd() {
    guard pidfd >= 0 else { return }
    close(pidfd)
    pidfd = -1
  }

  deinit {
    abandon()
    release()
  }
}
