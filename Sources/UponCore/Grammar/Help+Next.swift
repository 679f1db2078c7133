import Platform
import Schedule

extension Help {
  /// The text of `--next`: the next times of every source of time, the earliest first, as a run that begins now would
  /// have them. Nothing is opened.
  static func next(_ count: Int, of invocation: Invocation, now: Int64) throws(UsageError) -> [UInt8] {
    let sources = invocation.sources.filter { $0.plan.timed != nil }
    if sources.isEmpty {
      throw UsageError("--next: none of the sources fires at times that can be told beforehand")
    }
    let local =
      (try? TimeZoneDatabase.standard.zone(ofVariable: getenv("TZ").map { String(cString: $0) })) ?? .utc
    var times: [(moment: Int64, zone: TimeZone, name: [UInt8])] = []
    for source in sources {
      guard let plan = source.plan.timed else { continue }
      var moment = now
      for _ in 0..<count {
        // A source without a delay fires at its start.
        guard let next = plan.next(after: moment, start: now), next < .max else { break }
        times.append((next, plan.zone ?? local, source.name))
        moment = next
      }
    }
    var text = ByteQueue(capacity: 4096)
    // Those of one moment stay in the order of the rules.
    for (_, time) in times.enumerated().sorted(by: { ($0.1.moment, $0.0) < ($1.1.moment, $1.0) }) {
      let shown = time.zone.text(of: Moment(microseconds: time.moment))
      switch invocation.options.format {
      case .json:
        text.append("{\"time\":\"\(shown)\",\"name\":\"")
        _ = time.name.withUnsafeBytes { text.append(jsonText: $0) }
        text.append("\"}\n" as StaticString)
      case .text:
        text.append(shown + "  " + Word(time.name).text + "\n")
      case .tsv, .data:
        text.append(shown + "\t")
        time.name.withUnsafeBytes { text.append(tsvText: $0) }
        text.append(UInt8(ascii: "\n"))
      }
    }
    return Array(text.bytes)
  }
}
