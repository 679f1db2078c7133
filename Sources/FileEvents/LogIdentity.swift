/// Tells a log file from any other, also after a restart, and says how far it has been done.
///
/// A value to be written down and read again by whoever owns the state. A file is the same when inode and birth are, and
/// what is in it at its start and before the offset is still the same.
public struct LogPosition: Equatable, Sendable {
  /// `st_ino`, which the next file may get once this one is gone.
  public var inode: UInt64
  /// When the file was born, in nanoseconds since 1970; 0 where the file system does not keep it.
  public var born: Int64
  /// The name that it was seen under last.
  public var name: [UInt8]
  /// The end of the last record that is done.
  public var offset: UInt64
  /// How many bytes from the start of the file `startHash` is of: at most 1,024.
  public var startLength: Int
  public var startHash: UInt64
  /// How many bytes before the offset `tailHash` is of: at most 64.
  public var tailLength: Int
  public var tailHash: UInt64

  public init(
    inode: UInt64, born: Int64, name: [UInt8], offset: UInt64, startLength: Int, startHash: UInt64,
    tailLength: Int,
    tailHash: UInt64
  ) {
    self.inode = inode
    self.born = born
    self.name = name
    self.offset = offset
    self.startLength = startLength
    self.startHash = startHash
    self.tailLength = tailLength
    self.tailHash = tailHash
  }

  static let longestStart = 1_024
  static let longestTail = 64

  /// FNV-1a of 64 bits: it is written to disk, so it may not depend on the process.
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}
