import EventLoop
import Platform

extension Kind {
  /// `pid:PID[,PID...]` and `pid:@FILE`: processes that end, whoever has started them.
  static let pid = Kind(
    "pid", address: "PID[,PID...]|@FILE", help: "a process ends, whoever has started it",
    events: [EventKind("exit", .principal, busy: .queue, help: "the process has ended, or is not there")],
    fields: [
      FieldKind("pid", "integer", help: "the process; absent where FILE was not there"),
      FieldKind("status", "integer", help: "its exit status, where the kernel tells"),
      FieldKind("signal", "text", help: "the signal that ended it, where the kernel tells"),
    ],
    canonical: { (word, address) throws(UsageError) in try PidPlan.canonical(word, address) },
    plan: { (address, _) throws(UsageError) in PidPlan(canonical: address) })
}

struct PidPlan: SourcePlan {
  enum Target: Sendable {
    case processes([Int32])
    /// A file that holds the number of one, read when the source is armed.
    case file([UInt8])
  }

  let target: Target

  /// Processes in the order typed, as decimal numbers; a file as it stands.
  static func canonical(_ word: Word, _ address: [UInt8]) throws(UsageError) -> [UInt8] {
    if address.first == UInt8(ascii: "@") {
      if address.count == 1 {
        throw UsageError(word, "expected the path of a file behind @, pid:@/run/server.pid")
      }
      return address
    }
    var numbers: [Int32] = []
    for part in address.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let number = Int32(processNumber: part) else {
        throw UsageError(
          word,
          "'\(Word(Array(part)).text)' is no process; expected a number from 1 on, pid:1234 or pid:1234,1235, or pid:@FILE"
        )
      }
      if numbers.contains(number) { throw UsageError(word, "'\(number)' stands twice") }
      numbers.append(number)
    }
    return Array(numbers.map(String.init).joined(separator: ",").utf8)
  }

  init(canonical address: [UInt8]) {
    if address.first == UInt8(ascii: "@") {
      target = .file(Array(address.dropFirst()))
    } else {
      target = .processes(address.split(separator: UInt8(ascii: ",")).compactMap { Int32(processNumber: $0) })
    }
  }

  func source(for port: Port, on services: Services) -> any Source {
    PidSource(self, port, services)
  }
}

extension Int32 {
  /// Reads the number of a process, which is not 0 and nothing but digits.
  fileprivate init?(processNumber digits: ArraySlice<UInt8>) {
    guard let number = Int(decimal: digits), 1...Int(Int32.max) ~= number else { return nil }
    self.init(number)
  }
}

/// Offers an event for each process that has ended, and ends with the last.
final class PidSource: Source {
  /// A process that has ended; without a number where its file was not there.
  private struct Ended {
    let pid: Int32?
    let status: ExitStatus?
  }

  private let plan: PidPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event(capacity: 4)
  private var watches: [Int32: ExitWatch] = [:]
  /// For a file that is not there, which is told when all sources are armed.
  private var turn: Turn?
  /// What has ended while a request paused the source.
  private var kept: [Ended] = []
  /// Processes that have not been told.
  private var left = 0

  init(_ plan: PidPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  var owesMore: Bool { left > 0 }
  var progress: String? { left > 1 ? "\(left) processes are there" : nil }

  func arm() throws(SourceFailure) {
    let processes: [Int32]
    switch plan.target {
    case .processes(let numbers): processes = numbers
    case .file(let path):
      guard let number = try PidFile.read(path) else {
        left = 1
        turn = Turn(loop: services.loop, queue: .urgent) { [unowned self] in
          ended(Ended(pid: nil, status: nil))
        }
        turn?.schedule()
        return
      }
      processes = [number]
    }
    left = processes.count
    do throws(LoopError) {
      for pid in processes {
        watches[pid] = try ExitWatch(pid, loop: services.loop) { [unowned self] status in
          watches[pid] = nil
          ended(Ended(pid: pid, status: status))
        }
      }
    } catch {
      disarm()
      if error.code == EINVAL { throw SourceFailure("a thread and no process") }
      throw SourceFailure("", errno: error.code)
    }
  }

  func disarm() {
    for watch in watches.values { watch.cancel() }
    watches = [:]
    turn?.cancel()
  }

  func resume() {
    let waiting = kept
    kept = []
    for one in waiting { ended(one) }
  }

  func trigger(_ event: Event, _ offer: () -> Void) throws(SourceFailure) {
    throw SourceFailure("an exit is not made by hand")
  }

  private func ended(_ process: Ended) {
    guard port.isOpen else { return }
    guard port.canTake else { return kept.append(process) }
    left -= 1
    event.begin(0, at: .now)
    if let pid = process.pid { event.add("pid", .int(Int64(pid))) }
    event.add(process.status) { port.offer(event) }
    if left == 0 { port.end() }
  }
}

extension Event {
  /// Adds `status` or `signal`, as a process has ended, and calls `body` while they are valid.
  func add(_ status: ExitStatus?, _ body: () -> Void) {
    switch status {
    case nil: body()
    case .exited(let code)?:
      add("status", .int(Int64(code)))
      body()
    case .signaled(let number)?:
      var name = SignalName.name(of: number)
      name.withUTF8 {
        add("signal", .bytes(UnsafeRawBufferPointer($0)))
        body()
      }
    }
  }
}
