/// A reference that is not counted, to an object that outlives whoever holds it.
///
/// `unowned(unsafe)` does not count while it is stored, but does while a method of the object runs. In the path of an
/// event those counts would cost more than writing its record.
struct Uncounted<Object: AnyObject> {
  private let reference: Unmanaged<Object>

  init(_ object: Object) {
    reference = .passUnretained(object)
  }

  /// Runs `body` with the object, without counting.
  @inline(__always)
  func use<Result>(_ body: (Object) -> Result) -> Result {
    reference._withUnsafeGuaranteedRef(body)
  }
}
