// MARK: Reading

extension Interval {
  private static let second: Int64 = 1_000_000_000

  /// The units a duration is written in, by length.
  static let units: [(name: String, nanoseconds: Int64)] = [
    ("us", 1000), ("ms", 1_000_000), ("s", second), ("m", 60 * second), ("h", 3600 * second),
    ("d", 86_400 * second), ("w", 604_800 * second),
  ]

  /// Reads `250ms`, `1.5s`, `90`, `1h30m` or `inf`; nil if it is anything else.
  ///
  /// What a nanosecond cannot express is rounded up, what 64 bits cannot hold is for ever.
  public init?(_ bytes: [UInt8]) {
    if bytes.elementsEqual("inf".utf8) {
      self = .forever
      return
    }
    var rest = bytes[...]
    var total: Int64 = 0
    repeat {
      guard let number = DecimalNumber(&rest) else { return nil }
      let letters = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
      rest = rest.dropFirst(letters.count)
      let unit: Int64
      if letters.isEmpty {
        // Only a number that stands alone is in seconds: `1h30` could be minutes.
        guard number.end == bytes.endIndex, number.start == bytes.startIndex else { return nil }
        unit = Self.second
      } else {
        guard let known = Self.units.first(where: { letters.elementsEqual($0.name.utf8) }) else { return nil }
        unit = known.nanoseconds
      }
      let (sum, overflow) = total.addingReportingOverflow(number.times(unit, in: bytes))
      total = overflow ? .max : sum
    } while !rest.isEmpty
    self.init(nanoseconds: total)
  }

  /// The first unit that nobody knows in what is a duration otherwise; nil where something else is wrong.
  static func unknownUnit(_ bytes: [UInt8]) -> [UInt8]? {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard DecimalNumber(&rest) != nil else { return nil }
      let letters = rest.prefix {
        $0 > 0x7F || $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z")
      }
      if letters.isEmpty { return nil }
      if !units.contains(where: { letters.elementsEqual($0.name.utf8) }) { return Array(letters) }
      rest = rest.dropFirst(letters.count)
    }
    return nil
  }

  /// Reads the address of a source of time; zero only where it says so.
  init(_ address: [UInt8], zero: Bool, in word: Word) throws(UsageError) {
    do throws(ValueError) {
      self = try ValueForm.duration(address, zero: zero)
    } catch {
      throw UsageError(word, error.message)
    }
  }

  /// The one spelling of all that are equal: nanoseconds in decimal.
  var spelling: [UInt8] { Array(String(nanoseconds).utf8) }
}

/// A decimal number as written, kept exact until its unit is known.
private struct DecimalNumber {
  let start: Int
  let end: Int
  private var whole: Int64 = 0
  /// Where the digits behind the point are.
  private var fraction = 0..<0

  init?(_ rest: inout ArraySlice<UInt8>) {
    start = rest.startIndex
    let digits = rest.prefix { $0.isDigit }
    for digit in digits {
      let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int64(digit.digit))
      whole = overflow || carry ? .max : sum
    }
    rest = rest.dropFirst(digits.count)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = rest.startIndex..<(rest.firstIndex { !$0.isDigit } ?? rest.endIndex)
      if fraction.isEmpty { return nil }
      rest = rest.dropFirst(fraction.count)
    } else if digits.isEmpty {
      return nil
    }
    end = rest.startIndex
  }

  /// The number, which stands in `bytes`, times a unit, rounded up, clamped.
  func times(_ unit: Int64, in bytes: [UInt8]) -> Int64 {
    // From the last digit to the first; rounding up at each step rounds the sum up once.
    var part: Int64 = 0
    for index in fraction.reversed() {
      part = (Int64(bytes[index].digit) * unit + part + 9) / 10
    }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
    let (sum, carry) = product.addingReportingOverflow(part)
    return overflow || carry ? .max : sum
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  /// The value of an ASCII digit.
  fileprivate var digit: UInt8 { self - UInt8(ascii: "0") }
}

// MARK: Writing

extension Interval: CustomStringConvertible {
  /// The span as messages show it, `1h30m` or `200ms`; it reads back as the same value.
  public var description: String {
    if self == .forever { return "inf" }
    if nanoseconds == 0 { return "0s" }
    if let week = Self.units.last, nanoseconds % week.nanoseconds == 0 {
      return "\(nanoseconds / week.nanoseconds)\(week.name)"
    }
    var text = ""
    var rest = nanoseconds
    for unit in Self.units[3...5].reversed() where rest >= unit.nanoseconds {
      text += "\(rest / unit.nanoseconds)\(unit.name)"
      rest %= unit.nanoseconds
    }
    if rest > 0 {
      let unit = Self.units[...2].last { rest >= $0.nanoseconds } ?? Self.units[0]
      text += Self.decimal(rest, of: unit.nanoseconds) + unit.name
    }
    return text
  }

  /// A quotient by a power of ten, written exactly.
  private static func decimal(_ value: Int64, of unit: Int64) -> String {
    var text = String(value / unit)
    let remainder = value % unit
    if remainder > 0 {
      // The leading 1 keeps the zeros behind the point.
      var digits = Array(String(unit + remainder).utf8.dropFirst())
      while digits.last == UInt8(ascii: "0") { digits.removeLast() }
      text += "." + String(decoding: digits, as: UTF8.self)
    }
    return text
  }
}
