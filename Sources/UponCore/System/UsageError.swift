/// What was typed wrong: one line that names the word and says what was expected; exit status 64.
public struct UsageError: Error, Equatable, Sendable {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  public init(_ word: Word, _ message: String) {
    self.message = "'\(word.text)': \(message)"
  }
}

/// What is wrong with a value: the part of the message that follows the word.
public struct ValueError: Error, Equatable, Sendable {
  public let message: String
}
