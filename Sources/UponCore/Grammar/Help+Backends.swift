import EventLoop

extension Help {
  /// The text of `--backends`: what libevent has here, the best first, and which of them is used.
  static func backends(used name: String?) throws(LoopError) -> String {
    let all = try Backend.all()
    let used = name ?? all.first?.name
    let columns: [(head: String, feature: Backend.Features)] = [
      ("edge-triggered", .edgeTriggered), ("O(1)", .constantTime), ("any descriptor", .anyDescriptor),
      ("early close", .earlyClose),
    ]
    var rows = [["NAME"] + columns.map(\.head) + [""]]
    for backend in all {
      rows.append(
        [backend.name] + columns.map { backend.features.contains($0.feature) ? "yes" : "no" }
          + [backend.name == used ? "used" : ""])
    }
    return table(rows)
  }

  /// Rows in columns as wide as their widest text, without blanks at the ends of lines.
  static func table(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}
