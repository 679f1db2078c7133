import EventLoop

extension Session {
  /// The summary of `--stats`, one JSON line.
  func statistics() -> String {
    var text = ByteQueue(capacity: 1024)
    text.append("{\"event\":\"stats\",\"uptime_us\":" as StaticString)
    text.append(decimal: (Clock.monotonic() - started) / 1000)
    for (key, value) in [
      ("events", delivered), ("records", outputs.records), ("bytes_out", outputs.bytesWritten),
      ("runs", commands.runs), ("failed", commands.failed),
      ("skipped", commands.unrun.skipped), ("merged", commands.unrun.merged),
    ] {
      text.append(",\"\(key)\":")
      text.append(decimal: value)
    }
    text.append(",\"sources\":[" as StaticString)
    for (place, feed) in feeds.known.enumerated() {
      text.append(place == 0 ? "{\"name\":\"" as StaticString : ",{\"name\":\"")
      _ = feed.name.withUnsafeBytes { text.append(jsonText: $0) }
      text.append("\",\"kind\":\"\(feed.kind.name)\",\"events\":")
      text.append(decimal: feed.delivered)
      if feed.refused > 0 {
        text.append(",\"refused\":" as StaticString)
        text.append(decimal: feed.refused)
      }
      text.append(UInt8(ascii: "}"))
    }
    text.append("]}\n" as StaticString)
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
