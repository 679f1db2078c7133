import EventLoop
import Platform

/// Tells how a command has failed: once, and again when the status changes.
struct CommandFailures {
  private let title: String
  private let diagnostics: Diagnostics
  private var toldStatus: ExitStatus?
  private var toldReply: Int32 = 0
  private var sawShortage: Int64?
  private var hasToldTerminal = false

  init(of title: String, diagnostics: Diagnostics) {
    self.title = title
    self.diagnostics = diagnostics
  }

  /// Takes note of the status of a run; `timeout` is what it has exceeded.
  mutating func tell(_ status: ExitStatus, of port: Port, after timeout: Interval?) {
    tell(status, of: port, because: Self.describe(status, timeout))
  }

  private static func describe(_ status: ExitStatus, _ timeout: Interval?) -> String {
    let reason =
      switch status {
      case .exited(let code): "exit status \(code)"
      case .signaled(let number): "killed by signal \(SignalName.name(of: number))"
      }
    return timeout.map { "timed out after \($0), \(reason)" } ?? reason
  }

  mutating func tell(_ status: ExitStatus, of port: Port, because reason: @autoclosure () -> String) {
    defer { toldStatus = status }
    if !status.isSuccess, status != toldStatus { report(port, reason()) }
  }

  /// Tells once for each reason why an answer to a datagram could not be sent.
  mutating func tellReply(of port: Port, _ code: Int32) {
    if code != toldReply { report(port, "reply: \(systemError(code))") }
    toldReply = code
  }

  /// Tells once that a run has been stopped because it wants the terminal.
  mutating func tellTerminal(of port: Port, _ want: TerminalWant) {
    if hasToldTerminal { return }
    hasToldTerminal = true
    switch want {
    case .hasNone: report(port, "is stopped because it wants the terminal, which stdin=inherit would give it")
    case .waits: report(port, "waits for the terminal, until upon is in the foreground")
    }
  }

  /// A shortage that comes back within a minute has been told.
  mutating func tellShortage(of port: Port, _ code: Int32) {
    let now = Clock.monotonic()
    defer { sawShortage = now }
    if let sawShortage, now - sawShortage < 60_000_000_000 { return }
    report(port, "\(systemError(code)); trying again")
  }

  private func report(_ port: Port, _ reason: String) {
    diagnostics.report("\(port.title): \(title): \(reason)")
  }
}

extension LoopError {
  /// Whether it is a shortage that passes.
  var isPassing: Bool {
    [EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY].contains(code)
  }
}
