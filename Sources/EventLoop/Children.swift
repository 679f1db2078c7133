import Platform

/// Starts processes and tells when they have exited; waits for no process that it has not started.
///
/// A pidfd tells each exit. Without pidfds the owner watches `CHLD` and calls `childSignalArrived()`.
public final class Children {
  private let loop: EventLoop
  private let dispositions: Dispositions
  /// The signals that `dispositions` and this process differ in; nothing changes others afterwards, but to what was found.
  private lazy var changed = dispositions.changed()
  private let usesPidfd: Bool
  private let groupsByPidfd: Bool
  private var known: [Int32: Child] = [:]
  /// Exited and reported, but not reaped because their group is held.
  /// Unmanaged is safe: a child takes itself out before it goes.
  private var held: [Int32: Unmanaged<Child>] = [:]

  /// Whether `CHLD` must be watched and passed on, because a child has no pidfd.
  public private(set) var needsChildSignal: Bool

  /// How many processes have been started and not been seen to exit.
  public var count: Int { known.count }

  /// Makes an empty set; every process starts with `dispositions`, as they were before `adopt()`.
  ///
  /// With `usesPidfd` false, or where the system has no `pidfd_open`, `needsChildSignal` is true. With
  /// `groupsByPidfd` false, a process whose group is held is not reaped, as on systems before Linux 6.9.
  public init(
    loop: EventLoop, dispositions: Dispositions, usesPidfd: Bool = true, groupsByPidfd: Bool = true
  ) {
    self.loop = loop
    self.dispositions = dispositions
    let probe = usesPidfd ? upon_pidfd_open(getpid()) : -1
    if probe >= 0 { close(probe) }
    let isShort = probe < 0 && [EMFILE, ENFILE, ENOMEM].contains(errno)
    self.usesPidfd = usesPidfd && (probe >= 0 || isShort)
    self.groupsByPidfd = groupsByPidfd
    needsChildSignal = !self.usesPidfd
  }

  /// Starts a process; `onExit` runs once, in queue urgent, when it has exited.
  ///
  /// Throws what kept it from running: `ENOENT`, `EACCES`, `ENOEXEC`, `EMFILE`, `EAGAIN` and others; no
  /// process is left then. The corresponding C functions are `clone` and `execve`.
  public func start(
    _ request: borrowing SpawnRequest, onExit: @escaping (ExitStatus) -> Void
  ) throws(LoopError) -> Child {
    let (pid, pidfd) = try request.spawn(dispositions, changed: changed, withPidfd: usesPidfd)
    let child = Child(
      pid: pid, pidfd: pidfd, leadsGroup: request.group, groupsByPidfd: groupsByPidfd, onExit: onExit)
    known[pid] = child
    let isWatched = child.enable(loop: loop) { [weak self, unowned child] in self?.finish([child]) }
    if !isWatched { needsChildSignal = true }
    return child
  }

  /// Asks every child without a pidfd whether it has exited; the owner calls it after each `CHLD`.
  ///
  /// The handlers of those that have run before it returns. The corresponding C function is `waitid`.
  public func childSignalArrived() {
    guard needsChildSignal else { return }
    finish(known.values.filter { $0.needsAsking })
  }

  /// Calls `onStop` of every child that job control has stopped; the owner calls it after `CHLD`.
  ///
  /// The corresponding C function is `waitid` with `WSTOPPED`.
  public func stopsMayHaveHappened() {
    var signal: Int32 = 0
    guard upon_wait_stopped(UPON_WAIT_ALL, 0, 1, &signal) > 0 else { return }
    var stopped: [(Child, Int32)] = []
    for child in known.values { if let signal = child.collectStop() { stopped.append((child, signal)) } }
    for (child, signal) in stopped { child.onStop?(signal) }
  }

  /// Reaps, as process 1 must, also what has not been started here.
  ///
  /// Its own children come first, with their handlers. The corresponding C function is `waitid` with
  /// `P_ALL` and `WNOWAIT`, and then with `P_PID`.
  public func reapOrphans() {
    finish(Array(known.values))
    var code: Int32 = 0
    var status: Int32 = 0
    while true {
      let pid = upon_wait(UPON_WAIT_ALL, 0, 1, &code, &status)
      guard pid > 0 else { break }
      if let child = known[pid] {
        finish([child])
      } else if let child = held[pid]?.takeUnretainedValue() {
        // It would hide every orphan behind it; what is left of its group can be told only now.
        child.signalGroup(SIGKILL)
        child.release()
      } else {
        _ = upon_wait(UPON_WAIT_PID, pid, 0, &code, &status)
      }
    }
  }

  /// Takes every status first: a handler may start processes, or let go of others in the list.
  private func finish(_ children: [Child]) {
    var ended: [(Child, ExitStatus)] = []
    for child in children {
      guard child.isRunning, let status = child.collect() else { continue }
      known[child.pid] = nil
      if child.isZombie { hold(child) }
      ended.append((child, status))
    }
    for (child, status) in ended { child.finish(status) }
  }

  private func hold(_ child: Child) {
    let pid = child.pid
    held[pid] = .passUnretained(child)
    child.onRelease = { [weak self] in self?.held[pid] = nil }
  }

  deinit {
    for child in known.values { child.abandon() }
  }
}
