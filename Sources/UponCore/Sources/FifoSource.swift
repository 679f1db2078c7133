import EventLoop

extension Kind {
  /// `fifo:PATH`: lines written to a named pipe.
  static let fifo = Kind(
    "fifo", address: "PATH", help: "lines written to a named pipe, which is made if it is not there",
    events: FifoPlan.events, settings: FifoPlan.settings, fields: InputPlan.fields,
    read: { (address, word) throws(UsageError) in
      try CheckedAddress(path: address, word) { (settings) throws(UsageError) in FifoPlan(address, settings) }
    })
}

/// A named pipe to read.
struct FifoPlan: SourcePlan {
  static let line = 0
  static let data = 1
  static let idle = 2
  static let error = 3
  static let active = 4

  static let events: [EventKind] = [
    EventKind("line", .principal, busy: .queue, help: "a record, without its line end"),
    EventKind("data", .instead, busy: .queue, requires: "frame=chunk", help: "bytes as they came"),
    EventKind(
      "idle", .printed, busy: .skip, requires: "idle=",
      help: "no byte for D; count tells how often in this silence"),
    EventKind("error", .named, busy: .queue, help: "the pipe cannot be read any more"),
    .active,
  ]

  private static let frame = Setting(
    "frame", .choice(["line", "nul", "chunk"]), standard: "line", help: "what a record is")
  private static let mode = Setting(
    "mode", .mode, standard: "600", help: "the mode of the pipe, where it is made")

  static let settings: [Setting] = [
    frame, .match, .unmatch, .max,
    .idle(without: "a byte"), mode,
  ]

  let path: [UInt8]
  let mode: Int
  let framing: Framing
  let idle: IdleSpan?

  init(_ path: [UInt8], _ settings: SettingValues) {
    self.path = path
    mode = settings.number(Self.mode) ?? 0
    framing = Framing(settings, frame: Self.frame)
    idle = settings.idle()
  }

  var principal: Int { framing.form == .chunk ? Self.data : Self.line }
  var carriesData: EventSet { EventSet(principal) }
  var recordEnd: [UInt8] { framing.recordEnd }

  var available: EventSet {
    var events: EventSet = [EventSet(principal), EventSet(Self.error)]
    if idle != nil { events.formUnion([EventSet(Self.idle), EventSet(Self.active)]) }
    return events
  }

  func source(for port: Port, on services: Services) -> any Source {
    FifoSource(self, port, services)
  }
}

/// Reads a named pipe and offers its records; writers come and go.
final class FifoSource: Source {
  let isPausable = true
  let adaptsToRules = false
  private let plan: FifoPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private var pipe: NamedPipe?
  private var stream: InputStream?
  private var reader: RecordReader?
  /// The source that takes the place of this one, on the same pipe.
  private weak var successor: FifoSource?

  init(_ plan: FifoPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
  }

  func arm() throws(SourceFailure) {
    try read(try NamedPipe(plan.path, mode: plan.mode))
  }

  func arm(replacing old: any Source) throws(SourceFailure) {
    guard let old = old as? FifoSource, old.plan.path == plan.path, let pipe = old.pipe else {
      return try arm()
    }
    try read(pipe)
    old.successor = self
  }

  private func read(_ pipe: NamedPipe) throws(SourceFailure) {
    do {
      let descriptor = try InheritedDescriptor(pipe.descriptor, for: .reading)
      let stream = InputStream(descriptor, plan.framing, port: port)
      let events = RecordReader.Events(
        record: plan.principal, idle: FifoPlan.idle, active: FifoPlan.active)
      let reader = RecordReader(stream, plan.framing, events, port: port) { [unowned self] in stopped($0) }
      try reader.start(on: services.loop, idle: plan.idle)
      (self.pipe, self.stream, self.reader) = (pipe, stream, reader)
    } catch let error as LoopError {
      throw SourceFailure(Word(plan.path).text, errno: error.code)
    } catch {
      throw SourceFailure("\(Word(plan.path).text): cannot be read")
    }
  }

  func disarm() {
    reader?.stop()
    stream?.close()
    if let reader {
      if let successor { successor.reader?.takeOver(reader) } else if port.takesRest { reader.offerRest() }
    }
    pipe = nil
  }

  func pause() {
    reader?.pause()
  }

  func resume() {
    reader?.resume()
  }

  private func stopped(_ stop: RecordReader.Stop) {
    let event = Event(capacity: 2)
    event.begin(FifoPlan.error, at: .now)
    switch stop {
    case .end: port.fail(SourceFailure("the pipe has ended"), offering: event)
    case .failed(let code): port.fail(SourceFailure("", errno: code), offering: event)
    }
  }
}
