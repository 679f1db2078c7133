import JSON
import UponCore

/// An answer for people: a line for each value in it, and a table for each list.
enum Table {
  static func text(of answer: JSONValue) -> String {
    guard case .object(let members) = answer else { return answer.shown + "\n" }
    var values: [[String]] = []
    var tables: [String] = []
    for member in members {
      if case .array(let rows) = member.value {
        if rows.isEmpty { continue }
        if case .object = rows[0] {
          tables.append(table(rows))
        } else {
          values.append([member.key, list(rows)])
        }
      } else {
        values += lines(member.key, member.value)
      }
    }
    return ((values.isEmpty ? [] : [layOut(values, toTheRight: [false, false])]) + tables).joined(
      separator: "\n")
  }

  /// A value behind its key, with the keys around it in front of that.
  private static func lines(_ key: String, _ value: JSONValue) -> [[String]] {
    guard case .object(let members) = value else { return [[key, cell(value)]] }
    return members.flatMap { lines("\(key).\($0.key)", $0.value) }
  }

  /// Values beside each other.
  private static func list(_ values: [JSONValue]) -> String {
    values.map(cell).joined(separator: ", ")
  }

  private static func table(_ rows: [JSONValue]) -> String {
    var columns: [String] = []
    for case .object(let members) in rows {
      for member in members where !columns.contains(member.key) { columns.append(member.key) }
    }
    let cells = rows.map { row in columns.map { row[$0].map(cell) ?? "-" } }
    let areNumbers = columns.map { key in
      rows.allSatisfy { row in
        switch row[key] {
        case .integer?, .real?, .null?, nil: true
        default: false
        }
      }
    }
    return layOut([columns.map { $0.uppercased() }] + cells, toTheRight: areNumbers)
  }

  private static func cell(_ value: JSONValue) -> String {
    if case .null = value { return "-" }
    return Word(value.shown).escaped
  }

  /// Columns as wide as what stands in them, two blanks apart.
  private static func layOut(_ lines: [[String]], toTheRight: [Bool]) -> String {
    let widths = toTheRight.indices.map { column in
      lines.map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    return lines.map { line in
      var text = ""
      for (column, cell) in line.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
        text += (column == 0 ? "" : "  ") + (toTheRight[column] ? space + cell : cell + space)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }
}
