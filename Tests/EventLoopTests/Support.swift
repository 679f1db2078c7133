import Platform
import Testing

import enum EventLoop.ExitStatus

@testable import EventLoop

/// Swift Testing has an `ExitStatus` too.
typealias Ending = ExitStatus

/// All tests of the module, one after the other: signals and children belong to the whole process.
@Suite(.serialized, .everyBackend) enum EventLoopTests {}

let millisecond: Int64 = 1_000_000

/// Runs a loop until it is stopped; after ten seconds the test has failed.
func run(_ loop: EventLoop, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let limit = Timer(loop: loop) { _ in
    Issue.record("the loop was not stopped", sourceLocation: sourceLocation)
    loop.stop()
  }
  limit.arm(at: Clock.monotonic() + 10_000 * millisecond)
  try loop.run()
  limit.cancel()
}

/// A pipe whose ends are closed with it.
final class Pipe {
  private(set) var reader: Int32
  private(set) var writer: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe2(&ends, O_CLOEXEC) == 0)
    (reader, writer) = (ends[0], ends[1])
  }

  func send(_ text: String) {
    precondition(write(writer, text, text.utf8.count) == text.utf8.count)
  }

  func closeReader() {
    if reader >= 0 { close(reader) }
    reader = -1
  }

  func closeWriter() {
    if writer >= 0 { close(writer) }
    writer = -1
  }

  /// Everything up to the end.
  func readAll() -> String {
    closeWriter()
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(reader, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  deinit {
    closeReader()
    closeWriter()
  }
}

/// A check that failed inside `inFork`: the line is the status of the child.
struct Failed: Error {
  let line: Int
}

func check(_ condition: Bool, line: Int = #line) throws {
  if !condition { throw Failed(line: line) }
}

/// Waits until the condition holds; after ten seconds the check has failed.
func wait(line: Int = #line, until condition: () -> Bool) throws {
  let limit = Clock.monotonic() + 10_000 * millisecond
  while !condition() {
    try check(Clock.monotonic() < limit, line: line)
    usleep(1000)
  }
}

/// Runs `body` in a forked process, which has one thread: signals sent to a process reach any thread that
/// has not blocked them, and the test process has many. Returns the wait status; 0 is success, and a
/// failed check exits with its line modulo 255, plus one.
func inFork(_ body: () throws -> Void) -> Int32 {
  typealias Fork = @convention(c) () -> pid_t
  let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
  let pid = fork()
  if pid == 0 {
    alarm(15)
    // The threads of the runner block nearly everything.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    do {
      try body()
      _exit(0)
    } catch let failed as Failed {
      _exit(Int32(failed.line % 255) + 1)
    } catch {
      _exit(255)
    }
  }
  var status: Int32 = 0
  while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  return status
}

/// Makes orphans among our descendants our children; `prctl` is variadic, hence not in Swift.
func becomeSubreaper() {
  typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
  let prctl = unsafeBitCast(dlsym(nil, "prctl"), to: Control.self)
  precondition(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
}

/// The pid of a child that has exited, which stays to be waited for; 0 when none has, -1 without children.
func peek(_ type: upon_wait_for, _ id: Int32) -> Int32 {
  var code: Int32 = 0
  var status: Int32 = 0
  return upon_wait(type, id, 1, &code, &status)
}

/// The text of a C string.
func text(_ characters: [CChar]) -> String {
  characters.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}

func openDescriptors() -> Int {
  (0..<256).count { upon_fcntl_get($0, F_GETFD) >= 0 }
}

/// A request that runs `/bin/sh -c script`, and the memory it borrows.
final class Shell {
  private let path: UnsafeMutablePointer<CChar>
  private let arguments: SpawnRequest.Strings
  private let environment: SpawnRequest.Strings
  var request: SpawnRequest

  convenience init(_ script: String, program: String = "/bin/sh") {
    self.init(program: program, arguments: ["sh", "-c", script])
  }

  init(program: String, arguments words: [String]) {
    path = strdup(program)
    arguments = .allocate(capacity: words.count + 1)
    for (index, word) in words.enumerated() { arguments[index] = strdup(word) }
    arguments[words.count] = nil
    environment = .allocate(capacity: 2)
    environment[0] = strdup("PATH=/usr/bin:/bin")
    environment[1] = nil
    request = SpawnRequest(path: path, arguments: arguments, environment: environment)
    // The parent-death signal follows the thread, and threads of the test runner come and go.
    request.detach = true
  }

  deinit {
    free(path)
    var next = arguments
    while let word = next.pointee {
      free(word)
      next += 1
    }
    free(environment[0])
    arguments.deallocate()
    environment.deallocate()
  }
}

extension Children {
  /// Starts what a shell asks for, and keeps its memory until then.
  func start(_ shell: Shell, onExit: @escaping (Ending) -> Void) throws(LoopError) -> Child {
    defer { withExtendedLifetime(shell) {} }
    return try start(shell.request, onExit: onExit)
  }
}
