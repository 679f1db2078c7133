/// What was typed wrong: one line that names the word and says what was expected; exit status 64.
public struct UsageError: Error, Equatable, Sendable {
  /// The line; what comes from a file has that and its line in front.
  public let message: String
  private let isPlaced: Bool

  public init(_ message: String) {
    self.init(message, from: nil)
  }

  public init(_ word: Word, _ message: String) {
    self.init("'\(word.text)': \(message)", from: word.origin)
  }

  /// Makes one of which the message does not begin with the word.
  init(_ message: String, at word: Word) {
    self.init(message, from: word.origin)
  }

  init(_ message: String, from origin: Origin?) {
    self.message = (origin?.prefix ?? "") + message
    isPlaced = origin != nil
  }

  /// The same with a place in front, if it has none.
  func placed(at origin: Origin?) -> UsageError {
    isPlaced ? self : UsageError(message, from: origin)
  }
}

/// What is wrong with a value: the part of the message that follows the word.
public struct ValueError: Error, Equatable, Sendable {
  public let message: String
}
