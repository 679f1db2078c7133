import EventLoop
import FileEvents

/// Writes down how far a log is done: at most once a second, and not before it has left upon.
final class LogKeeper {
  private static let pause: Int64 = 1_000_000_000
  private static let retry: Int64 = 100_000_000

  /// The positions to be written.
  var onSave: () -> [LogPosition] = { [] }
  private let state: LogState
  private unowned(unsafe) let port: Port
  private let services: Services
  private var timer: Timer?
  private var hasFailed = false

  init(_ path: [UInt8], _ port: Port, _ services: Services) throws(SourceFailure) {
    state = try LogState(path)
    self.port = port
    self.services = services
    if let damage = state.damage { services.diagnostics.report("\(port.title): \(damage)") }
    timer = Timer(loop: services.loop) { [unowned self] now in
      if port.isWritten { save() } else { timer?.arm(at: now + Self.retry) }
    }
  }

  /// What an earlier run has written.
  var positions: [LogPosition] { state.positions }

  /// Takes note that something more is done.
  func changed() {
    if timer?.deadline == nil { timer?.arm(at: Clock.monotonic() + Self.pause) }
  }

  /// Saves as soon as all has left upon.
  func saveSoon() {
    timer?.arm(at: Clock.monotonic())
  }

  /// Writes the positions, and tells once where that fails.
  func save() {
    timer?.cancel()
    let code = state.write(onSave())
    if code != 0, !hasFailed {
      services.diagnostics.report("\(port.title): the state cannot be kept: \(systemError(code))")
    }
    hasFailed = code != 0
  }
}
