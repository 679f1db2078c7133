import EventLoop
import Platform

/// All outputs of a session: standard output and the files of `print file=`, each opened once.
final class Outputs {
  private let services: Services
  /// What `print to=` writes to.
  let recipients: Recipients
  private(set) var standard: Output?
  /// The files by their paths; one that no rule prints to any more goes when all is written.
  private var files: [[UInt8]: Output] = [:]
  /// Files that something has been written to in this turn.
  private var touched: [Output] = []
  /// Counts of the files that are closed.
  private var past = (records: UInt64(0), bytes: UInt64(0))
  var onFailure: (Output, Output.Failure) -> Void = { _, _ in }
  /// Called when an output that was full has room again.
  var onRoom: () -> Void = {}

  init(services: Services) {
    self.services = services
    recipients = Recipients(diagnostics: services.diagnostics)
  }

  /// Makes the action of one `print`.
  func printer(_ spec: PrintSpec, _ options: Options) throws(SourceFailure) -> Action {
    if !spec.receivers.isEmpty { return SendAction(spec, recipients) }
    let output = try output(spec.file)
    output.users += 1
    let (format, fields) = options.form(of: spec)
    return PrintAction(
      output: output, format: format, fields: fields.map { FieldSelection($0) }, outputs: self)
  }

  /// Takes note that one action less prints to the output.
  func release(_ output: Output) {
    output.users -= 1
    output.flush()
    closeIfDone(output)
  }

  private func closeIfDone(_ output: Output) {
    guard output.users == 0, output.isEmpty, let path = output.path, files[path] === output else { return }
    past.records += output.records
    past.bytes += output.bytesWritten
    files[path] = nil
  }

  private func output(_ path: [UInt8]?) throws(SourceFailure) -> Output {
    guard let path else { return try standardOutput() }
    if let known = files[path] { return known }
    let output = Output(try LogFile(path: path), name: Word(path).text, path: path, loop: services.loop)
    register(output)
    files[path] = output
    return output
  }

  /// Standard output, opened when the first thing is to be written there.
  func standardOutput() throws(SourceFailure) -> Output {
    if let standard { return standard }
    if services.process.wasClosed(1) { throw SourceFailure("standard output is closed") }
    let sink: InheritedDescriptor
    do {
      sink = try services.descriptor(1, for: .writing)
    } catch {
      throw SourceFailure("standard output: \(error.reason)")
    }
    let output = Output(sink, name: "standard output", loop: services.loop)
    register(output)
    standard = output
    return output
  }

  private func register(_ output: Output) {
    output.onFailure = { [unowned self, unowned output] in onFailure(output, $0) }
    output.onRoom = { [unowned self, unowned output] in
      output.writeMerged()
      closeIfDone(output)
      onRoom()
    }
  }

  /// Takes note that something is written to a file in this turn.
  @inline(never)
  func touch(_ output: Output) {
    guard !output.isTouched else { return }
    output.isTouched = true
    touched.append(output)
  }

  /// Writes what has gathered, as far as goes without waiting.
  @inline(__always)
  func flush() {
    standard?.flush()
    if !touched.isEmpty { flushFiles() }
  }

  @inline(never)
  private func flushFiles() {
    let gathered = touched
    touched.removeAll(keepingCapacity: true)
    for output in gathered {
      output.isTouched = false
      output.flush()
    }
  }

  /// Writes what has been merged while there was no room.
  func writeMerged() {
    standard?.writeMerged()
    for output in files.values { output.writeMerged() }
  }

  var count: Int {
    files.values.reduce(standard?.count ?? 0) { $0 + $1.count }
  }

  /// Whether a file cannot be written at the moment.
  var isFailing: Bool { files.values.contains { $0.isFailing } }

  var isEmpty: Bool { count == 0 }

  var records: UInt64 { files.values.reduce(past.records + (standard?.records ?? 0)) { $0 + $1.records } }
  var bytesWritten: UInt64 {
    files.values.reduce(past.bytes + (standard?.bytesWritten ?? 0)) { $0 + $1.bytesWritten }
  }
}
