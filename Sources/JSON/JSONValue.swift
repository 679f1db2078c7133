/// A JSON value (RFC 8259), with the members of objects in the order they were written.
public enum JSONValue {
  case object([Member])
  case array([JSONValue])
  case text(String)
  /// A number that was written without fraction and exponent.
  case integer(Int)
  case real(Double)
  case bool(Bool)
  case null

  /// One key of an object with what stands behind it.
  public struct Member {
    public let key: String
    public let value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// The value of a key, nil where there is none or the value is no object.
  public subscript(_ key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  /// The members of an object.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The bytes of a text, in UTF-8.
  public var text: [UInt8]? {
    if case .text(let text) = self { Array(text.utf8) } else { nil }
  }

  public var integer: Int? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }

  /// An object without those of its members.
  public func without(_ keys: String...) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { !keys.contains($0.key) })
  }
}
