import EventLoop
import Platform

/// What the process was given by its caller: descriptors, dispositions, mask, environment.
///
/// It is noted before anything is opened, and put back for every program that takes the place of upon.
public struct ProcessState: Sendable {
  /// The signals that end upon in order, unless they are watched or were ignored at the start.
  static let stoppingSignals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  let dispositions: Dispositions
  /// The caller's limit on descriptors, for every program but upon.
  let descriptorLimit: SpawnRequest.DescriptorLimit
  private let closed: [Bool]
  let isInit: Bool

  /// Notes what there is, fills closed descriptors among 0-2 with /dev/null, sets the dispositions of upon and raises
  /// its limit on descriptors.
  ///
  /// Descriptor 0, 1 or 2 left closed would be the number of the next thing opened, and a command would write into it.
  public static func adopt() -> ProcessState {
    let state = ProcessState(
      dispositions: .capture(), descriptorLimit: .current(),
      closed: (0...2).map { upon_fcntl_get($0, F_GETFL) < 0 }, isInit: getpid() == 1)
    // The lowest free number is used, so that ascending order fills exactly the gaps.
    for number in state.closed.indices where state.closed[number] {
      _ = upon_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
    }
    state.dispositions.adopt()
    state.descriptorLimit.installHard(upTo: .max)
    return state
  }

  func wasClosed(_ number: Int32) -> Bool {
    closed.indices.contains(Int(number)) && closed[Int(number)]
  }

  /// Whether the descriptor is the caller's; asked before upon opens its own, which could have the same number.
  func isOpen(_ number: Int32) -> Bool {
    !wasClosed(number) && upon_fcntl_get(number, F_GETFL) >= 0
  }

  /// Whether the descriptor is the caller's, while upon has descriptors of its own, which are all close-on-exec; what
  /// comes from the caller never is.
  func isInherited(_ number: Int32) -> Bool {
    let flags = upon_fcntl_get(number, F_GETFD)
    return !wasClosed(number) && flags >= 0 && flags & FD_CLOEXEC == 0
  }

  func wasIgnored(_ signal: Int32) -> Bool {
    dispositions.isIgnored(signal)
  }

  /// Puts back dispositions and limits for a program that takes the place of upon.
  func restore() {
    dispositions.restore()
    descriptorLimit.install()
  }
}

extension ProcessState {
  /// Ends the process as the run has ended; by a signal where the caller is to see one.
  public func end(by ending: Termination) -> Never {
    switch ending {
    case .status(let status): exit(status)
    case .signal(let number):
      _ = upon_set_disposition(number, 0)
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, number)
      kill(getpid(), number)
      sigprocmask(SIG_UNBLOCK, &set, nil)
      // Only process 1 gets here: the kernel protects it from signals it has no handler for.
      exit(OwnStatus.signalBase + number)
    }
  }

  /// Whether it has a controlling terminal, which is gone when that has hung up.
  var hasTerminal: Bool {
    let terminal = upon_open("/dev/tty", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    if terminal >= 0 { close(terminal) }
    return terminal >= 0
  }

  /// The socket of the service manager, to be told when all is armed.
  var notifySocket: [UInt8]? {
    getenv("NOTIFY_SOCKET").map {
      Array(UnsafeBufferPointer(start: $0, count: strlen($0)).map { UInt8(bitPattern: $0) })
    }
  }
}
