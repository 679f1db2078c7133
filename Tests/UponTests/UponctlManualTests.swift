import Foundation
import Testing

/// Holds the manual of uponctl to the program, both ways.
@Suite struct UponctlManualTests {
  let manual: Manual
  let help: UponctlHelp

  init() throws {
    manual = try #require(Manual.uponctl)
    help = try #require(UponctlHelp.shared)
  }

  @Test func `has every option and no other`() {
    let listed = manual.items.filter { $0.section == "OPTIONS" }.flatMap { Self.flags($0.line) }
    #expect(Set(listed) == Set(help.options))
    let all = Set(help.options + help.commands.flatMap(\.options))
    // --control and -f are upon's; Fl - is what ends the options.
    #expect(manual.mentions["Fl"]?.subtracting(all) == ["--control", "-f", "-"])
  }

  @Test func `has every command with its options, and no other`() {
    let items = manual.items.filter { $0.section == "COMMANDS" }
    #expect(items.map(\.name) == help.commands.map(\.name))
    for (item, command) in zip(items, help.commands) {
      // Of a short and a long form the line has one.
      let flags = Self.flags(item.line)
      #expect(Set(flags).isSubset(of: command.options), "\(item.line)")
      for option in command.options { #expect(manual.mentions["Fl"]?.contains(option) == true, "\(option)") }
      #expect(flags.isEmpty == command.options.isEmpty, "\(item.line)")
    }
  }

  @Test func `--help names every command`() throws {
    let run = try Shell.run("uponctl --help")
    #expect(run.status == .exited(0), "\(run)")
    for command in help.commands { #expect(run.text.contains("\n  \(command.name) "), "\(command.name)") }
    for command in help.commands {
      let run = try Shell.run("uponctl help \(command.name)")
      #expect(run.text.contains("USAGE: uponctl PATH \(command.name)"), "\(run)")
      #expect(run.lines.allSatisfy { $0.count <= 80 }, "\(run)")
    }
  }

  @Test func `has every exit status and no other`() {
    #expect(
      manual.items.filter { $0.section == "EXIT STATUS" }.map(\.name) == ["0", "1", "64", "124", "125"])
  }

  @Test(arguments: Manual.uponctl?.examples ?? [])
  func `every example does what it says`(example: Manual.Example) throws {
    try example.check()
  }

  @Test func `every example says what is expected`() {
    #expect(manual.examples.count >= 5)
    for example in manual.examples { #expect(example.expect != nil || example.until != nil, "\(example)") }
  }

  /// The options on a line of the manual, as they are typed.
  private static func flags(_ line: String) -> [String] {
    let words = line.split(separator: " ").map(String.init)
    return words.indices.compactMap { index in
      guard words[index] == "Fl", index + 1 < words.count, words[index + 1] != "Fl" else { return nil }
      return (index > 0 && words[index - 1] == "Fl" ? "--" : "-") + words[index + 1]
    }
  }
}
