/// `print`: one record on an output.
///
/// Events that cannot be held back, ticks and signals, merge into the count of the last one while the output holds
/// all that it may.
final class PrintAction: Action {
  let output: Output
  private let format: RecordFormat
  /// Those that were asked for; nil for all.
  private let fields: FieldSelection?
  private unowned(unsafe) let outputs: Outputs
  /// A file is written in the turns in which something is printed to it, standard output in every one.
  private let isFile: Bool
  private var merged: [Merged] = []

  private struct Merged {
    let port: Port
    let event: Event
    /// What it unites, where no bytes may be lost.
    var united: EventBatch?
  }

  init(output: Output, format: RecordFormat, fields: FieldSelection?, outputs: Outputs) {
    self.output = output
    self.format = format
    self.fields = fields
    self.outputs = outputs
    isFile = output.path != nil
  }

  override var prints: Bool { true }

  override func take(_ event: Event, from port: Port) {
    if isFile { outputs.touch(output) }
    if output.isOverLimit || !merged.isEmpty, !port.isPausable { return merge(event, port) }
    if fields != nil { return write(event, port) }
    port.withLabel(event.index) { output.write(event, $0, as: format, from: port) }
  }

  @inline(never)
  private func write(_ event: Event, _ port: Port) {
    let label = port.label(event.index)
    if let fields {
      output.write(event, label, as: format, fields: fields, from: port)
    } else {
      output.write(event, label, as: format, from: port)
    }
  }

  private func merge(_ event: Event, _ port: Port) {
    let known = merged.firstIndex {
      $0.port === port && ($0.event.index == event.index || $0.event.isOfNames && event.isOfNames)
    }
    guard let position = known else {
      let kept = Event()
      kept.copy(of: event)
      if merged.isEmpty { output.merging.append(self) }
      merged.append(Merged(port: port, event: kept))
      return
    }
    if event.keepsAll { return unite(event, port, at: position) }
    let count = merged[position].event.count
    merged[position].event.copy(of: event)
    merged[position].event.count += count
  }

  private func unite(_ event: Event, _ port: Port, at position: Int) {
    let waiting = merged[position].event
    let seq = event.seq
    let batch = merged[position].united ?? EventBatch(of: waiting)
    merged[position].united = batch
    batch.take(event)
    if batch.size > EventBatch.limit, let overflow = port.plan.overflow {
      batch.overflow(at: overflow.path, end: overflow.end, index: overflow.event)
    }
    if batch.describe(in: waiting) { waiting.seq = seq } else { merged.remove(at: position) }
  }

  /// Writes what has been merged, when the output has room again or the loop ends.
  func writeMerged() {
    let waiting = merged
    merged = []
    for item in waiting { write(item.event, item.port) }
  }

  override func forget(_ port: Port) {
    output.forget(port)
  }

  override func retire() {
    outputs.release(output)
  }
}
