import EventLoop
import Platform

/// A file whose first line is the number of a process, as daemons leave it.
enum PidFile {
  private static let longest = 64

  /// Returns the number; nil where there is no such file, because its process has ended.
  ///
  /// Throws when the file holds no number, and when it cannot be read.
  static func read(_ path: [UInt8]) throws(SourceFailure) -> Int32? {
    let name = path.map { CChar(bitPattern: $0) } + [0]
    // A fifo would wait for its writer.
    let opened = upon_open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard opened >= 0 else {
      let code = errno
      if code == ENOENT { return nil }
      throw SourceFailure(Word(path).text, errno: code)
    }
    let file = Descriptor(owning: opened)
    var text = [UInt8](repeating: 0, count: longest)
    let count = Platform.read(file.number, &text, text.count)
    if count < 0 { throw SourceFailure(Word(path).text, errno: errno) }
    let line = text[..<count].prefix { $0 != UInt8(ascii: "\n") }
    let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || 9...13 ~= byte }
    let word = line.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    guard let number = Int(decimal: ArraySlice(word)), 1...Int(Int32.max) ~= number else {
      throw SourceFailure(
        "\(Word(path).text) \(count == 0 ? "is empty" : "does not begin with the number of a process")")
    }
    return Int32(number)
  }
}
