import CSystem
import Glibc

/// Starts processes and tells when they have exited; waits for no process that it has not started.
///
/// A pidfd tells each exit. Without pidfds the owner watches `CHLD` and calls `childSignalArrived()`.
public final class Children {
  private let loop: EventLoop
  private let dispositions: Dispositions
  private let usesPidfd: Bool
  private var known: [Int32: Child] = [:]
  /// Exited and reported, but their group is held.
  /// Unmanaged is safe: a child takes itself out before it goes.
  private var held: [Int32: Unmanaged<Child>] = [:]

  /// Whether `CHLD` must be watched and passed on, because a child has no pidfd.
  public private(set) var needsChildSignal: Bool

  /// How many processes have been started and not been seen to exit.
  public var count: Int { known.count }

  /// Makes an empty set; every process starts with `dispositions`, as they were before `adopt()`.
  ///
  /// With `usesPidfd` false, or where the system has no `pidfd_open`, `needsChildSignal` is true.
  public init(loop: EventLoop, dispositions: Dispositions, usesPidfd: Bool = true) {
    self.loop = loop
    self.dispositions = dispositions
    let probe = usesPidfd ? upon_pidfd_open(getpid()) : -1
    if probe >= 0 { close(probe) }
    let isShort = probe < 0 && [EMFILE, ENFILE, ENOMEM].contains(errno)
    self.usesPidfd = usesPidfd && (probe >= 0 || isShort)
    needsChildSignal = !self.usesPidfd
  }

  /// Starts a process; `onExit` runs once, in queue urgent, when it has exited.
  ///
  /// Throws what kept it from running: `ENOENT`, `EACCES`, `ENOEXEC`, `EMFILE`, `EAGAIN` and others; no
  /// process is left then. The corresponding C functions are `vfork` and `execve`.
  public func start(
    _ request: borrowing SpawnRequest, onExit: @escaping (ExitStatus) -> Void
  ) throws(LoopError) -> Child {
    // A descriptor for the pidfd is set aside: finding out afterwards that there is none would be too late.
    let reserved = usesPidfd ? epoll_create1(Int32(EPOLL_CLOEXEC)) : -1
    if usesPidfd && reserved < 0 {
      let code = errno
      throw LoopError(code: code, operation: String(cString: request.path))
    }
    let pid: Int32
    do {
      defer { if reserved >= 0 { close(reserved) } }
      pid = try request.spawn(dispositions)
    }
    return adopt(pid, request, onExit)
  }

  /// Asks every child without a pidfd whether it has exited; the owner calls it after each `CHLD`.
  ///
  /// The handlers of those that have run before it returns. The corresponding C function is `waitid`.
  public func childSignalArrived() {
    finish(known.values.filter { $0.needsAsking })
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
        // It would hide every orphan behind it.
        child.release()
      } else {
        _ = upon_wait(UPON_WAIT_PID, pid, 0, &code, &status)
      }
    }
  }

  private func adopt(
    _ pid: Int32, _ request: borrowing SpawnRequest, _ onExit: @escaping (ExitStatus) -> Void
  ) -> Child {
    let pidfd = usesPidfd ? upon_pidfd_open(pid) : -1
    let child = Child(pid: pid, pidfd: pidfd, request: request, onExit: onExit)
    known[pid] = child
    let isWatched = child.enable(loop: loop) { [weak self, unowned child] in self?.finish([child]) }
    if !isWatched { needsChildSignal = true }
    return child
  }

  /// Takes every status first: a handler may start processes, or let go of others in the list.
  private func finish(_ children: [Child]) {
    var ended: [(Child, ExitStatus)] = []
    for child in children {
      guard child.isRunning, let status = child.collect() else { continue }
      known[child.pid] = nil
      if child.isHeld { hold(child) }
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
