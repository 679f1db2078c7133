import Foundation

/// One record of upon's standard output, as a JSON parser understands it.
struct Record: CustomStringConvertible {
  let line: String
  private let fields: [String: Any]

  /// nil where the line is no JSON object.
  init?(_ line: String) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { return nil }
    self.line = line
    fields = object
  }

  /// A text field, "" where there is none.
  func text(_ field: String) -> String { fields[field] as? String ?? "" }

  /// A number, -1 where there is none.
  func number(_ field: String) -> Int { fields[field] as? Int ?? -1 }

  /// Any field as Foundation reads it.
  func value(_ field: String) -> Any? { fields[field] }

  func has(_ field: String) -> Bool { fields[field] != nil }

  var event: String { text("event") }
  var data: String { text("data") }
  var count: Int { number("count") }
  var description: String { line }
}

extension Finished {
  /// The records among the lines of the output.
  var records: [Record] { lines.compactMap(Record.init) }
}

extension Running {
  /// The whole records that have come so far.
  var records: [Record] {
    output.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .compactMap { Record(String($0)) }
  }
}

extension Record {
  /// Its time, from the beginning of its day in UTC; nil where it has none.
  var moment: Duration? {
    let parts = text("time").split { "T:.Z".contains($0) }.compactMap { Int64($0) }
    guard parts.count == 4 else { return nil }
    return .seconds(parts[0] * 3600 + parts[1] * 60 + parts[2]) + .microseconds(parts[3])
  }
}
