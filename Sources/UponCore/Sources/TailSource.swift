import EventLoop
import FileEvents

extension Kind {
  /// `tail:PATH`: lines appended to a log, through rotation.
  static let tail = Kind(
    "tail", address: "PATH", help: "lines appended to a log, through rotation; its name may have *",
    events: TailPlan.events, settings: TailPlan.settings, fields: TailPlan.fields,
    read: { (address, word) throws(UsageError) in
      try TailPlan.check(address, word)
      return try CheckedAddress(path: address, word) { (settings) throws(UsageError) in
        TailPlan(address, settings)
      }
    })
}

/// A log to follow, or all logs of which the names match.
struct TailPlan: SourcePlan {
  static let line = 0
  static let data = 1
  static let idle = 2
  static let rotate = 3
  static let truncate = 4
  static let active = 5

  static let events: [EventKind] = [
    EventKind("line", .principal, busy: .queue, help: "a record, without its line end"),
    EventKind("data", .instead, busy: .queue, requires: "frame=chunk", help: "bytes as they came"),
    EventKind(
      "idle", .printed, busy: .skip, requires: "idle=",
      help: "no byte for D; count tells how often in one silence"),
    EventKind("rotate", .named, busy: .queue, help: "a newer file has taken the name of one that was read"),
    EventKind("truncate", .named, busy: .queue, help: "a file was cut, and is read from its start"),
    .active,
  ]

  static let fields: [FieldKind] = [
    FieldKind("data", "text", help: "the record as text; bytes that are not UTF-8 as U+FFFD"),
    .dataBase64,
    FieldKind("partial", "bool", help: "true on a part of a record, and on one that stays unfinished"),
    .last,
    FieldKind("file", "text", help: "the file that it stands in, by its present name"),
    FieldKind("file_base64", "text", help: "the bytes of file, where file is not exact"),
  ]

  private static let frame = Setting(
    "frame", .choice(["line", "nul", "chunk"]), standard: "line", help: "what a record is")
  private static let from = Setting(
    "from", .choice(["end", "start"]), standard: "end",
    help: "where files are read from that are there at the start")

  private static let state = Setting(
    "state", .path, help: "keep in this file how far each file is done, and go on there")

  static let settings: [Setting] = [frame, .match, .unmatch, .max, .idle(without: "a byte"), from, state]

  let path: [UInt8]
  let start: LogFollower.Start
  let framing: Framing
  let idle: IdleSpan?
  /// Where positions are kept.
  let state: [UInt8]?

  init(_ path: [UInt8], _ settings: SettingValues) {
    self.path = path
    start = settings.choice(Self.from) == "start" ? .start : .end
    framing = Framing(settings, frame: Self.frame)
    idle = settings.idle()
    state = settings.bytes("state")
  }

  /// Refuses what cannot be the name of a log.
  static func check(_ path: [UInt8], _ word: Word) throws(UsageError) {
    let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? -1
    let name = path[(slash + 1)...]
    if name.isEmpty {
      throw UsageError(word, "expected a file, not a directory, such as tail:\(Word(path).text)*.log")
    }
    let isPattern = { (byte: UInt8) in "*?[".utf8.contains(byte) }
    if path[..<(slash + 1)].contains(where: isPattern) {
      throw UsageError(word, "only the last part of the path may be a pattern, as in tail:/var/log/*.log")
    }
    if name.contains(where: isPattern), Glob(String(decoding: name, as: UTF8.self)) == nil {
      throw UsageError(word, "a [ of the pattern is not closed")
    }
  }

  var principal: Int { framing.form == .chunk ? Self.data : Self.line }
  var carriesData: EventSet { EventSet(principal) }
  var recordEnd: [UInt8] { framing.recordEnd }

  var available: EventSet {
    var events: EventSet = [EventSet(principal), EventSet(Self.rotate), EventSet(Self.truncate)]
    if idle != nil { events.formUnion([EventSet(Self.idle), EventSet(Self.active)]) }
    return events
  }

  func source(for port: Port, on services: Services) -> any Source {
    TailSource(self, port, services)
  }
}

/// Offers the records of the files that a follower reads, each file's apart.
///
/// What a file has given and the port does not take stays here, and nothing more is read meanwhile.
final class TailSource: Source {
  let isPausable = true
  private let plan: TailPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private let event = Event(capacity: 4)
  private var follower: LogFollower?
  private var files: [TailedFile] = []
  private var silence: Silence?
  private var turn: Turn?
  private let directory: [UInt8]
  private var keeper: LogKeeper?
  private var isClosing = false

  init(_ plan: TailPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
    directory = Array(plan.path[..<((plan.path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    let watches = try services.fileWatches()
    var handlers = LogFollower.Handlers { [unowned self] generation, bytes, offset in
      came(bytes, at: offset, in: generation)
    }
    handlers.onRotate = { [unowned self] in
      tell(TailPlan.rotate, of: file($0))
      keeper?.saveSoon()
    }
    handlers.onTruncate = { [unowned self] in
      finish(file($0))
      file($0).restart()
      tell(TailPlan.truncate, of: file($0))
    }
    handlers.onEnd = { [unowned self] generation in
      finish(file(generation))
      files.removeAll { $0.generation === generation }
    }
    handlers.onTrouble = { [unowned self] in services.diagnostics.report("\(port.title): \($0)") }
    turn = Turn(loop: services.loop, queue: .data) { [unowned self] in goOn() }
    if let idle = plan.idle {
      silence = Silence(idle, loop: services.loop) { [unowned self] ordinal in
        guard port.canTake else { return }
        event.begin(TailPlan.idle, at: .now, count: ordinal)
        port.offer(event)
      }
    }
    if let path = plan.state { keeper = try LogKeeper(path, port, services) }
    let follower = LogFollower(
      path: plan.path, from: plan.start, saved: keeper?.positions ?? [], watches: watches, handlers: handlers)
    self.follower = follower
    keeper?.onSave = { follower.positions() }
  }

  func disarm() {
    turn?.cancel()
    silence?.cancel()
    isClosing = true
    guard keeper != nil else {
      if port.takesRest { offerRest() }
      follower?.close()
      return
    }
    follower?.pause()
    if !lingers { finishKeeping() }
  }

  /// Commands have lines of which it is not known yet whether they are done.
  var lingers: Bool { keeper != nil && !files.allSatisfy(\.isSettled) }

  private func finishKeeping() {
    keeper?.save()
    keeper = nil
    follower?.close()
  }

  /// A record is over: printed, or its run has ended.
  private func recordIsOver() {
    if isClosing { turn?.schedule() } else { keeper?.changed() }
  }

  func pause() {
    follower?.pause()
    if !isClosing { turn?.cancel() }
    silence?.pause()
  }

  func resume() {
    if isClosing { return }
    silence?.resume()
    // What is here comes first; it is often enough to be held again.
    turn?.schedule()
  }

  private func goOn() {
    if isClosing {
      guard keeper != nil, !lingers else { return }
      finishKeeping()
      return port.lingered()
    }
    offerBuffered()
    if port.canTake { follower?.resume() }
  }

  // MARK: Records

  private func file(_ generation: LogGeneration) -> TailedFile {
    if let known = files.last(where: { $0.generation === generation }) { return known }
    let file = TailedFile(generation) { [unowned self] in recordIsOver() }
    files.append(file)
    return file
  }

  private func came(_ bytes: UnsafeRawBufferPointer, at offset: UInt64, in generation: LogGeneration) {
    if silence?.broken() ?? false {
      event.begin(TailPlan.active, at: .now)
      port.offer(event)
    }
    file(generation).append(bytes, at: offset)
    offerBuffered()
    if !port.canTake { follower?.pause() }
  }

  /// Offers every record that is complete, of the oldest file first, while the port can take it.
  private func offerBuffered() {
    for file in files where !file.isEmpty {
      withName(of: file) { name in
        while port.canTake, let record = file.next(plan.framing, .waits) { offer(record, of: file, name) }
      }
    }
  }

  /// Offers what is left of a file that is not continued, held or not: its last line stays unfinished.
  private func finish(_ file: TailedFile) {
    withName(of: file) { name in
      while var record = file.next(plan.framing, .record) {
        if record.extent == .whole, record.lineEnd == 0 { record.extent = .part }
        offer(record, of: file, name)
      }
    }
  }

  private func offer(_ record: Framing.Record, of file: TailedFile, _ name: UnsafeRawBufferPointer) {
    // Only where positions are kept: of others it does not matter when they are done.
    let ticket = keeper == nil ? nil : file.ticket(for: record)
    event.begin(plan.principal, at: .now, about: ticket)
    event.add(data: file.front(record.length), lineEnd: record.lineEnd)
    event.add(record.extent)
    event.add("file", .bytes(name))
    withExtendedLifetime(ticket) { port.offer(event) }
    file.consume(record)
  }

  /// Offers the records that were read and wait for a command: nobody comes after it.
  private func offerRest() {
    for file in files {
      withName(of: file) { name in
        while let record = file.next(plan.framing, .waits) { offer(record, of: file, name) }
      }
    }
  }

  private func tell(_ index: Int, of file: TailedFile) {
    offerBuffered()
    withName(of: file) { name in
      event.begin(index, at: .now)
      event.add("file", .bytes(name))
      port.offer(event)
    }
  }

  private func withName(of file: TailedFile, _ body: (UnsafeRawBufferPointer) -> Void) {
    (directory + file.generation.fileName).withUnsafeBytes { body($0) }
  }
}
