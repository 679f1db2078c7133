import EventLoop
import Platform

/// Writes one `done` record for each run that has ended.
///
/// The record belongs to the event that the command ran for, and has its `seq`. It is written after what the command
/// has printed, and counts for nothing.
final class RunReport {
  let destination: Output
  private let format: RecordFormat
  private let fields: FieldSelection?
  private let event = Event()
  /// Shows the record to others.
  var onRecord: (Event, Label, Port) -> Void = { _, _, _ in }

  init(to destination: Output, as format: RecordFormat, fields: FieldSelection?) {
    self.destination = destination
    self.format = format
    self.fields = fields
  }

  func write(_ run: Run, _ status: ExitStatus, skipped: UInt64) {
    event.begin(0, at: .now, count: run.cause.count)
    event.seq = run.cause.seq
    event.add("run", .uint(run.number))
    if run.pid > 0 { event.add("pid", .int(Int64(run.pid))) }
    var signal = ""
    switch status {
    case .exited(let code): event.add("status", .int(Int64(code)))
    case .signaled(let number): signal = SignalName.name(of: number)
    }
    var column = String(status.shellStatus)
    signal.withUTF8 { signal in
      column.withUTF8 { column in
        if case .signaled = status { event.add("signal", .bytes(UnsafeRawBufferPointer(signal))) }
        event.add("duration_us", .int(max(run.ended - run.began, 0) / 1000))
        event.add("timed_out", .bool(run.stopped == .timeout))
        if let stopped = run.stopped { event.add("stopped", .text(stopped.text)) }
        event.add("skipped", .uint(skipped))
        event.add("merged", .uint(run.cause.merged))
        addOutput(of: run)
        // What the formats of bytes show: a column of tsv, the output itself for data.
        switch format {
        case .data: if let output = run.output { event.set(payload: output.output.bytes) }
        case .json, .tsv, .text: event.set(payload: UnsafeRawBufferPointer(column))
        }
        let (label, port) = (run.cause.port.doneLabel, run.cause.port)
        if let fields {
          destination.write(event, label, as: format, fields: fields, from: port)
        } else {
          destination.write(event, label, as: format, from: port)
        }
        onRecord(event, label, port)
      }
    }
  }

  private func addOutput(of run: Run) {
    guard let output = run.output, output.captures else { return }
    event.add("out", .bytes(output.output.bytes))
    if output.output.isTruncated { event.add("out_truncated", .bool(true)) }
    event.add("err", .bytes(output.errors.bytes))
    if output.errors.isTruncated { event.add("err_truncated", .bool(true)) }
  }
}

extension Run.Stop {
  fileprivate var text: StaticString {
    switch self {
    case .ending: "ending"
    case .gone: "gone"
    case .restart: "restart"
    case .timeout: "timeout"
    }
  }
}
