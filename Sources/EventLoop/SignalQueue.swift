import Platform

/// Takes signals as data, in the loop: nothing runs in a signal handler.
///
/// Watched signals are blocked in the calling thread, so watch them before any other thread starts. They
/// arrive even while ignored, and dispositions stay as they were found. Standard signals that are pending
/// twice arrive once; real-time signals all arrive. The corresponding C function is `signalfd`.
public final class SignalQueue {
  private static let perTurn = 64

  private let descriptor: Descriptor
  private let infos: UnsafeMutableBufferPointer<signalfd_siginfo>
  private let handler: (SignalInfo) -> Void
  private var watch: DescriptorWatch?
  private var watched = sigset_t()
  private var isClosed = false

  /// The mask of the thread before anything was watched, for a program that replaces this one.
  public let maskAtStart: SignalMask

  /// Makes a queue that watches nothing yet; the handler runs in queue urgent, at most 64 times a turn.
  public init(loop: EventLoop, handler: @escaping (SignalInfo) -> Void) throws(LoopError) {
    sigemptyset(&watched)
    maskAtStart = .current()
    self.handler = handler
    descriptor = try Descriptor(signalfd(-1, &watched, SignalQueue.flags), "make a signal descriptor")
    infos = .allocate(capacity: SignalQueue.perTurn)
    // A level-triggered watch: what is left after one reading comes up again in the next turn.
    let watch = DescriptorWatch(
      loop: loop, descriptor: descriptor.number, interest: .read, queue: .urgent
    ) { [unowned self] in self.drain() }
    self.watch = watch
    try watch.enable()
  }

  /// Watches further signals: blocks them, then asks for them.
  ///
  /// `KILL` and `STOP` cannot be watched. The corresponding C functions are `pthread_sigmask` and
  /// `signalfd`.
  public func watch(_ signals: [Int32]) throws(LoopError) {
    SignalMask.change(SIG_BLOCK, signals)
    for signal in signals { sigaddset(&watched, signal) }
    guard signalfd(descriptor.number, &watched, SignalQueue.flags) >= 0 else {
      let code = errno
      throw LoopError(code: code, operation: "watch signals")
    }
  }

  /// Whether a signal is watched.
  public func isWatching(_ signal: Int32) -> Bool { sigismember(&watched, signal) == 1 }

  /// Leaves a signal to the kernel again: with `toDefault` its disposition becomes default, then it is
  /// unblocked, and one that is pending already takes effect at once.
  ///
  /// The corresponding C functions are `signalfd`, `sigaction` and `pthread_sigmask`.
  public func release(_ signal: Int32, toDefault: Bool) {
    sigdelset(&watched, signal)
    signalfd(descriptor.number, &watched, SignalQueue.flags)
    if toDefault { _ = upon_set_disposition(signal, 0) }
    SignalMask.change(SIG_UNBLOCK, [signal])
  }

  /// Has a watched signal take effect once, as if nobody watched it: returns when a process that it stops goes on.
  ///
  /// The corresponding C functions are `pthread_sigmask` and `raise`.
  public func raise(_ signal: Int32) {
    SignalMask.change(SIG_UNBLOCK, [signal])
    Platform.raise(signal)
    SignalMask.change(SIG_BLOCK, [signal])
  }

  /// Leaves signals to the kernel while `body` runs, which may wait for long.
  ///
  /// The corresponding C function is `pthread_sigmask`.
  public func leaving<Result, Failure: Error>(
    _ signals: [Int32], _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    SignalMask.change(SIG_UNBLOCK, signals)
    defer { SignalMask.change(SIG_BLOCK, signals) }
    return try body()
  }

  /// Stops watching and puts the mask back as it was found, for a program that takes the place of this one.
  ///
  /// One of `caught` that comes before the program has begun does nothing: it is handled instead of taking effect, and
  /// `execve` makes its disposition default again. Those that were ignored stay ignored; what else is pending takes
  /// effect.
  public func close(catching caught: [Int32] = []) {
    guard !isClosed else { return }
    isClosed = true
    watch?.disable()
    for signal in caught where upon_disposition(signal) == UPON_DEFAULT.rawValue {
      _ = upon_catch_signal(signal)
    }
    sigemptyset(&watched)
    signalfd(descriptor.number, &watched, SignalQueue.flags)
    maskAtStart.install()
  }

  private static let flags = Int32(SFD_NONBLOCK | SFD_CLOEXEC)

  private func drain() {
    let size = MemoryLayout<signalfd_siginfo>.size
    let bytes = read(descriptor.number, infos.baseAddress, infos.count * size)
    guard bytes > 0 else { return }
    for info in infos[..<(bytes / size)] {
      let number = Int32(bitPattern: info.ssi_signo)
      guard isWatching(number) else {
        // Read together with the one whose handler has released it: it is the kernel's.
        kill(getpid(), number)
        continue
      }
      // Positive codes are the kernel's own reasons.
      let isSent = info.ssi_code <= 0
      handler(
        SignalInfo(
          number: number, pid: isSent ? Int32(bitPattern: info.ssi_pid) : nil,
          uid: isSent ? info.ssi_uid : nil))
    }
  }

  /// The mask stays as it is: a watched signal that comes while the process ends must not kill it.
  deinit {
    watch?.disable()
    infos.deallocate()
  }
}
