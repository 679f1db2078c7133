import CSystem

extension ByteQueue {
  /// Appends bytes as the inside of a JSON string and returns whether the text is exact.
  ///
  /// Bytes that are not UTF-8 become U+FFFD, one for each maximal part of a sequence, as the Unicode standard
  /// (section 3.9) recommends. Control characters are escaped, those of C1 and DEL too: a record may meet a terminal.
  @inline(__always)
  mutating func append(jsonText bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    let clean = Self.plainPrefix(base, 0, bytes.count)
    append(UnsafeRawBufferPointer(start: base, count: clean))
    if clean == bytes.count { return true }
    return appendSpecial(base, from: clean, to: bytes.count)
  }

  /// The end of the run of bytes from `start` that stand in JSON as they are.
  ///
  /// Eight bytes are looked at in one word, all in 0x20...0x7E but the quote and the backslash; the lowest byte that is
  /// marked is always one that is meant, only those above it may be marked by a borrow.
  @inline(__always)
  private static func plainPrefix(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position &+ 8 <= end {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      let delete = word ^ (ones &* 0x7F)
      let special =
        (word | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones) | (delete &- ones)) & highs
      if special != 0 { return position &+ special.trailingZeroBitCount / 8 }
      position &+= 8
    }
    while position < end {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      if byte &- 0x20 >= 0x5F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      position &+= 1
    }
    return position
  }

  @inline(never)
  private mutating func appendSpecial(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Bool {
    var exact = true
    var position = start
    while position < end {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      if byte < 0x80 {
        append(escapeOf: byte)
        position += 1
      } else {
        let (length, valid) = UTF8Sequence.length(base, position, end)
        if !valid {
          exact = false
          append("\u{FFFD}" as StaticString)
        } else if length == 2, byte == 0xC2, base.load(fromByteOffset: position + 1, as: UInt8.self) < 0xA0 {
          append(unicode: base.load(fromByteOffset: position + 1, as: UInt8.self))
        } else {
          append(UnsafeRawBufferPointer(start: base + position, count: length))
        }
        position += length
      }
      let plain = Self.plainPrefix(base, position, end)
      append(UnsafeRawBufferPointer(start: base + position, count: plain - position))
      position = plain
    }
    return exact
  }

  private mutating func append(escapeOf byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"" as StaticString)
    case UInt8(ascii: "\\"): append("\\\\" as StaticString)
    case 0x08: append("\\b" as StaticString)
    case 0x09: append("\\t" as StaticString)
    case 0x0A: append("\\n" as StaticString)
    case 0x0C: append("\\f" as StaticString)
    case 0x0D: append("\\r" as StaticString)
    default: append(unicode: byte)
    }
  }

  private mutating func append(unicode byte: UInt8) {
    append("\\u00" as StaticString)
    append(hexDigit: byte >> 4)
    append(hexDigit: byte & 15)
  }

  private mutating func append(hexDigit value: UInt8) {
    append(value < 10 ? value + 48 : value + 87)
  }

  /// Appends bytes in base64 (RFC 4648, section 4).
  mutating func append(base64 bytes: UnsafeRawBufferPointer) {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let digits = alphabet.utf8Start
    let size = (bytes.count + 2) / 3 * 4
    let place = room(for: size).assumingMemoryBound(to: UInt8.self)
    var written = 0
    var position = 0
    while position < bytes.count {
      let left = bytes.count - position
      let second = left > 1 ? bytes[position + 1] : 0
      let third = left > 2 ? bytes[position + 2] : 0
      place[written] = digits[Int(bytes[position] >> 2)]
      place[written + 1] = digits[Int((bytes[position] & 3) << 4 | second >> 4)]
      place[written + 2] = left > 1 ? digits[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "=")
      place[written + 3] = left > 2 ? digits[Int(third & 63)] : UInt8(ascii: "=")
      written += 4
      position += 3
    }
    commit(size)
  }
}

/// The shape of UTF-8 sequences (Unicode, table 3-7).
enum UTF8Sequence {
  /// The length of the sequence that begins at `position` with a byte of 0x80 or more, or of its maximal invalid part.
  static func length(_ base: UnsafeRawPointer, _ position: Int, _ end: Int) -> (length: Int, valid: Bool) {
    let lead = base.load(fromByteOffset: position, as: UInt8.self)
    let count: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: count = 2
    case 0xE0: (count, second) = (3, 0xA0...0xBF)
    case 0xED: (count, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: count = 3
    case 0xF0: (count, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: count = 4
    case 0xF4: (count, second) = (4, 0x80...0x8F)
    default: return (1, false)
    }
    for index in 1..<count {
      guard position + index < end else { return (index, false) }
      let byte = base.load(fromByteOffset: position + index, as: UInt8.self)
      guard index == 1 ? second.contains(byte) : (0x80...0xBF).contains(byte) else { return (index, false) }
    }
    return (count, true)
  }
}
