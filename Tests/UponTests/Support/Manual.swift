import Foundation
import Testing

/// The manual, of one page or several, as its tests read it: what it lists where, and its examples.
struct Manual {
  /// One `.It` of a tagged list.
  struct Item {
    let section: String
    let subsection: String
    /// `Cm` for settings, `Ic` for events, `Va` for fields, `Ev` for variables, `Fl` for options, empty for plain text.
    let macro: String
    /// The first word behind the macro.
    let name: String
    let line: String
  }

  /// One literal block of EXAMPLES with the comments in front of it.
  struct Example: Sendable, CustomStringConvertible {
    var script = ""
    var setup = ""
    var shell = "sh"
    var status: Int32 = 0
    var expect: String?
    var errors = ""
    var until: String?

    var description: String { script }
  }

  private(set) var items: [Item] = []
  private(set) var examples: [Example] = []
  /// Every name behind `Fl`, `Ev` and `Sx` anywhere.
  private(set) var mentions: [String: Set<String>] = [:]
  private(set) var sections: [String] = []
  /// The headings of the subsections, by section.
  private(set) var subsections: [String: [String]] = [:]
  /// References to sections that are not on the page where they stand.
  private(set) var dangling: Set<String> = []

  static let shared = Manual(pages: ["upon.1", "upon-sources.7", "upon-control.7"])
  static let uponctl = Manual(pages: ["uponctl.1"])

  /// The text of a page.
  static func text(of page: String) throws -> String {
    try String(contentsOf: Shell.repository.appendingPathComponent("man/\(page)"), encoding: .utf8)
  }

  private init?(pages: [String]) {
    for page in pages {
      guard let text = try? Self.text(of: page) else { return nil }
      let (earlier, before, below) = (mentions["Sx"] ?? [], sections, subsections)
      (mentions["Sx"], sections, subsections) = ([], [], [:])
      read(text)
      let here = Set(sections).union(subsections.values.joined())
      dangling.formUnion((mentions["Sx"] ?? []).subtracting(here))
      mentions["Sx", default: []].formUnion(earlier)
      sections = before + sections
      subsections.merge(below) { $1 + $0 }
    }
  }

  private mutating func read(_ text: String) {
    var section = ""
    var subsection = ""
    var example = Example()
    var isLiteral = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix(".Ed") {
        if isLiteral, section == "EXAMPLES" {
          examples.append(example)
          example = Example()
        }
        isLiteral = false
      } else if isLiteral {
        example.script += line.plain + "\n"
      } else if line.hasPrefix(".Bd -literal") {
        isLiteral = true
        example.script = ""
      } else if line.hasPrefix(".Sh ") {
        section = line.dropFirst(4).plain
        subsection = ""
        sections.append(section)
      } else if line.hasPrefix(".Ss ") {
        subsection = line.dropFirst(4).plain
        subsections[section, default: []].append(subsection)
      } else if line.hasPrefix(#".\" "#) {
        example.take(line.dropFirst(4))
      } else if line.hasPrefix(".") {
        read(line, section, subsection)
      }
    }
  }

  private mutating func read(_ line: String, _ section: String, _ subsection: String) {
    let words = line.dropFirst().split(separator: " ").map(\.plain)
    for (index, word) in words.enumerated() where ["Fl", "Ev"].contains(word) && index + 1 < words.count {
      let isLong = word == "Fl" && words[index + 1] == "Fl" && index + 2 < words.count
      let isSecond = word == "Fl" && index > 0 && words[index - 1] == "Fl"
      let name = isLong || isSecond ? "--" + words[isLong ? index + 2 : index + 1] : words[index + 1]
      mentions[word, default: []].insert(word == "Fl" && !name.hasPrefix("-") ? "-" + name : name)
    }
    if words[0] == "Sx" {
      mentions["Sx", default: []].insert(words.dropFirst().prefix { $0.count > 1 }.joined(separator: " "))
    }
    guard words[0] == "It", words.count > 1 else { return }
    let macro = ["Cm", "Ic", "Va", "Ev", "Fl"].contains(words[1]) ? words[1] : ""
    items.append(
      Item(
        section: section, subsection: subsection, macro: macro, name: macro == "" ? words[1] : words[2],
        line: words.dropFirst().joined(separator: " ")))
  }

  /// The names listed under a heading.
  func names(_ macro: String, section: String, subsection: String? = nil) -> [String] {
    items.filter {
      $0.macro == macro && $0.section == section && (subsection == nil || $0.subsection == subsection)
    }.map(\.name)
  }
}

extension Manual.Example {
  /// Runs the example, and checks what comes of it.
  func check() throws {
    let directory = try TemporaryDirectory()
    if !setup.isEmpty {
      let setup = try Shell.run(setup, directory: directory)
      try #require(setup.status == .exited(0), "\(setup)")
    }
    let running = try Shell.start(script, in: shell, directory: directory)
    if let until {
      let pattern = try Regex(until)
      let came = running.wait { running.isOver || running.output.text.contains(pattern) }
      #expect(came && !running.isOver, "\(running.finish(within: .zero))")
      return
    }
    let run = running.finish()
    #expect(run.status == .exited(status), "\(run)")
    #expect(try run.text.wholeMatch(of: Regex(expect ?? "")) != nil, "\(run)")
    #expect(try run.errorText.wholeMatch(of: Regex(errors)) != nil, "\(run)")
  }

  /// Reads `KEY: VALUE`; other comments are for the reader.
  fileprivate mutating func take(_ comment: some StringProtocol) {
    guard let colon = comment.firstRange(of: ": ") else { return }
    let value = String(comment[colon.upperBound...])
    switch comment[..<colon.lowerBound] {
    case "setup": setup += value + "\n"
    case "shell": shell = value
    case "status": status = Int32(value) ?? -1
    case "expect": expect = value
    case "errors": errors = value
    case "until": until = value
    default: break
    }
  }
}

extension StringProtocol {
  /// The text as it is shown, without what roff needs.
  var plain: String {
    replacingOccurrences(of: "\\&", with: "").replacingOccurrences(of: "\\e", with: "\\")
  }
}
