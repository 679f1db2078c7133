import Platform

/// Writes paths into memory that is used again.
final class PathText {
  private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 1)
  private(set) var count = 0

  var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[..<count]) }

  var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: CChar.self)
  }

  /// Keeps so many bytes.
  func truncate(_ count: Int) { self.count = count }

  func append(_ part: UnsafeRawBufferPointer) {
    reserve(count + part.count)
    if let start = part.baseAddress { memcpy(bytes.baseAddress! + count, start, part.count) }
    count += part.count
    bytes[count] = 0
  }

  func append(_ byte: UInt8) {
    reserve(count + 1)
    bytes[count] = byte
    count += 1
    bytes[count] = 0
  }

  /// Makes the text so long, to be filled by `put`.
  func resize(_ count: Int) {
    reserve(count)
    self.count = count
    bytes[count] = 0
  }

  func put(_ part: UnsafeRawBufferPointer, at offset: Int) {
    if let start = part.baseAddress { memcpy(bytes.baseAddress! + offset, start, part.count) }
  }

  func put(_ byte: UInt8, at offset: Int) { bytes[offset] = byte }

  private func reserve(_ wanted: Int) {
    guard wanted + 1 > bytes.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted * 2 + 1, alignment: 1)
    memcpy(larger.baseAddress!, bytes.baseAddress!, count)
    bytes.deallocate()
    bytes = larger
  }

  deinit { bytes.deallocate() }
}
