/// The words of a file of rules, in the quoting of the shell.
///
/// `'…'` stands as it is; in `"…"` a backslash stands for what follows it where that is `$`, a backquote, `"`, `\` or a
/// line end; outside of both it does so for every byte. Nothing is substituted. Words are parted by blanks and line
/// ends, those of other systems too, and `#` where a word would begin hides the rest of its line.
struct RuleText {
  private let file: [UInt8]
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var words: [Word] = []
  /// The word that is being read, and the line where it begins; nil between words.
  private var word: (bytes: [UInt8], line: Int)?

  private init(_ bytes: [UInt8], of file: [UInt8]) {
    self.bytes = bytes
    self.file = file
  }

  /// Returns the words, each of which knows where it stands.
  static func words(_ bytes: [UInt8], of file: [UInt8]) throws(UsageError) -> [Word] {
    var text = RuleText(bytes, of: file)
    try text.read()
    return text.words
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private mutating func read() throws(UsageError) {
    if let zero = bytes.firstIndex(of: 0) {
      line += bytes[..<zero].count { $0 == UInt8(ascii: "\n") }
      throw error("a NUL byte, which no word can have", at: line)
    }
    if bytes.starts(with: Self.byteOrderMark) { index = Self.byteOrderMark.count }
    while let byte = peek(0) {
      if let length = lineEnd {
        endWord()
        skip(length)
        continue
      }
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        endWord()
        index += 1
      case UInt8(ascii: "#") where word == nil: skipComment()
      case UInt8(ascii: "'"): try readSingle()
      case UInt8(ascii: "\""): try readDouble()
      case UInt8(ascii: "\\"): try readEscape()
      default: take(byte)
      }
    }
    endWord()
  }

  // MARK: Quotes

  private mutating func readSingle() throws(UsageError) {
    let opened = line
    beginWord()
    index += 1
    while let byte = peek(0) {
      if byte == UInt8(ascii: "'") {
        index += 1
        return
      }
      take(byte)
    }
    throw error("the quote ' that opens here is not closed", at: opened)
  }

  private mutating func readDouble() throws(UsageError) {
    let opened = line
    beginWord()
    index += 1
    while let byte = peek(0) {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return
      case UInt8(ascii: "\\"): readEscapeInDouble()
      default: take(byte)
      }
    }
    throw error("the quote \" that opens here is not closed", at: opened)
  }

  private mutating func readEscapeInDouble() {
    guard let next = peek(1) else { return take(UInt8(ascii: "\\")) }
    index += 1
    if let length = lineEnd { return skip(length) }
    switch next {
    case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "\\"): take(next)
    default:
      index -= 1
      take(UInt8(ascii: "\\"))
    }
  }

  private mutating func readEscape() throws(UsageError) {
    guard let next = peek(1) else { throw error("nothing follows the backslash at the end", at: line) }
    index += 1
    if let length = lineEnd { return skip(length) }
    take(next)
  }

  // MARK: Bytes

  private func peek(_ distance: Int) -> UInt8? {
    index + distance < bytes.count ? bytes[index + distance] : nil
  }

  /// The length of the line end that stands here; nil where there is none.
  private var lineEnd: Int? {
    if peek(0) == UInt8(ascii: "\n") { return 1 }
    return peek(0) == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n") ? 2 : nil
  }

  /// Passes over a line end.
  private mutating func skip(_ length: Int) {
    index += length
    line += 1
  }

  private mutating func skipComment() {
    while let byte = peek(0), byte != UInt8(ascii: "\n") { index += 1 }
  }

  /// Makes the byte here one of the word.
  private mutating func take(_ byte: UInt8) {
    beginWord()
    word?.bytes.append(byte)
    index += 1
    if byte == UInt8(ascii: "\n") { line += 1 }
  }

  private mutating func beginWord() {
    if word == nil { word = ([], line) }
  }

  private mutating func endWord() {
    guard let (bytes, line) = word.take() else { return }
    words.append(Word(bytes, from: Origin(file: file, line: line)))
  }

  private func error(_ message: String, at line: Int) -> UsageError {
    UsageError(message, from: Origin(file: file, line: line))
  }
}
