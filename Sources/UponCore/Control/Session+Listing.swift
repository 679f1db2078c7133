import EventLoop
import Platform

extension Session {
  /// What is watched, what runs and who is connected, in the order of their beginnings.
  func list(to text: inout ByteQueue) {
    let moment = Moment()
    text.append(",\"sources\":[" as StaticString)
    for (index, feed) in feeds.inOrder.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      describe(feed, moment, to: &text)
    }
    text.append("],\"commands\":[" as StaticString)
    for (index, run) in commands.running.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      describe(run, moment, to: &text)
    }
    text.append("],\"connections\":[" as StaticString)
    for (index, connection) in (services.existing(Connections.self)?.all ?? []).enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      describe(connection, to: &text)
    }
    text.append(UInt8(ascii: "]"))
  }

  private func describe(_ feed: Feed, _ moment: Moment, to text: inout ByteQueue) {
    text.append("{\"name\":" as StaticString)
    text.append(jsonString: feed.name)
    text.append(",\"kind\":\"\(feed.kind.name)\",\"state\":\"\(feed.condition)\",\"events\":")
    text.append(decimal: feed.delivered)
    text.append(",\"armed\":" as StaticString)
    text.append(feed.armedAt)
    if let due = feed.source?.nextDue {
      text.append(",\"due\":" as StaticString)
      text.append(moment.wall(of: due))
    }
    if let directories = feed.source?.directories {
      text.append(",\"directories\":" as StaticString)
      text.append(decimal: UInt64(directories))
    }
    if let progress = feed.source?.progress {
      text.append(",\"progress\":" as StaticString)
      text.append(jsonString: progress)
    }
    text.append(UInt8(ascii: "}"))
  }

  private func describe(_ run: RunAction.Running, _ moment: Moment, to text: inout ByteQueue) {
    text.append("{\"name\":" as StaticString)
    text.append(jsonString: run.name)
    text.append(",\"command\":" as StaticString)
    text.append(jsonString: run.command)
    text.append(",\"pid\":" as StaticString)
    text.append(decimal: Int64(run.pid))
    text.append(",\"started\":" as StaticString)
    text.append(moment.wall(of: run.began))
    text.append(UInt8(ascii: "}"))
  }

  private func describe(_ connection: Connection, to text: inout ByteQueue) {
    text.append("{\"conn\":" as StaticString)
    text.append(decimal: connection.id)
    text.append(",\"name\":" as StaticString)
    text.append(jsonString: connection.group.port?.name ?? [])
    text.append(",\"peer\":" as StaticString)
    text.append(jsonString: connection.peer)
    for (key, value) in [
      ("bytes_in", connection.bytesIn), ("bytes_out", connection.bytesOut),
      ("unsent", UInt64(connection.unsent)),
    ] {
      text.append(",\"\(key)\":")
      text.append(decimal: value)
    }
    text.append(UInt8(ascii: "}"))
  }
}

extension Feed {
  /// What it does at the moment, in one word.
  fileprivate var condition: StaticString {
    if isPaused { return "paused" }
    return isHeld ? "held" : "armed"
  }
}

extension ByteQueue {
  fileprivate mutating func append(_ time: WallTime) {
    append(UInt8(ascii: "\""))
    var timestamp = Timestamp()
    timestamp.write(time, to: &self)
    append(UInt8(ascii: "\""))
  }
}

/// One reading of both clocks, by which one is told in the terms of the other.
private struct Moment {
  private let monotonic = Clock.monotonic()
  private let realtime = WallTime.now

  func wall(of monotonic: Int64) -> WallTime {
    let distance = (monotonic - self.monotonic) / 1000
    let (sum, overflow) = Int64(realtime.microseconds).addingReportingOverflow(distance)
    if overflow { return realtime }
    let seconds = sum.floorDivided(by: 1_000_000)
    return WallTime(
      seconds: realtime.seconds + seconds, microseconds: Int32(sum - seconds * 1_000_000))
  }
}
