/// The name of a field: a literal, or bytes of somebody else that live as long as the event has the field.
struct FieldName: ExpressibleByStringLiteral {
  let utf8Start: UnsafePointer<UInt8>
  let utf8CodeUnitCount: Int
  /// Whether the bytes live for ever.
  let isLiteral: Bool

  @inline(__always)
  init(stringLiteral text: StaticString) {
    utf8Start = text.utf8Start
    utf8CodeUnitCount = text.utf8CodeUnitCount
    isLiteral = true
  }

  /// Borrows the bytes.
  init(borrowing bytes: UnsafeBufferPointer<UInt8>) {
    utf8Start = bytes.baseAddress!
    utf8CodeUnitCount = bytes.count
    isLiteral = false
  }

  /// Whether both are the same text, wherever it stands.
  func isSame(as other: FieldName) -> Bool {
    bytes.elementsEqual(other.bytes)
  }

  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}
