import CompletionScripts
import Foundation
import Testing

@Suite struct CompletionScriptsTests {
  /// With RECORD=1, which is what `make completions` does, the files are written instead.
  @Test(arguments: CompletionScripts.all.map(\.file))
  func `the files are what the tables give`(file: String) throws {
    let text = try #require(CompletionScripts.all.first { $0.file == file }).text
    let url = Shell.repository.appendingPathComponent("completions/\(file)")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(text.utf8).write(to: url)
    }
    let written = try? String(contentsOf: url, encoding: .utf8)
    #expect(written == text, "completions/\(file) is out of date: run make completions")
  }
}
