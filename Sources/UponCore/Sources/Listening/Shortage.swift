import EventLoop
import Platform

/// What happens when there are no descriptors for another client: it waits, which is told once, until there are some.
///
/// Where commands run, some are left for them: a client that is let in must not keep the others from being served.
final class Shortage {
  private static let reserve = 8  // what a run takes that is read and reported: three pipes and a process
  /// How often it is looked for descriptors that are free again.
  private static let interval: Int64 = 250_000_000
  /// A shortage that comes back within this time has been told.
  private static let toldFor: Int64 = 60_000_000_000

  private(set) var isOver = true
  private unowned(unsafe) let port: Port
  private let services: Services
  private let onOver: () -> Void
  /// Descriptors below this number may be used; nil where nothing is reserved.
  private let bound: Int32?
  private var timer: Timer?
  private var lastTold: Int64?

  init(_ port: Port, _ services: Services, reserves: Bool, onOver: @escaping () -> Void) {
    self.port = port
    self.services = services
    self.onOver = onOver
    let soft = Int(clamping: SpawnRequest.DescriptorLimit.current().soft)
    bound = reserves ? Int32(clamping: soft - Self.reserve) : nil
  }

  /// Begins with the error that told of it.
  func begin(_ code: Int32) {
    isOver = false
    let now = Clock.monotonic()
    if lastTold.map({ now - $0 > Self.toldFor }) ?? true {
      services.diagnostics.report("\(port.title): \(systemError(code)); further clients wait")
    }
    lastTold = now
    if timer == nil { timer = Timer(loop: services.loop) { [unowned self] _ in end() } }
    timer?.arm(at: now + Self.interval)
  }

  /// Looks at the number of a new descriptor. Numbers are given from the lowest on, so that a low one says enough
  /// until there has been a shortage: then those that were free at its end may be the last.
  func look(_ descriptor: Int32) {
    guard let bound else { return }
    if descriptor >= bound || lastTold.map({ Clock.monotonic() - $0 < Self.toldFor && !hasReserve }) ?? false
    {
      begin(EMFILE)
    }
  }

  /// Whether the descriptors that are reserved are free.
  private var hasReserve: Bool {
    var taken: [Int32] = []
    defer { for number in taken { close(number) } }
    while taken.count < Self.reserve {
      let number = upon_fcntl_set(2, F_DUPFD_CLOEXEC, 0)
      if number < 0 { return false }
      taken.append(number)
    }
    return true
  }

  /// There is a descriptor again, unless others want it more.
  func connectionClosed() {
    if !isOver { end() }
  }

  func cancel() {
    timer?.cancel()
  }

  private func end() {
    if bound != nil, !hasReserve { return begin(EMFILE) }
    timer?.cancel()
    isOver = true
    onOver()
  }
}
