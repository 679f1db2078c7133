import EventLoop
import Platform

/// What a run writes, where upon reads it: to send it back, or to keep the beginning of it for the report.
final class RunOutput {
  private(set) var output: CapturedOutput
  private(set) var errors: CapturedOutput
  /// The ends of the command, open until `begin`; negative where upon does not read.
  private(set) var outputEnd: Int32 = -1
  private(set) var errorsEnd: Int32 = -1
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
      outputReader = try reader(on: loop, &outputEnd) { [unowned self] in took($0) }
    }
    if captures { errorsReader = try reader(on: loop, &errorsEnd) { [unowned self] in errors.append($0) } }
  }

  deinit {
    closeEnds()
  }

  private func reader(
    on loop: EventLoop, _ end: inout Int32, take: @escaping (UnsafeRawBufferPointer) -> Void
  ) throws(LoopError) -> OutputReader {
    var ends: (Int32, Int32) = (-1, -1)
    let made = withUnsafeMutableBytes(of: &ends) {
      pipe2($0.baseAddress?.assumingMemoryBound(to: Int32.self), Int32(O_CLOEXEC))
    }
    guard made == 0 else { throw LoopError(code: errno, operation: "make a pipe") }
    end = ends.1
    // Only the read end, which is upon's own.
    _ = upon_fcntl_set(ends.0, F_SETFL, O_NONBLOCK)
    return try OutputReader(ends.0, loop: loop, take: take) { [unowned self] in ended() }
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
    closeEnds()
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

  private func closeEnds() {
    if outputEnd >= 0 { close(outputEnd) }
    if errorsEnd >= 0 { close(errorsEnd) }
    outputEnd = -1
    errorsEnd = -1
  }
}
