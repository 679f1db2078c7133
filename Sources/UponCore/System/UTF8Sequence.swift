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
