import Testing

@testable import UponCore

@Suite struct HelpTests {
  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func `the texts fit 80 columns and end with a line end`() {
    for text in [Help.text(.all), Help.kinds(.all)] {
      for line in lines(text) { #expect(line.count <= 80 && line.last != " ", "\(line)") }
      #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    }
  }

  @Test func `the help has every option and every kind`() {
    for option in Option.all {
      #expect(Help.text(.all).contains("--\(option.long)"))
      if let short = option.short { #expect(Help.text(.all).contains("  -\(short), --\(option.long)")) }
    }
    for kind in Kind.all { #expect(Help.text(.all).contains("\n  \(kind.synopsis) ")) }
  }

  @Test func `every example of the help is understood`() throws {
    var count = 0
    for line in lines(Help.text(.all)) {
      guard let start = line.range(of: "upon "), line.hasPrefix("  "),
        line.contains(":") || line.contains("stdin ")
      else {
        continue
      }
      if line.contains("RULE") || line.contains("KIND") { continue }
      _ = try Parser.parse(line: String(line[start.upperBound...]))
      count += 1
    }
    #expect(count == 5)
  }

  @Test func `the list of kinds has every event, setting and field`() {
    for kind in Kind.all {
      #expect(Help.kinds(.all).contains(kind.synopsis))
      for event in kind.events { #expect(Help.kinds(.all).contains("\n  event    \(event.name)")) }
      for field in kind.fields { #expect(Help.kinds(.all).contains("\n  field    \(field.name)")) }
    }
    let settings = Kind.all.flatMap(\.settings) + ActionKeyword.allCases.flatMap(\.settings)
    for setting in settings { #expect(Help.kinds(.all).contains("\n  setting  \(setting.synopsis)")) }
  }

  @Test func `kinds that are named are listed alone, in the order of the table`() {
    let text = Help.kinds(.all, named: ["stdin", "every", "print"])
    let heads = lines(text).filter { $0.first.map { $0 != " " } ?? false }.map { $0.split(separator: " ")[0] }
    #expect(heads == ["stdin", "every:PERIOD", "print"])
    #expect(Help.kinds(.all).contains(text.split(separator: "\n\n")[1]))
  }

  @Test func `no two options have the same name`() {
    #expect(Set(Option.all.map(\.long)).count == Option.all.count)
    let letters = Option.all.compactMap(\.short)
    #expect(Set(letters).count == letters.count)
  }

  @Test func `every default in the tables is a value that its setting takes`() throws {
    for setting in Kind.all.flatMap(\.settings) + ActionKeyword.allCases.flatMap(\.settings) {
      if let standard = setting.standard { _ = try setting.form?.parse(Array(standard.utf8)) }
    }
  }
}

extension StringProtocol {
  /// The first place of a text.
  fileprivate func range(of text: String) -> Range<Index>? {
    indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
  }
}
