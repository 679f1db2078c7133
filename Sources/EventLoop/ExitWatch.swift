import Platform

/// Tells when a process has ended, whoever has started it.
///
/// A pidfd is ready then. Without pidfds the process is looked at ten times a second. The corresponding C function is
/// `pidfd_open`.
public final class ExitWatch {
  /// How often a process is looked at that the kernel does not tell of.
  static let pollInterval: Int64 = 100_000_000
  /// The status is known when the parent has seen the exit, which it does at once as a rule: looked for after 1, 2, 4 …
  /// milliseconds, and not longer than this in all.
  private static let longestLook: Int64 = 31_000_000

  /// What the timer is for.
  private enum Manner {
    /// There was no such process.
    case gone
    /// The kernel tells its end, and soon how.
    case told
    /// It has to be asked for.
    case polled
  }

  public let pid: Int32
  private let loop: EventLoop
  private var onExit: ((ExitStatus?) -> Void)?
  private var descriptor: Descriptor?
  private var watch: DescriptorWatch?
  private var timer: Timer?
  private var manner = Manner.gone
  private var lookDelay: Int64 = 1_000_000
  /// When the process was started, by which another of the same number is told from it; 0 where nobody knows.
  private var startTime: UInt64 = 0

  /// Watches the process; `onExit` runs once, in queue urgent and never before this returns, with its status where the
  /// kernel tells it: since Linux 6.15, when the parent has seen the exit.
  ///
  /// A process that is not there has ended. Throws what keeps it from being watched: `EMFILE`, and `EINVAL` for a
  /// thread that is no process.
  public init(
    _ pid: Int32, loop: EventLoop, usesPidfd: Bool = true, onExit: @escaping (ExitStatus?) -> Void
  ) throws(LoopError) {
    self.pid = pid
    self.loop = loop
    self.onExit = onExit
    timer = Timer(loop: loop) { [unowned self] in look($0) }
    let opened = usesPidfd ? upon_pidfd_open(pid) : -1
    let code = usesPidfd ? errno : ENOSYS
    if opened >= 0 {
      try watch(Descriptor(owning: opened))
      return
    }
    switch code {
    case ESRCH: timer?.arm(at: Clock.monotonic())
    // A container may refuse the call.
    case ENOSYS, EPERM:
      manner = .polled
      startTime = ProcessTable.startTime(of: pid) ?? 0
      timer?.arm(at: Clock.monotonic())
    // Linux before 6.16 says EINVAL of a thread, later ones ENOENT.
    default: throw LoopError(code: code == ENOENT ? EINVAL : code, operation: "watch process \(pid)")
    }
  }

  /// Stops watching.
  public func cancel() {
    onExit = nil
    watch?.disable()
    watch = nil
    timer?.cancel()
    descriptor = nil
  }

  private func watch(_ opened: consuming Descriptor) throws(LoopError) {
    let watch = DescriptorWatch(
      loop: loop, descriptor: opened.number, interest: .read, queue: .urgent
    ) { [unowned self] in ended() }
    manner = .told
    descriptor = consume opened
    self.watch = watch
    try watch.enable()
  }

  /// The process is a zombie, or its parent has seen its end already.
  private func ended() {
    watch?.disable()
    guard let number = descriptor?.number else { return }
    var code: Int32 = 0
    var status: Int32 = 0
    switch upon_pidfd_exit(number, &code, &status) {
    case UPON_EXIT_TOLD: finish(ExitStatus(code: code, status: status))
    case UPON_EXIT_LATER where lookDelay <= Self.longestLook:
      timer?.arm(at: Clock.monotonic() + lookDelay)
      lookDelay *= 2
    default: finish(nil)
    }
  }

  private func look(_ now: Int64) {
    switch manner {
    case .gone: finish(nil)
    case .told: ended()
    case .polled: if isThere { timer?.arm(at: now + Self.pollInterval) } else { finish(nil) }
    }
  }

  private func finish(_ status: ExitStatus?) {
    let onExit = onExit
    cancel()
    onExit?(status)
  }

  private var isThere: Bool {
    if kill(pid, 0) < 0, errno == ESRCH { return false }
    // Without /proc a zombie is not told from what lives.
    guard let now = ProcessTable.startTime(of: pid) else { return startTime == 0 }
    return now == startTime
  }
}
