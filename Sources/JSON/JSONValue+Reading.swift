import CJansson

extension JSONValue {
  /// Why a text is refused.
  public struct Malformed: Error {
    public let reason: String
  }

  /// The deepest that arrays and objects may be nested.
  private static let depth = 64

  /// Reads one text; duplicate keys, bad UTF-8 and what is nested deep are refused, and so is NUL unless it is allowed.
  ///
  /// The corresponding C function is `json_loadb`.
  public init(reading text: UnsafeRawBufferPointer, allowsNUL: Bool = false) throws(Malformed) {
    // jansson has a limit of its own, of 2,048, and calls itself for every level.
    if Self.isDeep(text) { throw Malformed(reason: "nested more than \(Self.depth) deep") }
    var error = json_error_t()
    let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | (allowsNUL ? JSON_ALLOW_NUL : 0)
    guard let root = json_loadb(text.baseAddress, text.count, Int(flags), &error) else {
      throw Malformed(reason: "no JSON: \(Self.text(of: error))")
    }
    defer { json_decref(root) }
    self.init(root)
  }

  private init(_ value: UnsafeMutablePointer<json_t>) {
    switch value.pointee.type {
    case JSON_OBJECT:
      var members: [Member] = []
      var member = json_object_iter(value)
      while let current = member {
        let key = String(cString: json_object_iter_key(current))
        members.append(Member(key: key, value: JSONValue(json_object_iter_value(current))))
        member = json_object_iter_next(value, current)
      }
      self = .object(members)
    case JSON_ARRAY:
      self = .array((0..<json_array_size(value)).map { JSONValue(json_array_get(value, $0)) })
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

  private static func text(of error: json_error_t) -> String {
    var error = error
    let text = withUnsafeBytes(of: &error.text) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return error.column > 0 ? "column \(error.column): \(text)" : text
  }

  private static func isDeep(_ text: UnsafeRawBufferPointer) -> Bool {
    var level = 0
    var isText = false
    var isEscaped = false
    for byte in text {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        level += 1
        if level > depth { return true }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): level -= 1
      default: break
      }
    }
    return false
  }
}
