/// Where a word stands that was read from a file.
public final class Origin: Sendable {
  /// The file as it was typed.
  public let file: [UInt8]
  /// From 1.
  public let line: Int

  init(file: [UInt8], line: Int) {
    self.file = file
    self.line = line
  }

  /// `FILE:LINE: `, which stands in front of a message.
  var prefix: String { "\(Word(file).text):\(line): " }
}
