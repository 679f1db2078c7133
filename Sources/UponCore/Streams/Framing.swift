import Platform

/// How a stream of bytes becomes records: what ends one, and how long one may be.
///
/// Bytes are looked at where they lie. Whoever has them asks for the next record, takes it, and goes on behind it.
struct Framing: Sendable, Equatable {
  enum Form: Sendable, Equatable {
    case delimited(by: UInt8)
    /// Bytes as they came.
    case chunk
  }

  /// How much of a record as it was written something is.
  enum Extent: UInt8 {
    case whole
    /// A part of one that is too long, or that cannot be waited for.
    case part
    /// The end of one whose earlier parts have been taken.
    case lastPart
  }

  /// One record at the front of the bytes that were looked at.
  struct Record: Equatable {
    /// Bytes of data.
    var length: Int
    /// Bytes of the line end behind them.
    var lineEnd = 0
    var extent = Extent.whole

    @inline(__always)
    var total: Int { length + lineEnd }
  }

  /// How far bytes have been searched for a delimiter, counted from their front: none is searched twice.
  struct Search: Equatable {
    /// In front of it stands no delimiter.
    var position = 0
    /// Whether one stands there.
    var isFound = false
    /// Whether a part of the record at the front has been taken.
    var isInside = false

    /// What the rest of the record at the front is of it.
    @inline(__always)
    var rest: Extent { isInside ? .lastPart : .whole }

    /// Takes note that so many bytes are gone from the front: with a delimiter, or else as a part of their record.
    @inline(__always)
    mutating func consume(_ count: Int) {
      if count > position {
        self = Search()
      } else {
        position -= count
        isInside = true
      }
    }
  }

  /// What becomes of bytes without a delimiter behind them.
  enum Remainder {
    /// They wait for the rest of their record.
    case waits
    /// They are a record: nothing more comes.
    case record
    /// They are part of one, which cannot be waited for.
    case part
  }

  static let newline = UInt8(ascii: "\n")

  let form: Form
  /// The longest record in bytes.
  let longest: Int

  /// What stands behind each record.
  var recordEnd: [UInt8] {
    if case .delimited(let delimiter) = form { [delimiter] } else { [] }
  }

  /// The next record of `count` bytes at `base`; nil while it is incomplete. A CR in front of a newline belongs to the
  /// line end.
  @inline(__always)
  func next(
    in base: UnsafeRawPointer, _ count: Int, _ search: inout Search, _ remainder: Remainder
  ) -> Record? {
    if count == 0 { return nil }
    guard case .delimited(let delimiter) = form else { return Record(length: min(count, longest)) }
    if !search.isFound {
      guard let position = memchr(base + search.position, Int32(delimiter), count - search.position) else {
        search.position = count
        return undelimited(count, search, remainder)
      }
      search.position = UnsafeRawPointer(position) - base
      search.isFound = true
    }
    var record = Record(length: search.position, lineEnd: 1, extent: search.rest)
    if delimiter == Self.newline, record.length > 0,
      base.load(fromByteOffset: record.length - 1, as: UInt8.self) == UInt8(ascii: "\r")
    {
      record = Record(length: record.length - 1, lineEnd: 2, extent: record.extent)
    }
    return record.length > longest ? Record(length: longest, extent: .part) : record
  }

  @inline(never)
  private func undelimited(_ count: Int, _ search: Search, _ remainder: Remainder) -> Record? {
    // One byte more than the longest record may be the CR of a line end that is on its way.
    if count > longest + (remainder == .waits ? 1 : 0) { return Record(length: longest, extent: .part) }
    return switch remainder {
    case .waits: nil
    case .record: Record(length: count, extent: search.rest)
    case .part: Record(length: count, extent: .part)
    }
  }

  /// How many bytes stand up to the end of the first record, that of its line end among them; nil without a delimiter.
  func firstEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard case .delimited(let delimiter) = form, let base = bytes.baseAddress else { return nil }
    return memchr(base, Int32(delimiter), bytes.count).map { UnsafeRawPointer($0) - base + 1 }
  }

  /// How many of bytes that were only looked at are to be taken for at most `records` records: none while the first is
  /// incomplete and may still become whole.
  ///
  /// They stand behind so many of an unfinished record; `isAll` says whether no more can come while they stay.
  func wanted(
    of bytes: UnsafeRawBufferPointer, behind buffered: Int, atMost records: Int, isAll: () -> Bool
  ) -> Int {
    guard case .delimited = form else { return min(bytes.count, longest) }
    var end = 0
    var left = records
    while left > 0, let next = firstEnd(in: UnsafeRawBufferPointer(rebasing: bytes[end...])) {
      end += next
      left -= 1
    }
    if end > 0 { return end }
    return buffered + bytes.count > longest || isAll() ? min(bytes.count, longest + 2) : 0
  }
}

extension Event {
  /// Adds that the record is a part, and whether it is the last one.
  @inline(__always)
  func add(_ extent: Framing.Extent) {
    if extent != .whole { addPart(isLast: extent == .lastPart) }
  }

  @inline(never)
  private func addPart(isLast: Bool) {
    add("partial", .bool(true))
    if isLast { add("last", .bool(true)) }
  }
}

extension FieldKind {
  static let partial = FieldKind("partial", "bool", help: "true on the parts of a record longer than max=")
  static let last = FieldKind("last", "bool", help: "true on the last of them")
}
