import EventLoop

/// The channels that are sent records as they come.
///
/// A record is made once for all of them, in memory that is used again. Nobody waits for a reader: one that leaves too
/// much unread is cut off, and is told how many records it has not been sent.
final class Subscriptions: Facility, RecordObserver {
  /// What a reader may leave unread, in bytes.
  private static let limit = 8 << 20

  /// A channel and what it is sent.
  private struct Subscription {
    unowned let channel: ControlChannel
    let output: Output
    /// The sources whose records it wants; nil for all.
    let names: [[UInt8]]?
  }

  private var subscriptions: [Subscription] = []
  private var text = RecordText()
  private var record = ByteQueue(capacity: 512)

  init(loop: EventLoop) {}

  /// Sends the records of these sources from now on, of all where nil, in the place of what was asked for before.
  func add(_ channel: ControlChannel, _ output: Output, _ names: [[UInt8]]?) {
    subscriptions.removeAll { $0.channel === channel }
    subscriptions.append(Subscription(channel: channel, output: output, names: names))
    channel.session.observer = self
  }

  func remove(_ channel: ControlChannel) {
    guard !subscriptions.isEmpty else { return }
    subscriptions.removeAll { $0.channel === channel }
    if subscriptions.isEmpty { channel.session.observer = nil }
  }

  func contains(_ channel: ControlChannel) -> Bool {
    subscriptions.contains { $0.channel === channel }
  }

  func show(_ event: Event, _ label: Label, of port: Port) {
    record.removeAll()
    for subscription in subscriptions where subscription.names?.contains(port.name) ?? true {
      if record.isEmpty { text.write(event, label, as: .json, to: &record) }
      send(to: subscription)
    }
  }

  private func send(to subscription: Subscription) {
    let (output, session) = (subscription.output, subscription.channel.session)
    if output.count > Self.limit { return cutOff(subscription) }
    output.write(record.bytes)
    // The rest follows at the end of the turn.
    if output.count >= Output.batch { output.flush() }
    session.outputs.touch(output)
  }

  private func cutOff(_ subscription: Subscription) {
    let lost = subscription.output.dropLines() + 1
    let channel = subscription.channel
    channel.session.services.diagnostics.report(
      "--control \(Word(channel.name).text): a subscriber is too slow and cut off; "
        + "\(lost) records were not sent to it")
    subscription.output.write(
      "{\"ok\":false,\"error\":\"too slow: \(lost) records were not sent\",\"lost\":\(lost)}\n")
    remove(channel)
    channel.cutOff()
  }
}

extension Session {
  /// Sends a channel the records of these sources, of all where nil.
  func subscribe(_ channel: ControlChannel, to names: [[UInt8]]?) throws(Request.Refusal) {
    guard let output = channel.records else {
      throw Request.Refusal("records go to standard output; subscribe on a socket")
    }
    for name in names ?? [] { _ = try feed(name) }
    do throws(LoopError) {
      try services.facility(Subscriptions.self).add(channel, output, names)
    } catch {
      throw Request.Refusal(systemError(error.code))
    }
  }
}
