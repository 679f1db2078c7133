import EventLoop
import FileEvents
import Platform

/// Where a log was read to, kept in a file over restarts.
///
/// The file is locked as long as the object lives, written beside its place and moved there whole. One that is damaged or
/// not upon's is kept as `PATH.bad`. The corresponding C functions are `flock`, `fsync` and `rename`.
final class LogState {
  private static let title = "upon tail state 1"

  private let path: [UInt8]
  private let folder: [UInt8]
  private var number: Int32
  /// What was read; empty where there was nothing.
  private(set) var positions: [LogPosition] = []
  /// Why what was there is of no use, where that is so.
  private(set) var damage: String?
  private var written: [UInt8] = []

  init(_ path: [UInt8]) throws(SourceFailure) {
    self.path = path
    folder = Array(path[..<((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
    number = -1
    try lock()
    try checkFolder()
    let text = read()
    guard !text.isEmpty else { return }
    if let found = Self.parse(text) {
      positions = found
      written = text
    } else {
      let bad = path + Array(".bad".utf8)
      damage = "\(Word(path).text) is damaged or no state of upon; it is kept as \(Word(bad).text)"
      let copied = write(text, to: bad)
      if copied != 0 { throw SourceFailure(Word(bad).text, errno: copied) }
    }
  }

  deinit {
    if number >= 0 { close(number) }
  }

  /// Opens the file and locks it; another may have moved a new one there meanwhile.
  private func lock() throws(SourceFailure) {
    while true {
      let opened = upon_open(path.cString, O_RDWR | O_CREAT | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard opened >= 0 else { throw SourceFailure("state=\(Word(path).text)", errno: errno) }
      guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
        close(opened)
        throw SourceFailure("state=\(Word(path).text): another upon has it")
      }
      var (mine, there) = (stat(), stat())
      if fstat(opened, &mine) == 0, lstat(path.cString, &there) == 0, mine.st_ino == there.st_ino,
        mine.st_dev == there.st_dev
      {
        number = opened
        return
      }
      close(opened)
    }
  }

  /// A state that cannot be written later must be told now.
  private func checkFolder() throws(SourceFailure) {
    let name = folder.isEmpty ? [UInt8(ascii: ".")] : folder
    guard access(name.cString, W_OK | X_OK) == 0 else {
      throw SourceFailure("state=\(Word(path).text)", errno: errno)
    }
  }

  private func read() -> [UInt8] {
    var text = ByteQueue(capacity: 1 << 12)
    while true {
      let count = pread(number, text.room(for: 1 << 12), 1 << 12, off_t(text.count))
      if count <= 0 { return Array(text.bytes) }
      text.commit(count)
    }
  }

  /// Writes the positions down if they are not there already; returns an errno, 0 when all is well.
  func write(_ positions: [LogPosition]) -> Int32 {
    let text = Self.text(of: positions)
    if text == written { return 0 }
    let code = write(text, to: path)
    if code == 0 { written = text }
    return code
  }

  /// Writes a file whole, in the place of what is there.
  private func write(_ text: [UInt8], to path: [UInt8]) -> Int32 {
    let beside = path + Array(".tmp".utf8)
    let fresh = upon_open(beside.cString, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard fresh >= 0 else { return errno }
    // It is locked before it can be found.
    let isWhole =
      flock(fresh, LOCK_EX | LOCK_NB) == 0
      && text.withUnsafeBytes { Platform.write(fresh, $0.baseAddress, $0.count) } == text.count
      && fsync(fresh) == 0 && rename(beside.cString, path.cString) == 0
    guard isWhole else {
      let code = errno
      unlink(beside.cString)
      close(fresh)
      return code == 0 ? EIO : code
    }
    syncFolder()
    if path == self.path {
      close(number)
      number = fresh
    } else {
      close(fresh)
    }
    return 0
  }

  private func syncFolder() {
    let name = folder.isEmpty ? [UInt8(ascii: ".")] : folder
    let directory = upon_open(name.cString, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  // MARK: Text

  private static func text(of positions: [LogPosition]) -> [UInt8] {
    var text = title + "\n"
    for position in positions {
      let name = position.name.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      text += "\(position.inode) \(position.born) \(position.offset) \(position.startLength) "
      text += "\(position.startHash) \(position.tailLength) \(position.tailHash) \(name)\n"
    }
    let body = Array(text.utf8)
    return body + Array("end \(body.withUnsafeBytes { hash($0) })\n".utf8)
  }

  private static func parse(_ text: [UInt8]) -> [LogPosition]? {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count >= 3, lines.removeLast().isEmpty, let end = lines.popLast() else { return nil }
    let body = text[..<end.startIndex]
    guard end.elementsEqual("end \(body.withUnsafeBytes { hash($0) })".utf8),
      lines.removeFirst().elementsEqual(title.utf8)
    else { return nil }
    var positions: [LogPosition] = []
    for line in lines {
      let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 8, let position = position(words) else { return nil }
      positions.append(position)
    }
    return positions
  }

  private static func position(_ words: [String]) -> LogPosition? {
    guard let inode = UInt64(words[0]), let born = Int64(words[1]), let offset = UInt64(words[2]),
      let startLength = Int(words[3]), let startHash = UInt64(words[4]), let tailLength = Int(words[5]),
      let tailHash = UInt64(words[6]), 0...1024 ~= startLength, 0...64 ~= tailLength,
      UInt64(tailLength) <= offset
    else { return nil }
    let digits = Array(words[7].utf8)
    var name: [UInt8] = []
    for digit in stride(from: 0, to: digits.count - 1, by: 2) {
      guard let byte = UInt8(String(decoding: digits[digit...(digit + 1)], as: UTF8.self), radix: 16) else {
        return nil
      }
      name.append(byte)
    }
    return LogPosition(
      inode: inode, born: born, name: name, offset: offset, startLength: startLength, startHash: startHash,
      tailLength: tailLength, tailHash: tailHash)
  }

  /// FNV-1a.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}

extension [UInt8] {
  /// The bytes with the NUL behind them that C wants.
  fileprivate var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
