extension JSONValue {
  /// The value as JSON in one line.
  public var line: String {
    switch self {
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.key)):\($0.value.line)" }.joined(separator: ",") + "}"
    case .array(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
    case .text(let text): Self.quoted(text)
    default: shown
    }
  }

  /// The value as a table shows it: text without quotes.
  public var shown: String {
    switch self {
    case .object, .array: line
    case .text(let text): text
    case .integer(let number): String(number)
    // The shortest digits that give the same number again.
    case .real(let number): number.description
    case .bool(let value): String(value)
    case .null: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
