import EventLoop

/// All outputs of a session: standard output and the files of `print file=`, each opened once.
final class Outputs {
  private let services: Services
  private(set) var standard: Output?
  private var files: [(path: [UInt8], output: Output)] = []
  private var printers: [PrintAction] = []
  var onFailure: (Output, Output.Failure) -> Void = { _, _ in }
  /// Called when an output that was full has room again.
  var onRoom: () -> Void = {}

  init(services: Services) {
    self.services = services
  }

  /// Makes the action of one `print`.
  func printer(_ spec: PrintSpec, default format: RecordFormat) throws(SourceFailure) -> PrintAction {
    let action = PrintAction(output: try output(spec.file), format: spec.format ?? format)
    printers.append(action)
    return action
  }

  private func output(_ path: [UInt8]?) throws(SourceFailure) -> Output {
    guard let path else { return try standardOutput() }
    if let known = files.first(where: { $0.path == path }) { return known.output }
    let output = Output(try LogFile(path: path), name: Word(path).text, loop: services.loop)
    register(output)
    files.append((path, output))
    return output
  }

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
      for printer in printers where printer.output === output { printer.writeMerged() }
      onRoom()
    }
  }

  /// Writes what has gathered, as far as goes without waiting.
  @inline(__always)
  func flush() {
    standard?.flush()
    for file in files { file.output.flush() }
  }

  /// Writes what has been merged while there was no room.
  func writeMerged() {
    for printer in printers { printer.writeMerged() }
  }

  var count: Int {
    (standard?.count ?? 0) + files.reduce(0) { $0 + $1.output.count }
  }

  /// Whether a file cannot be written at the moment.
  var isFailing: Bool { files.contains { $0.output.isFailing } }

  var isEmpty: Bool { count == 0 }

  var records: UInt64 { (standard?.records ?? 0) + files.reduce(0) { $0 + $1.output.records } }
  var bytesWritten: UInt64 { (standard?.bytesWritten ?? 0) + files.reduce(0) { $0 + $1.output.bytesWritten } }
}
