import Foundation

@testable import UponCore

/// A file with these bytes, which is removed at the end.
final class ScratchFile {
  private let url = FileManager.default.temporaryDirectory.appendingPathComponent("upon-\(UUID().uuidString)")
  var path: String { url.path }

  init(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: url)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}

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
