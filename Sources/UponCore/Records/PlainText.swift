/// Text that stands in JSON as it is: 0x20...0x7E but the quote and the backslash.
enum PlainText {
  private typealias Block = SIMD16<UInt8>

  /// Copies the bytes up to the first that is not plain and returns how many they are.
  ///
  /// A block is stored before it has been looked at, so up to `count` bytes are written. The last block overlaps the one
  /// before it: no byte of a longer text is looked at alone.
  @inline(__always)
  static func copy(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
    if count < 16 { return copyBytes(source, 0, count, to: target) }
    var position = 0
    if count >= 32 {
      while true {
        let first = marks(copyBlock(source, position, to: target))
        let second = marks(copyBlock(source, position &+ 16, to: target))
        if isMarked(first | second) { break }
        if position &+ 32 == count { return count }
        position = min(position &+ 32, count &- 32)
      }
    }
    while true {
      let found = marks(copyBlock(source, position, to: target))
      if isMarked(found) { return position &+ index(in: found) }
      if position &+ 16 == count { return count }
      position = min(position &+ 16, count &- 16)
    }
  }

  @inline(__always)
  private static func copyBlock(
    _ source: UnsafeRawPointer, _ position: Int, to target: UnsafeMutableRawPointer
  )
    -> Block
  {
    let block = source.loadUnaligned(fromByteOffset: position, as: Block.self)
    target.storeBytes(of: block, toByteOffset: position, as: Block.self)
    return block
  }

  /// Sets the high bit of each byte that is not plain.
  ///
  /// Comparisons of vectors would say it more plainly, but are compiled to a loop over their bytes.
  @inline(__always)
  private static func marks(_ block: Block) -> Block {
    block | (block &- 0x20) | (block &+ 1) | ((block ^ 0x22) &- 1) | ((block ^ 0x5C) &- 1)
  }

  private static let highs: UInt64 = 0x8080_8080_8080_8080

  @inline(__always)
  private static func isMarked(_ marks: Block) -> Bool {
    let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
    return (words[0] | words[1]) & highs != 0
  }

  @inline(__always)
  private static func index(in marks: Block) -> Int {
    let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
    let low = UInt64(littleEndian: words[0]) & highs
    let high = UInt64(littleEndian: words[1]) & highs
    return low != 0 ? low.trailingZeroBitCount / 8 : 8 &+ high.trailingZeroBitCount / 8
  }

  @inline(__always)
  private static func copyBytes(
    _ source: UnsafeRawPointer, _ start: Int, _ count: Int, to target: UnsafeMutableRawPointer
  ) -> Int {
    var position = start
    while position < count {
      let byte = source.load(fromByteOffset: position, as: UInt8.self)
      if byte &- 0x20 > 0x5E || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      target.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
      position &+= 1
    }
    return position
  }
}
