import Testing

@testable import FileEvents

extension FileEventsTests {
  @Suite struct GlobTests {
    @Test(arguments: [
      ("*.c", "a.c", true), ("*.c", "x/y/a.c", true), ("*.c", "a.h", false), ("*.c", "a.c/b", false),
      ("src/*.c", "src/a.c", true), ("src/*.c", "src/x/a.c", false), ("src/*.c", "x/src/a.c", false),
      ("/a", "a", true), ("/a", "x/a", false), ("a/", "a", true), ("**", "a/b", true), ("**", "", false),
      ("**/a", "a", true), ("**/a", "x/y/a", true), ("a/**", "a", false), ("a/**", "a/b/c", true),
      ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**/b", "a/x/y/c", false), ("?", "a", true),
      ("?", "ab", false),
      ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("[]]", "]", true),
      ("\\*", "*", true),
      ("\\*", "a", false), ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false), ("*", ".hidden", true),
      ("a[b", "", false),
    ])
    func matches(pattern: String, path: String, isMatch: Bool) {
      guard let glob = Glob(pattern) else {
        #expect(pattern == "a[b")
        return
      }
      let isMatched = Array(path.utf8).withUnsafeBytes { glob.matches($0) }
      #expect(isMatched == isMatch)
    }

    @Test func `refuses what is no pattern`() {
      #expect(Glob("") == nil)
      #expect(Glob("a[b") == nil)
      #expect(Glob("/") == nil)
    }

    /// Each further star once multiplied the time.
    @Test func `takes no longer for many stars`() {
      let path = [UInt8](repeating: 0x61, count: 4000)
      let glob = Glob(String(repeating: "*a", count: 60) + "b")
      #expect(path.withUnsafeBytes { glob?.matches($0) } == false)
    }
  }
}
