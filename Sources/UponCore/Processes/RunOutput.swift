import EventLoop
import Platform

/// What a run writes, where upon reads it: to send it back, or to keep the beginning of it for the report.
final class RunOutput {
  private(set) var output: CapturedOutput
  private(set) var errors: CapturedOutput
  /// The ends of the command, open until `begin`; nil where upon does not read.
  private var ownOutputEnd: Descriptor?
  private var ownErrorsEnd: Descriptor?
  private let reply: Reply?
  /// Whether what it writes is kept.
  let captures: Bool
  private var outputReader: OutputReader?
  private var errorsReader: OutputReader?
  private var onEnd: () -> Void = {}

  /// Reads what a command does not write elsewhere; nil when that is nothing.
  init?(_ spec: CommandSpec, _ reply: Reply?, ownsConnection: Bool, loop: EventLoop) throws(LoopError) {
    captures = spec.report == .output
    self.reply = reply
    output = CapturedOutput(limit: spec.outputLimit)
    errors = CapturedOutput(limit: spec.outputLimit)
    guard reply != nil || captures else { return nil }
    if reply != nil || !ownsConnection {
      outputReader = try reader(on: loop, &ownOutputEnd) { [unowned self] in took($0) }
    }
    if captures { errorsReader = try reader(on: loop, &ownErrorsEnd) { [unowned self] in errors.append($0) } }
  }

  /// What the command gets as its standard output; nil where upon does not read it.
  var outputEnd: Int32? { ownOutputEnd?.number }
  /// What the command gets as its standard error; nil where upon does not read it.
  var errorsEnd: Int32? { ownErrorsEnd?.number }

  private func reader(
    on loop: EventLoop, _ end: inout Descriptor?, take: @escaping (UnsafeRawBufferPointer) -> Void
  ) throws(LoopError) -> OutputReader {
    var pipe = try Pipe()
    let own = pipe.takeReadEnd()
    end = pipe.takeWriteEnd()
    own.setNonblocking()
    return try OutputReader(own, loop: loop, take: take) { [unowned self] in ended() }
  }

  private func took(_ bytes: UnsafeRawBufferPointer) {
    if captures { output.append(bytes) }
    reply?.write(bytes)
  }

  private func ended() {
    // What is written is complete, whatever else the command does.
    if outputReader?.isEnded ?? true { reply?.finish() }
    onEnd()
  }

  var isEnded: Bool { outputReader?.isEnded ?? true && errorsReader?.isEnded ?? true }

  /// Takes note that the command has its ends; `onEnd` is called when one of them has been closed by everybody.
  func begin(onEnd: @escaping () -> Void) {
    ownOutputEnd = nil
    ownErrorsEnd = nil
    self.onEnd = onEnd
    // Not before: a run that cannot begin takes its reader with it.
    if let outputReader {
      reply?.onFlow = { [unowned outputReader] in $0 == .full ? outputReader.pause() : outputReader.resume() }
    }
  }

  /// Takes what has been written and closes, whoever may still have the other ends.
  func finish() {
    outputReader?.finish()
    errorsReader?.finish()
  }
}
