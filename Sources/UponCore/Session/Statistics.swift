import EventLoop

extension Session {
  /// The summary of `--stats`, one JSON line.
  func statistics() -> String {
    var text = ByteQueue(capacity: 1024)
    text.append("{\"event\":\"stats\"" as StaticString)
    describeStatistics(to: &text)
    text.append(",\"sources\":[" as StaticString)
    for (index, feed) in feeds.known.enumerated() {
      text.append(index == 0 ? "{\"name\":\"" as StaticString : ",{\"name\":\"")
      _ = feed.name.withUnsafeBytes { text.append(jsonText: $0) }
      text.append("\",\"kind\":\"\(feed.kind.name)\",\"events\":")
      text.append(decimal: feed.delivered)
      if feed.refused > 0 {
        text.append(",\"refused\":" as StaticString)
        text.append(decimal: feed.refused)
      }
      if let lost = feed.lost {
        text.append(",\"lost\":" as StaticString)
        text.append(decimal: lost)
      }
      text.append(UInt8(ascii: "}"))
    }
    text.append("]}\n" as StaticString)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// Appends what has been done and what it takes, each with a comma in front.
  func describeStatistics(to text: inout ByteQueue) {
    let unrun = commands.unrun
    for (key, value) in [
      ("uptime_us", UInt64((services.loop.now - started) / 1000)), ("events", tally.delivered),
      ("records", outputs.records), ("bytes_out", outputs.bytesWritten), ("queued", UInt64(outputs.count)),
      ("wakeups", Usage.wakeups), ("resident", Usage.resident), ("active", UInt64(feeds.count)),
      ("runs", commands.runs), ("failed", commands.failed), ("killed", commands.killed),
      ("timed_out", commands.timedOut), ("stopped", commands.stopped), ("skipped", unrun.skipped),
      ("merged", unrun.merged),
    ] {
      text.append(",\"\(key)\":")
      text.append(decimal: value)
    }
  }
}
