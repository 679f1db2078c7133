import Foundation
import Testing

/// Does what the cookbook says, recipe by recipe.
@Suite struct CookbookTests {
  static let recipes = Cookbook.shared?.recipes ?? []
  static let trials =
    Trial.waiting + Trial.calendar + Trial.commands + Trial.files + Trial.servers + Trial.clients
    + Trial.processes + Trial.records + Trial.control

  @Test func `every recipe has one trial, and every trial its recipe`() {
    #expect(Self.recipes.count >= 40)
    #expect(Self.recipes.map(\.title).sorted() == Self.trials.map(\.title).sorted())
  }

  /// A word that is a macro vanishes from its heading.
  @Test func `every heading is shown as it was written`() throws {
    let run = try Shell.run(
      "mandoc -T utf8 -O width=200 '\(Shell.repository.path)/man/upon-cookbook.7' | col -bx")
    let shown = run.lines.map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(Self.recipes.map(\.title).filter { !shown.contains($0) } == [])
  }

  @Test(arguments: trials.map(\.title))
  func `every recipe does what it says`(title: String) throws {
    let recipe = try #require(Self.recipes.first { $0.title == title })
    let trial = try #require(Self.trials.first { $0.title == title })
    try trial.check(recipe)
  }

  /// Jobs that newcomers were given, in their words, of which half were not found.
  static let jobs = [
    ("JSON line a second five times", "One JSON line a second, five times"),
    ("newest only while busy", "The newest only, while a command is busy"),
    ("port fail missing name", "Start when ports answer, else fail and name what is missing"),
    ("signal line timeout which", "Signal, line or ten seconds: say which came first"),
    ("200 ms latest 1 s burst", "One run for a burst: 200 ms after it, 1 s after its begin at the latest"),
    ("upper-case server 20 clients", "Upper-case server for 20 clients at once"),
    ("log socket time pid peer line", "Log socket: the time and the process of the peer on each line"),
    ("restart HUP clean end TERM", "Restart a server on HUP, end cleanly on TERM"),
    ("hourly on request", "Every hour, or on request"),
    ("lines per second zeros", "Lines per second, zeros too"),
    ("heartbeat lost back", "Tell when a heartbeat is lost, and when it is back"),
    ("timestamps TSV without jq", "Timestamps on lines, as TSV, without jq"),
    ("three sockets signal", "Three sockets and a signal in one stream"),
    ("server wait tests stop one line", "Start a server, wait until it is ready, run tests, stop it"),
    ("coprocess bash", "Coprocess of bash that reads events as they come"),
  ]

  @Test(arguments: jobs)
  func `a job is found by its words`(words: String, title: String) throws {
    let found = Self.recipes.filter { recipe in
      let text = (recipe.title + "\n" + recipe.text).lowercased()
      return words.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }
    #expect(found.map(\.title).contains(title))
    #expect(found.count <= 3, "\(found.map(\.title))")
  }
}
