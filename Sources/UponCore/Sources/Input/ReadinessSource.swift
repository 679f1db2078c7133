import EventLoop
import Platform

/// Tells when an inherited descriptor can be read or written, and does neither.
///
/// Each arrival is told once. While a command has the descriptor the source is held; afterwards it looks again, so that
/// what the command has left is told too.
final class ReadinessSource: Source {
  let isPausable = true
  private let plan: InputPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event()
  private var descriptor: InheritedDescriptor?
  private var edge: EdgeWatch?
  private var silence: Silence?
  /// Where it is a terminal.
  private var rest: TerminalRest?

  init(_ plan: InputPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  private var isReading: Bool { plan.purpose == .readable }

  func arm() throws(SourceFailure) {
    let descriptor = try services.descriptor(plan.descriptor, for: isReading ? .reading : .writing)
    self.descriptor = descriptor
    guard descriptor.isPollable else {
      throw SourceFailure(
        "a file is always ready: \(isReading ? "frame=none" : "write") is for pipes, sockets and terminals")
    }
    do throws(LoopError) {
      edge = try EdgeWatch(
        loop: services.loop, descriptor: descriptor.number, interest: isReading ? .read : .write, queue: .data
      ) { [unowned self] in ready($0) }
      try edge?.enable()
    } catch {
      throw SourceFailure("descriptor \(plan.descriptor)", errno: error.code)
    }
    if isReading {
      rest = TerminalRest(descriptor, loop: services.loop, queue: .data) { [unowned self] in
        if port.canTake { watchAgain() }
      }
    }
    if let idle = plan.idle {
      silence = Silence(idle, loop: services.loop) { [unowned self] ordinal in
        event.begin(InputEvent.idle, at: .now, count: ordinal)
        port.offer(event)
      }
    }
  }

  func disarm() {
    edge?.disable()
    rest?.cancel()
    silence?.cancel()
  }

  func pause() {
    edge?.disable()
    silence?.pause()
  }

  func resume() {
    silence?.resume()
    watchAgain()
  }

  private func watchAgain() {
    if rest?.isResting ?? false { return }
    do throws(LoopError) {
      try edge?.enable()
      try edge?.rearm()
    } catch {
      port.fail(SourceFailure("descriptor \(plan.descriptor)", errno: error.code))
    }
  }

  private func ready(_ readiness: Readiness) {
    guard port.canTake, let descriptor else { return }
    if rest?.begin() ?? false {
      edge?.disable()
      return
    }
    if isReading {
      // A hang-up with nothing left to read is the end; with something left the reader comes first.
      let isHungUp = !readiness.isDisjoint(with: [.hangup, .finished, .failure])
      if isHungUp, upon_fionread(descriptor.number) <= 0 { return end() }
    } else if !readiness.isDisjoint(with: [.failure, .hangup]) {
      return port.fail(SourceFailure("", errno: EPIPE))
    }
    if silence?.broken() ?? false {
      event.begin(InputEvent.active, at: .now)
      port.offer(event)
      // Looked at again when it is no longer held.
      guard port.canTake else { return }
    }
    event.begin(plan.principal, at: .now)
    port.offer(event)
  }

  private func end() {
    event.begin(InputEvent.end, at: .now)
    port.offer(event)
    port.end()
  }
}
