/// `print to=`: one record on every open connection of a source, or on the standard input of its command.
final class SendAction: Action {
  private let format: RecordFormat
  /// Those that were asked for; nil for all.
  private let fields: FieldSelection?
  private let recipients: Recipients
  private let targets: [Recipient]
  private var text = RecordText()
  private var record = ByteQueue(capacity: 512)

  init(_ spec: PrintSpec, _ recipients: Recipients) {
    format = spec.format ?? .data
    fields = spec.fields.map { FieldSelection($0) }
    self.recipients = recipients
    targets = spec.receivers.map { recipients.use($0) }
  }

  override var prints: Bool { true }

  override func take(_ event: Event, from port: Port) {
    record.removeAll()
    if let fields {
      text.write(event, port.label(event.index), as: format, fields: fields, to: &record)
    } else {
      port.withLabel(event.index) { text.write(event, $0, as: format, to: &record) }
    }
    if record.isEmpty { return }
    for target in targets { target.write(record.bytes, from: port) }
  }

  override func forget(_ port: Port) {
    recipients.forget(port)
  }

  override func retire() {
    for target in targets { recipients.release(target) }
  }
}
