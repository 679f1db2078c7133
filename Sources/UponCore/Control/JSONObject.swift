import CJansson
import Platform

/// A JSON object that jansson has read: duplicate keys, bad UTF-8 and NUL are refused, and so is what is nested deep.
final class JSONObject {
  /// One value in it, valid as long as the object.
  struct Value {
    fileprivate let json: UnsafeMutablePointer<json_t>
  }

  /// Why a text is no object.
  struct Malformed: Error {
    let reason: String
  }

  /// A request needs three levels; `id` may be anything.
  private static let depth = 64

  private let root: UnsafeMutablePointer<json_t>

  init(_ text: UnsafeRawBufferPointer) throws(Malformed) {
    if Self.isDeep(text) { throw Malformed(reason: "nested more than \(Self.depth) deep") }
    var error = json_error_t()
    guard
      let root = json_loadb(
        text.baseAddress, text.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY), &error)
    else {
      throw Malformed(reason: "no JSON: \(Self.text(of: error))")
    }
    self.root = root
    if root.pointee.type != JSON_OBJECT { throw Malformed(reason: "expected one JSON object a line") }
  }

  deinit {
    json_decref(root)
  }

  /// The members, in the order they were written.
  var members: [(key: String, value: Value)] {
    var members: [(key: String, value: Value)] = []
    var place = json_object_iter(root)
    while let member = place {
      members.append(
        (String(cString: json_object_iter_key(member)), Value(json: json_object_iter_value(member))))
      place = json_object_iter_next(root, member)
    }
    return members
  }

  private static func text(of error: json_error_t) -> String {
    var error = error
    let text = withUnsafeBytes(of: &error.text) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return error.column > 0 ? "column \(error.column): \(text)" : text
  }

  /// jansson has a limit of its own, of 2,048, and calls itself for every level.
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

extension JSONObject.Value {
  private var type: json_type { json.pointee.type }

  /// The bytes of a string.
  var text: [UInt8]? {
    guard type == JSON_STRING, let start = json_string_value(json) else { return nil }
    return Array(UnsafeRawBufferPointer(start: start, count: json_string_length(json)))
  }

  /// A number that was written without fraction and exponent.
  var integer: Int? {
    type == JSON_INTEGER ? Int(json_integer_value(json)) : nil
  }

  var bool: Bool? {
    type == JSON_TRUE ? true : type == JSON_FALSE ? false : nil
  }

  /// The elements of a list.
  var elements: [JSONObject.Value]? {
    guard type == JSON_ARRAY else { return nil }
    return (0..<json_array_size(json)).compactMap { place in
      json_array_get(json, place).map { JSONObject.Value(json: $0) }
    }
  }
}

// MARK: Writing

extension ByteQueue {
  /// Appends a value as JSON, in one line.
  mutating func append(json value: JSONObject.Value) {
    append(value.json)
  }

  private mutating func append(_ json: UnsafeMutablePointer<json_t>) {
    switch json.pointee.type {
    case JSON_OBJECT: appendObject(json)
    case JSON_ARRAY:
      append(UInt8(ascii: "["))
      for place in 0..<json_array_size(json) {
        if place > 0 { append(UInt8(ascii: ",")) }
        if let element = json_array_get(json, place) { append(element) }
      }
      append(UInt8(ascii: "]"))
    case JSON_STRING:
      append(
        jsonString: UnsafeRawBufferPointer(start: json_string_value(json), count: json_string_length(json)))
    case JSON_INTEGER: append(decimal: Int64(json_integer_value(json)))
    // The shortest digits that give the same number again.
    case JSON_REAL: append(json_real_value(json).description)
    case JSON_TRUE: append("true" as StaticString)
    case JSON_FALSE: append("false" as StaticString)
    default: append("null" as StaticString)
    }
  }

  private mutating func appendObject(_ json: UnsafeMutablePointer<json_t>) {
    append(UInt8(ascii: "{"))
    var place = json_object_iter(json)
    var isFirst = true
    while let member = place {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      let key = json_object_iter_key(member)
      append(jsonString: UnsafeRawBufferPointer(start: key, count: key.map { strlen($0) } ?? 0))
      append(UInt8(ascii: ":"))
      if let value = json_object_iter_value(member) { append(value) }
      place = json_object_iter_next(json, member)
    }
    append(UInt8(ascii: "}"))
  }

  /// Appends a text with its quotes.
  mutating func append(jsonString bytes: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    _ = append(jsonText: bytes)
    append(UInt8(ascii: "\""))
  }

  mutating func append(jsonString text: String) {
    var text = text
    text.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
  }

  mutating func append(jsonString bytes: [UInt8]) {
    bytes.withUnsafeBytes { append(jsonString: $0) }
  }
}
