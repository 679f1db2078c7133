import EventLoop
import Platform

/// `--control stdin` and `fd:N`: requests on a descriptor of the caller, whose end ends upon in order.
///
/// A socket gets its answers itself; for every other descriptor they are records on standard output.
final class DescriptorControl: ControlChannel {
  private let descriptor: InheritedDescriptor
  private var watch: DescriptorWatch?
  /// Where it is a terminal.
  private var rest: TerminalRest?
  /// Whether it is to be told when there is something to read.
  private var isWatched = true
  /// Where answers go.
  private let output: Output
  private let isRecord: Bool
  private var record = ReplyRecord()

  init(_ number: Int32, name: [UInt8], session: Session, buffer: UnsafeMutableRawPointer)
    throws(SourceFailure)
  {
    let descriptor = try session.services.descriptor(number, for: .reading)
    self.descriptor = descriptor
    // A socket at 0 is what a shell has as its coprocess, which reads records at 1.
    isRecord = number == 0 || !descriptor.isSocket
    if isRecord {
      output = try session.outputs.standardOutput()
    } else {
      output = Output(
        try session.services.descriptor(number, for: .writing), name: Word(name).text,
        loop: session.services.loop)
    }
    super.init(name: name, session: session, buffer: buffer)
    if !isRecord {
      output.onFailure = { [unowned self] _ in ended() }
      output.onRoom = { [unowned self] in proceed() }
    }
    if descriptor.isPollable {
      watch = DescriptorWatch(
        loop: session.services.loop, descriptor: number, interest: .read, queue: .urgent
      ) { [unowned self] in ready() }
      rest = TerminalRest(descriptor, loop: session.services.loop, queue: .urgent) { [unowned self] in
        watch(isWatched)
        ready()
      }
    }
  }

  override var isAlwaysReady: Bool { !descriptor.isPollable }
  override var isFull: Bool { output.isOverLimit }

  override func start() throws(SourceFailure) {
    do throws(LoopError) {
      try watch?.enable()
    } catch {
      throw SourceFailure("--control \(Word(name).text)", errno: error.code)
    }
    try super.start()
  }

  override func watch(_ isWatched: Bool) {
    self.isWatched = isWatched
    if isWatched, rest?.isResting != true { try? watch?.enable() } else { watch?.disable() }
  }

  override func receive(into base: UnsafeMutableRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    let transfer = descriptor.read(into: base, count)
    guard let rest, transfer == .failed(EIO) else { return transfer }
    let checked = rest.check(transfer) { descriptor.read(into: base, count) }
    if rest.isResting { watch?.disable() }
    return checked
  }

  override func close() {
    super.close()
    rest?.cancel()
  }

  override func send(_ answer: borrowing ByteQueue) {
    if isRecord {
      record.write(answer, name: name, as: session.options.format, to: output)
    } else {
      output.write(answer.bytes)
      output.write("\n")
    }
  }

  override var records: Output? { isRecord ? nil : output }

  override func flush() {
    output.flush()
  }

  override func ended() {
    session.controlEnded(self)
  }

  override func failed(_ code: Int32) {
    session.services.diagnostics.report("--control \(Word(name).text): \(systemError(code))")
    ended()
  }
}

/// Writes answers as records of standard output, in the form that the others have there.
struct ReplyRecord: ~Copyable {
  private var timestamp = Timestamp()
  private var text = ByteQueue(capacity: 512)
  private var readable = ReadableText()

  mutating func write(
    _ answer: borrowing ByteQueue, name: [UInt8], as format: RecordFormat, to output: Output
  ) {
    text.removeAll()
    switch format {
    case .json:
      text.append("{\"seq\":0,\"time\":\"" as StaticString)
      timestamp.write(.now, to: &text)
      text.append("\",\"name\":" as StaticString)
      text.append(jsonString: name)
      text.append(",\"kind\":\"control\",\"event\":\"reply\",\"count\":1," as StaticString)
      text.append(UnsafeRawBufferPointer(rebasing: answer.bytes[1...]))
    case .tsv:
      name.withUnsafeBytes { text.append(tsvText: $0) }
      text.append("\treply\t" as StaticString)
      text.append(tsvText: answer.bytes)
    case .data: text.append(answer.bytes)
    case .text:
      readable.writeFront(.now, name, "reply", to: &text)
      text.append("  " as StaticString)
      text.append(answer.bytes)
    }
    text.append(UInt8(ascii: "\n"))
    output.write(text.bytes)
  }
}
