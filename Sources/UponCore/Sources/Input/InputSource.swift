import EventLoop

/// Reads an inherited descriptor and offers its records.
final class InputSource: Source {
  let isPausable = true
  let adaptsToRules = false
  private let plan: InputPlan
  private let framing: Framing
  private unowned(unsafe) let port: Port
  private let services: Services
  private var stream: InputStream?
  private var reader: RecordReader?
  /// The source that takes the place of this one, on the same descriptor.
  private weak var successor: InputSource?
  private weak var predecessor: InputSource?

  init(_ plan: InputPlan, _ framing: Framing, _ port: Port, _ services: Services) {
    self.plan = plan
    self.framing = framing
    self.port = port
    self.services = services
  }

  func arm() throws(SourceFailure) {
    let descriptor = try services.descriptor(plan.descriptor, for: .reading)
    let stream = InputStream(descriptor, framing, port: port)
    let events = RecordReader.Events(record: plan.principal, idle: InputEvent.idle, active: InputEvent.active)
    let reader = RecordReader(stream, framing, events, port: port) { [unowned self] in stopped($0) }
    self.stream = stream
    self.reader = reader
    do throws(LoopError) {
      try reader.start(on: services.loop, idle: plan.idle)
    } catch {
      throw SourceFailure("descriptor \(plan.descriptor)", errno: error.code)
    }
  }

  func arm(replacing old: any Source) throws(SourceFailure) {
    try arm()
    guard let old = old as? InputSource, old.plan.descriptor == plan.descriptor else { return }
    old.successor = self
    predecessor = old
  }

  func disarm() {
    reader?.stop()
    stream?.close()
    predecessor?.successor = nil
    guard let reader else { return }
    if let successor {
      successor.predecessor = nil
      successor.reader?.takeOver(reader)
    } else if port.takesRest, stream?.canGiveBack == false {
      reader.offerRest()
    }
    stream?.giveBack(reader.unoffered)
  }

  func pause() {
    reader?.pause()
  }

  func resume() {
    reader?.resume()
  }

  private func stopped(_ stop: RecordReader.Stop) {
    let event = Event(capacity: 1)
    switch stop {
    case .end:
      event.begin(InputEvent.end, at: .now)
      port.offer(event)
      port.end()
    case .failed(let code):
      event.begin(InputEvent.error, at: .now)
      port.fail(SourceFailure("", errno: code), offering: event)
    }
  }
}
