import CTestSupport
import Foundation
import Glibc

/// A process that a test talks to. Input never waits for the reader and output never for the test:
/// both are moved whenever the test waits for anything.
final class Running {
  let pid: pid_t
  let directory: TemporaryDirectory
  private let started = ContinuousClock.now
  private let terminal: Bool
  /// -1 once closed, as the two below. On a terminal `input` and `outputEnd` are the same descriptor.
  private var input: Int32
  private var outputEnd: Int32
  private var errorEnd: Int32
  private var unsent: ArraySlice<UInt8> = []
  private var inputEnds = false
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private var status: Ending?
  private var reaped = false
  /// How far `wait(for:)` has read in the output.
  private var seen = 0

  private static let brokenPipesIgnored: Void = { _ = Glibc.signal(SIGPIPE, SIG_IGN) }()

  init(
    _ command: [String], directory: TemporaryDirectory?, environment: [String: String], terminal: Bool
  ) throws {
    Self.brokenPipesIgnored
    guard let program = Shell.find(command[0]) else { throw HarnessError("\(command[0]) is not installed") }
    self.directory = try directory ?? TemporaryDirectory()
    self.terminal = terminal
    var variables = Shell.environment.merging(["HOME": self.directory.path]) { $1 }
    if let directory = EveryBackend.directory { variables["PATH"] = directory + ":" + variables["PATH"]! }
    variables.merge(environment) { $1 }

    var ours: [Int32] = []
    var theirs: [Int32] = []
    if terminal {
      var primary: Int32 = -1
      var secondary: Int32 = -1
      guard test_terminal(&primary, &secondary) == 0 else { throw HarnessError("no terminal: \(errno)") }
      ours = [primary]
      theirs = [secondary, secondary, secondary]
    } else {
      for index in 0..<3 {
        var ends: [Int32] = [-1, -1]
        guard test_pipe(&ends) == 0 else { throw HarnessError("no pipe: \(errno)") }
        ours.append(ends[index == 0 ? 1 : 0])
        theirs.append(ends[index == 0 ? 0 : 1])
      }
    }
    for fd in ours { _ = fcntl(fd, F_SETFL, O_NONBLOCK) }

    let arguments = command.map { strdup($0) } + [nil]
    let settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for text in arguments + settings { free(text) }
      for fd in Set(theirs) { close(fd) }
    }
    pid = test_spawn(
      program, arguments, settings, self.directory.path, theirs[0], theirs[1], theirs[2], terminal ? 1 : 0)
    let reason = errno
    input = ours[0]
    outputEnd = terminal ? ours[0] : ours[1]
    errorEnd = terminal ? -1 : ours[2]
    guard pid > 0 else {
      for fd in Set(ours) { close(fd) }
      throw HarnessError("\(program): \(String(cString: strerror(reason)))")
    }
  }

  deinit {
    end()
    for fd in Set([input, outputEnd, errorEnd]) where fd >= 0 { close(fd) }
  }

  // MARK: Talking to it

  func send(_ bytes: some Sequence<UInt8>) {
    unsent += bytes
    turn(0)
  }

  func send(_ text: String) {
    send(text.utf8)
  }

  /// Closes its standard input as soon as all that was sent has been written.
  func closeInput() {
    inputEnds = true
    turn(0)
  }

  /// Lets its terminal go, as a connection that breaks does.
  func hangUp() {
    guard terminal, input >= 0 else { return }
    close(input)
    input = -1
    outputEnd = -1
  }

  /// Sends a signal to the process, not to its group.
  func raise(_ number: Int32) {
    _ = kill(pid, number)
  }

  // MARK: Waiting for it

  /// Waits until `text` stands in the output behind what the last such call found.
  /// Gives what was read up to and with it; nil when the time or the output is over.
  @discardableResult
  func wait(for text: String, within limit: Duration? = nil) -> String? {
    let wanted = Array(text.utf8)
    let deadline = ContinuousClock.now + (limit ?? Patience.left)
    while true {
      if let found = output[seen...].firstRange(of: wanted) {
        defer { seen = found.upperBound }
        return String(decoding: output[seen..<found.upperBound], as: UTF8.self)
      }
      if outputEnd < 0 { return nil }
      guard turn(until: deadline) else {
        if limit == nil { Patience.isLost() }
        return nil
      }
    }
  }

  /// Waits until `condition` holds, which may look at `output`, `errors` or anything outside.
  func wait(within limit: Duration? = nil, until condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + (limit ?? Patience.left)
    while !(try condition()) {
      guard ContinuousClock.now < deadline else {
        if limit == nil { Patience.isLost() }
        return false
      }
      turn(5)
    }
    return true
  }

  /// Waits for its end and the end of its output; kills its group when the time is over.
  func finish(within limit: Duration? = nil) -> Finished {
    let deadline = ContinuousClock.now + (limit ?? Patience.left)
    if !terminal { closeInput() }
    while !isOver, turn(until: deadline) {}
    let ended = isOver ? status : nil
    if ended == nil, limit == nil { Patience.isLost() }
    let duration = ContinuousClock.now - started
    end()
    return Finished(status: ended, output: output, errors: errors, duration: duration)
  }

  /// Whether the process and its output have ended.
  var isOver: Bool {
    look()
    return status != nil && outputEnd < 0 && errorEnd < 0
  }

  // MARK: Inside

  /// One turn that ends at the latest at the deadline; false when that has passed.
  private func turn(until deadline: ContinuousClock.Instant) -> Bool {
    guard ContinuousClock.now < deadline else { return false }
    // The end of the process itself is nothing that poll would tell: hence a short turn.
    turn(10)
    return true
  }

  /// Moves bytes both ways, waiting at most so long for the first.
  private func turn(_ milliseconds: Int32) {
    if inputEnds && unsent.isEmpty && input >= 0 && !terminal {
      close(input)
      input = -1
    }
    // poll passes over negative descriptors.
    var ends = [
      pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errorEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: unsent.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
    ]
    guard poll(&ends, nfds_t(ends.count), milliseconds) > 0 else { return }
    if ends[0].revents != 0 { drain(&outputEnd, into: &output) }
    if ends[1].revents != 0 { drain(&errorEnd, into: &errors) }
    if ends[2].revents != 0 { fill() }
  }

  private func drain(_ fd: inout Int32, into bytes: inout [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(fd, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
        continue
      }
      if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
      // The end of the pipe; a terminal whose other end is gone says EIO.
      if fd != input { close(fd) }
      fd = -1
      return
    }
  }

  private func fill() {
    let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
    if count > 0 {
      unsent.removeFirst(count)
    } else if count < 0 && errno != EAGAIN && errno != EINTR {
      unsent = []  // The reader is gone.
    }
  }

  /// Notes how the process has ended, and leaves it unreaped, so that its group stays its own.
  private func look() {
    guard status == nil else { return }
    var info = siginfo_t()
    guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD
    else { return }
    let value = info._sifields._sigchld.si_status
    status = info.si_code == CLD_EXITED ? .exited(value) : .killed(by: value)
  }

  /// Nothing that was started here outlives the test.
  private func end() {
    guard !reaped else { return }
    _ = kill(-pid, SIGKILL)
    waitpid(pid, nil, 0)
    reaped = true
  }
}
