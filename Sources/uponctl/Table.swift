import UponCore

/// An answer for people: a table for each list in it, a line for everything else.
enum Table {
  static func text(of answer: JSON) -> String {
    guard case .object(let members) = answer else { return answer.shown + "\n" }
    var lines: [String] = []
    var tables: [String] = []
    for member in members where member.key != "ok" && member.key != "id" {
      let (key, value) = (member.key, member.value)
      if case .array(let rows) = value {
        if !rows.isEmpty { tables.append(table(rows, of: key)) }
      } else {
        lines += Self.lines(key, value)
      }
    }
    return (lines.isEmpty ? [] : [lines.map { $0 + "\n" }.joined()] + []).joined()
      + tables.joined(separator: "\n")
  }

  /// `KEY VALUE`, with the keys inside an object behind those around them.
  private static func lines(_ key: String, _ value: JSON) -> [String] {
    guard case .object(let members) = value else { return ["\(key) \(Word(value.shown).text)"] }
    return members.flatMap { lines("\(key).\($0.key)", $0.value) }
  }

  /// Columns as wide as what stands in them, numbers on the right.
  private static func table(_ rows: [JSON], of name: String) -> String {
    var columns: [String] = []
    for case .object(let members) in rows {
      for member in members where !columns.contains(member.key) { columns.append(member.key) }
    }
    let cells = rows.map { row in columns.map { key in row[key].map { Word($0.shown).text } ?? "-" } }
    let headings = columns.map { $0.uppercased() }
    let widths = columns.indices.map { column in
      ([headings] + cells).map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    let isNumber = columns.map { key in
      rows.allSatisfy { if case .integer? = $0[key] { true } else { $0[key] == nil } }
    }
    return ([headings] + cells).map { line in
      var text = ""
      for (column, cell) in line.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
        text += (column == 0 ? "" : "  ") + (isNumber[column] ? space + cell : cell + space)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }
}
