import CJansson

/// A JSON value. Requests are written here; answers are read by jansson.
enum JSON {
  case object([Member])
  case array([JSON])
  case text(String)
  case integer(Int)
  case real(Double)
  case bool(Bool)
  case null

  struct Member {
    let key: String
    let value: JSON
  }
}

// MARK: Reading

extension JSON {
  /// Reads one text; nil when it is no JSON.
  init?(_ text: [UInt8]) {
    var error = json_error_t()
    let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL
    guard let root = text.withUnsafeBytes({ json_loadb($0.baseAddress, $0.count, Int(flags), &error) }) else {
      return nil
    }
    defer { json_decref(root) }
    self.init(root)
  }

  private init(_ value: UnsafeMutablePointer<json_t>) {
    switch value.pointee.type {
    case JSON_OBJECT:
      var members: [Member] = []
      var place = json_object_iter(value)
      while let member = place {
        let key = String(cString: json_object_iter_key(member))
        members.append(Member(key: key, value: JSON(json_object_iter_value(member))))
        place = json_object_iter_next(value, member)
      }
      self = .object(members)
    case JSON_ARRAY:
      self = .array((0..<json_array_size(value)).map { JSON(json_array_get(value, $0)) })
    case JSON_STRING:
      let bytes = UnsafeRawBufferPointer(start: json_string_value(value), count: json_string_length(value))
      self = .text(String(decoding: bytes, as: UTF8.self))
    case JSON_INTEGER: self = .integer(Int(json_integer_value(value)))
    case JSON_REAL: self = .real(json_real_value(value))
    case JSON_TRUE: self = .bool(true)
    case JSON_FALSE: self = .bool(false)
    default: self = .null
    }
  }

  subscript(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// An object without those of its members.
  func without(_ keys: String...) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { !keys.contains($0.key) })
  }
}

// MARK: Writing

extension JSON {
  /// The value as JSON in one line.
  var line: String {
    switch self {
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.key)):\($0.value.line)" }.joined(separator: ",") + "}"
    case .array(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
    case .text(let text): Self.quoted(text)
    default: shown
    }
  }

  /// A value as a table shows it: text without quotes.
  var shown: String {
    switch self {
    case .object, .array: line
    case .text(let text): text
    case .integer(let number): String(number)
    case .real(let number): String(number)
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
