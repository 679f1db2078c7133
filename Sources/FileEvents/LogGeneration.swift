import Platform

/// One file that has stood, or stands, under the name of a log, open for reading.
///
/// Whoever reads it tells by `done(to:)` how far what it was given is done.
public final class LogGeneration {
  let file: OpenFile
  let inode: UInt64
  let device: UInt64
  let born: Int64
  /// The name it has now, in its directory; nil when it has none there any more.
  var name: [UInt8]?
  var lastName: [UInt8]
  /// Where the next read begins.
  public internal(set) var readOffset: UInt64
  /// The end of the last record that is done.
  public private(set) var doneOffset: UInt64
  /// The bytes before `readOffset`, at most 64: what is there must still be the same, or the file was cut.
  var tail: [UInt8] = []
  /// When it was last read from, in nanoseconds of the monotonic clock.
  var lastRead: Int64
  /// The watch of the file itself, or -1.
  var watch: Int32 = -1
  var tag: Int32
  /// Whether a newer file has taken the name.
  var isOld = false
  var isUnlinked = false

  init(file: OpenFile, facts: FileFacts, name: [UInt8], tag: Int32, offset: UInt64, now: Int64) {
    self.file = file
    inode = facts.raw.inode
    device = facts.raw.device
    born = facts.raw.born
    self.name = name
    lastName = name
    self.tag = tag
    readOffset = offset
    doneOffset = offset
    lastRead = now
    tail = read(at: offset - min(offset, 64), count: Int(min(offset, 64)))
  }

  /// The name of the file as it is now, or was last.
  public var fileName: [UInt8] { name ?? lastName }

  /// Says that everything before `offset` is done.
  public func done(to offset: UInt64) { doneOffset = min(max(doneOffset, offset), readOffset) }

  /// What can be written down to go on from what is done.
  public func position() -> LogPosition {
    let start = read(at: 0, count: Int(min(doneOffset, UInt64(LogPosition.longestStart))))
    let length = Int(min(doneOffset, UInt64(LogPosition.longestTail)))
    let end = read(at: doneOffset - UInt64(length), count: length)
    return LogPosition(
      inode: inode, born: born, name: fileName, offset: doneOffset, startLength: start.count,
      startHash: start.withUnsafeBytes { LogPosition.hash($0) }, tailLength: end.count,
      tailHash: end.withUnsafeBytes { LogPosition.hash($0) })
  }

  /// Whether the file is the one that a position is of.
  func isFile(of position: LogPosition) -> Bool {
    guard position.inode == inode && (position.born == 0 || born == 0 || position.born == born) else {
      return false
    }
    let start = read(at: 0, count: position.startLength)
    let end = read(at: position.offset - UInt64(position.tailLength), count: position.tailLength)
    return start.count == position.startLength && end.count == position.tailLength
      && start.withUnsafeBytes { LogPosition.hash($0) } == position.startHash
      && end.withUnsafeBytes { LogPosition.hash($0) } == position.tailHash
  }

  /// Goes to a place in the file without reading what is before it.
  func seek(_ offset: UInt64) {
    readOffset = offset
    doneOffset = offset
    tail = read(at: offset - min(offset, 64), count: Int(min(offset, 64)))
  }

  func read(at offset: UInt64, count: Int) -> [UInt8] {
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      length = max(pread(file.number, buffer.baseAddress, count, Int(offset)), 0)
    }
  }

  /// Reads what comes next behind the bytes before it, which tell whether the file was cut in the meantime.
  enum Reading {
    case bytes(Range<Int>)
    case nothing
    case cut
    case failed(Int32)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    let count = pread(file.number, buffer.baseAddress, buffer.count, Int(readOffset) - tail.count)
    guard count >= 0 else { return .failed(errno) }
    guard count >= tail.count, tail.isEmpty || memcmp(buffer.baseAddress!, tail, tail.count) == 0 else {
      return .cut
    }
    guard count > tail.count else { return .nothing }
    let bytes = tail.count..<count
    readOffset += UInt64(bytes.count)
    tail = Array(buffer[max(count - LogPosition.longestTail, 0)..<count])
    return .bytes(bytes)
  }
}
