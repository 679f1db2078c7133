import Platform

extension ByteQueue {
  /// Appends bytes as the inside of a JSON string and returns whether the text is exact.
  ///
  /// Bytes that are not UTF-8 become U+FFFD, one for each maximal part of a sequence, as the Unicode standard
  /// (section 3.9) recommends. Control characters are escaped, those of C1 and DEL too: a record may meet a terminal.
  /// So are those for the direction of text, which would show it in another order, and the line ends U+2028 and U+2029,
  /// which JavaScript once did not allow in a text.
  @inline(__always)
  mutating func append(jsonText bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    let plain = PlainText.copy(base, bytes.count, to: room(for: bytes.count))
    commit(plain)
    if plain == bytes.count { return true }
    return appendSpecial(base, from: plain, to: bytes.count)
  }

  /// Room is made for so many bytes of text at a time.
  private static let round = 4096

  @inline(never)
  private mutating func appendSpecial(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Bool {
    var exact = true
    var position = start
    while position < end {
      let roundEnd = min(position + Self.round, end)
      // The longest that becomes of one byte is an escape of six.
      let begin = room(for: (roundEnd - position) * 6 + 16)
      var target = begin
      while position < roundEnd {
        let byte = base.load(fromByteOffset: position, as: UInt8.self)
        if byte < 0x80 {
          target = Self.put(escapeOf: byte, at: target)
          position &+= 1
        } else {
          let (length, isValid) = UTF8Sequence.length(base, position, end)
          if isValid {
            target = Self.put(sequence: base + position, length, at: target)
          } else {
            exact = false
            target = Self.put("\u{FFFD}", at: target)
          }
          position &+= length
        }
        if position < roundEnd {
          let plain = PlainText.copy(base + position, roundEnd &- position, to: target)
          position &+= plain
          target += plain
        }
      }
      commit(target - begin)
    }
    return exact
  }

  @inline(__always)
  private static func put(_ text: StaticString, at target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
  {
    memcpy(target, text.utf8Start, text.utf8CodeUnitCount)
    return target + text.utf8CodeUnitCount
  }

  /// Copies a valid sequence; control characters are escaped.
  @inline(__always)
  private static func put(sequence: UnsafeRawPointer, _ length: Int, at target: UnsafeMutableRawPointer)
    -> UnsafeMutableRawPointer
  {
    if length == 2 {
      let pair = sequence.loadUnaligned(as: UInt16.self)
      let second = UInt8(truncatingIfNeeded: UInt16(bigEndian: pair))
      if UInt16(bigEndian: pair) < 0xC2A0 { return put(unicode: UInt16(second), at: target) }
      if UInt16(bigEndian: pair) == 0xD89C { return put(unicode: 0x061C, at: target) }
      target.storeBytes(of: pair, as: UInt16.self)
    } else if length == 3, UInt16(bigEndian: sequence.loadUnaligned(as: UInt16.self)) & 0xFFFE == 0xE280,
      let control = hiddenControl(sequence)
    {
      return put(unicode: control, at: target)
    } else {
      for index in 0..<length {
        target.storeBytes(
          of: sequence.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
      }
    }
    return target + length
  }

  /// A control character of three bytes: U+200E, U+200F, U+2028...U+202E and U+2066...U+2069.
  @inline(never)
  private static func hiddenControl(_ sequence: UnsafeRawPointer) -> UInt16? {
    let rest = UInt16(bigEndian: sequence.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
    switch rest {
    case 0x808E...0x808F, 0x80A8...0x80AE, 0x81A6...0x81A9:
      return 0x2000 | (rest & 0x0100) >> 2 | rest & 0x3F
    default: return nil
    }
  }

  private static func put(escapeOf byte: UInt8, at target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
  {
    let letter: UInt8
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
    case 0x08: letter = UInt8(ascii: "b")
    case 0x09: letter = UInt8(ascii: "t")
    case 0x0A: letter = UInt8(ascii: "n")
    case 0x0C: letter = UInt8(ascii: "f")
    case 0x0D: letter = UInt8(ascii: "r")
    default: return put(unicode: UInt16(byte), at: target)
    }
    target.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
    target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
    return target + 2
  }

  private static func put(unicode unit: UInt16, at target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
  {
    let digits = put("\\u", at: target)
    for index in 0..<4 {
      let value = UInt8(truncatingIfNeeded: unit >> (12 - 4 * UInt16(index))) & 15
      digits.storeBytes(of: value < 10 ? value + 48 : value + 87, toByteOffset: index, as: UInt8.self)
    }
    return digits + 4
  }

  /// Appends bytes in base64 (RFC 4648, section 4).
  mutating func append(base64 bytes: UnsafeRawBufferPointer) {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let digits = alphabet.utf8Start
    let size = (bytes.count + 2) / 3 * 4
    let target = room(for: size).assumingMemoryBound(to: UInt8.self)
    var written = 0
    var position = 0
    while position < bytes.count {
      let left = bytes.count - position
      let second = left > 1 ? bytes[position + 1] : 0
      let third = left > 2 ? bytes[position + 2] : 0
      target[written] = digits[Int(bytes[position] >> 2)]
      target[written + 1] = digits[Int((bytes[position] & 3) << 4 | second >> 4)]
      target[written + 2] = left > 1 ? digits[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "=")
      target[written + 3] = left > 2 ? digits[Int(third & 63)] : UInt8(ascii: "=")
      written += 4
      position += 3
    }
    commit(size)
  }
}
