import Testing

@testable import UponCore

@Suite struct SuggestionTests {
  private let kinds = Kind.all.map(\.name)

  @Test(arguments: [
    ("evry", "every"), ("eveyr", "every"), ("EVERY", "every"), ("signl", "signal"), ("stdn", "stdin"),
    ("sdtin", "stdin"), ("stdinn", "stdin"), ("finsh", "finish"), ("df", "fd"), ("aftr", "after"),
  ])
  func `a misspelt name finds the one that was meant`(typed: String, meant: String) {
    #expect(Suggestion.nearest(typed, kinds) == meant)
  }

  @Test(arguments: ["", "x", "db", "web", "localhost", "postgres", "foo", "stand-in"])
  func `what is near to nothing has no suggestion`(typed: String) {
    #expect(Suggestion.nearest(typed, kinds) == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1),
    ("abc", "abcd", 1), ("abc", "xbc", 1), ("kitten", "sitting", 3), ("abcd", "badc", 2),
  ])
  func `letters added, dropped, replaced and exchanged each count one`(
    left: String, right: String, count: Int
  ) {
    #expect(Suggestion.distance(Array(left.utf8), Array(right.utf8)) == count)
    #expect(Suggestion.distance(Array(right.utf8), Array(left.utf8)) == count)
  }

  /// Whether the suggestion is the name, or one just as near: `stat` is `stats` or `start`.
  private func finds(_ name: String, _ typed: String, _ names: [String]) -> Bool {
    guard let nearest = Suggestion.nearest(typed, names) else { return false }
    let typed = Array(typed.utf8)
    return Suggestion.distance(typed, Array(nearest.utf8)) <= Suggestion.distance(typed, Array(name.utf8))
  }

  @Test func `one slip in any longer name is always undone`() {
    var random = Repeatable(3)
    let names = Set(kinds + Setting.common.map(\.name) + Option.all.map(\.long)).filter { $0.count > 4 }
      .sorted()
    for name in names {
      for place in name.utf8.indices {
        var letters = name
        letters.remove(at: place)
        #expect(finds(name, letters, names))
        letters = name
        letters.insert("qxzj".randomElement(using: &random)!, at: place)
        #expect(finds(name, letters, names))
      }
    }
  }
}
