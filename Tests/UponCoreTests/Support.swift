@testable import UponCore

extension Vocabulary {
  /// Every kind that upon has.
  static let all = Vocabulary(Kind.all)
}

extension Parser {
  /// Parses words with every kind that upon has.
  static func parse(_ words: [Word]) throws(UsageError) -> Invocation {
    try parse(words, .all)
  }
}
