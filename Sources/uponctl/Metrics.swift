import JSON
import Platform
import UponCore

/// What upon has done and watches, as metrics in the text format of Prometheus.
struct Metrics {
  enum Kind: String {
    case counter, gauge
  }

  /// One metric with its samples, which are in the order in which they were added.
  struct Family {
    let name: String
    let kind: Kind
    let help: String
    fileprivate(set) var samples: [(labels: String, value: Value)] = []
    /// The places of the samples by their labels.
    fileprivate var places: [String: Int] = [:]
  }

  /// A number that is written as it is.
  enum Value {
    case integer(Int)
    case microseconds(Int)
  }

  private var families: [Family] = []

  init(of statistics: JSONValue, _ list: JSONValue) {
    for (key, name, kind, help) in Self.ofSession {
      guard case .integer(let number)? = statistics[key] else { continue }
      add(name, kind, help, [:], key == "uptime_us" ? .microseconds(number) : .integer(number))
    }
    addSources(list)
    addCommands(list)
    addConnections(list)
  }

  private static let ofSession: [(key: String, name: String, kind: Kind, help: String)] = [
    ("uptime_us", "upon_uptime_seconds", .gauge, "Time since upon was started."),
    ("events", "upon_events_total", .counter, "Events delivered."),
    ("records", "upon_records_total", .counter, "Records written."),
    ("bytes_out", "upon_written_bytes_total", .counter, "Bytes of records written."),
    ("queued", "upon_queued_bytes", .gauge, "Bytes of records that wait for their reader."),
    ("wakeups", "upon_wakeups_total", .counter, "How often the loop has slept and been woken."),
    ("resident", "upon_resident_memory_bytes", .gauge, "Memory that is resident."),
    ("active", "upon_sources", .gauge, "Sources that have not ended."),
    ("runs", "upon_runs_total", .counter, "Runs of commands."),
    ("failed", "upon_runs_failed_total", .counter, "Runs that have failed."),
    ("killed", "upon_runs_killed_total", .counter, "Failed runs that a signal has ended."),
    ("timed_out", "upon_runs_timed_out_total", .counter, "Failed runs that took too long."),
    ("stopped", "upon_runs_stopped_total", .counter, "Runs that upon has stopped."),
    ("skipped", "upon_events_skipped_total", .counter, "Events dropped because their command was running."),
    ("merged", "upon_events_merged_total", .counter, "Events merged because their command was running."),
  ]

  // MARK: Lists

  private mutating func addSources(_ list: JSONValue) {
    for source in list.rows("sources") {
      let labels = ["name": source.shown("name"), "kind": source.shown("kind")]
      add(
        "upon_source_events_total", .counter, "Events delivered of a source.", labels, source.number("events")
      )
      for state in ["armed", "held", "paused"] {
        add(
          "upon_source_state", .gauge, "Which state a source is in.", labels.merging(["state": state]) { $1 },
          .integer(source.shown("state") == state ? 1 : 0))
      }
      add(
        "upon_source_armed_timestamp_seconds", .gauge, "When a source was armed.", labels,
        source.moment("armed"))
      add(
        "upon_source_due_timestamp_seconds", .gauge, "When a source fires next.", labels, source.moment("due")
      )
      add(
        "upon_source_directories", .gauge, "Directories watched for a source.", labels,
        source.number("directories"))
    }
  }

  private mutating func addCommands(_ list: JSONValue) {
    let names = list.rows("sources").map { $0.shown("name") }
    for name in names {
      add("upon_commands", .gauge, "Commands that run for a source.", ["name": name], .integer(0))
    }
    for command in list.rows("commands") {
      add(
        "upon_commands", .gauge, "Commands that run for a source.", ["name": command.shown("name")],
        .integer(1))
    }
  }

  private mutating func addConnections(_ list: JSONValue) {
    for connection in list.rows("connections") {
      let labels = ["name": connection.shown("name")]
      add("upon_connections", .gauge, "Open connections of a source.", labels, .integer(1))
      for (key, name, help) in [
        (
          "bytes_in", "upon_connections_received_bytes", "Bytes received on the open connections of a source."
        ),
        ("bytes_out", "upon_connections_sent_bytes", "Bytes sent on the open connections of a source."),
        ("unsent", "upon_connections_unsent_bytes", "Bytes that wait to be sent on them."),
      ] {
        add(name, .gauge, help, labels, connection.number(key))
      }
    }
  }

  /// Adds a sample; those of the same labels are one, with the sum.
  private mutating func add(
    _ name: String, _ kind: Kind, _ help: String, _ labels: [String: String], _ value: Value?
  ) {
    guard let value else { return }
    let text = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
      .joined(separator: ",")
    let index = families.firstIndex { $0.name == name } ?? families.endIndex
    if index == families.endIndex { families.append(Family(name: name, kind: kind, help: help)) }
    guard let known = families[index].places[text] else {
      families[index].places[text] = families[index].samples.count
      families[index].samples.append((text, value))
      return
    }
    if case .integer(let old) = families[index].samples[known].value, case .integer(let new) = value {
      families[index].samples[known].value = .integer(old + new)
    }
  }

  // MARK: Text

  /// The metrics in the text exposition format, version 0.0.4.
  var text: String {
    var text = ""
    for family in families {
      text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind.rawValue)\n"
      for (labels, value) in family.samples {
        text += "\(family.name)\(labels.isEmpty ? "" : "{\(labels)}") \(value.text)\n"
      }
    }
    return text
  }

  /// A value of a label, in which backslash, quote and line end are escaped.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}

extension Metrics.Value {
  fileprivate var text: String {
    switch self {
    case .integer(let number): String(number)
    case .microseconds(let number):
      "\(number / 1_000_000)." + String(String(1_000_000 + number % 1_000_000).dropFirst())
    }
  }
}

extension JSONValue {
  fileprivate func rows(_ key: String) -> [JSONValue] {
    if case .array(let rows)? = self[key] { rows } else { [] }
  }

  fileprivate func shown(_ key: String) -> String { self[key]?.shown ?? "" }

  fileprivate func number(_ key: String) -> Metrics.Value? {
    if case .integer(let number)? = self[key] { .integer(number) } else { nil }
  }

  /// A time as records have it, `2026-11-25T17:12:56.112970Z`, in seconds since 1970.
  fileprivate func moment(_ key: String) -> Metrics.Value? {
    let parts = shown(key).split { "-T:.Z".contains($0) }.compactMap { Int32($0) }
    guard parts.count == 7 else { return nil }
    var date = tm()
    (date.tm_year, date.tm_mon, date.tm_mday) = (parts[0] - 1900, parts[1] - 1, parts[2])
    (date.tm_hour, date.tm_min, date.tm_sec) = (parts[3], parts[4], parts[5])
    return .microseconds(timegm(&date) * 1_000_000 + Int(parts[6]))
  }
}
