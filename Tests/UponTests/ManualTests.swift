import Foundation
import Testing
import UponCore

/// Holds the manual to the tables that the parser reads, both ways.
@Suite struct ManualTests {
  let manual: Manual

  init() throws {
    manual = try #require(Manual.shared)
  }

  @Test func `has every option and no other`() {
    let listed = manual.items.filter { $0.section == "OPTIONS" }.map(\.line)
    let options = Option.all.map { option in
      let short = option.short.map { "Fl \($0) , " } ?? ""
      let value = option.form.map { " Ar " + $0.placeholder.replacingOccurrences(of: "|", with: " | ") } ?? ""
      return "\(short)Fl Fl \(option.long)\(value)"
    }
    #expect(listed == options)
    let spellings = Set(
      Option.all.flatMap { [$0.short.map { "-\($0)" }, "--\($0.long)"].compactMap { $0 } } + ["-"])
    #expect(manual.mentions["Fl"]?.subtracting(spellings) == [])
  }

  @Test func `has every kind and no other`() {
    #expect(manual.subsections["SOURCES"] == Kind.all.map(\.synopsis))
    let listed = manual.items.filter { $0.section == "SOURCES" && $0.subsection == "" }.map(\.name)
    #expect(listed == Kind.all.map(\.synopsis))
  }

  @Test func `has the default of busy= for each event`() throws {
    let page = try Manual.text(of: "upon.1")
    let table = try #require(page.components(separatedBy: "each event has a default:\n").last)
    var listed: [String: Overlap] = [:]
    var busy = Overlap.queue
    for line in table.split(separator: "\n").dropFirst().prefix(while: { $0 != ".Ed" }) {
      var words = line.split(separator: " ").map(String.init)
      if !line.hasPrefix(" ") { busy = try #require(Overlap(rawValue: words.removeFirst())) }
      for word in words { listed[word] = busy }
    }
    for event in Kind.all.flatMap(\.events) { #expect(listed[event.name] == event.busy, "\(event.name)") }
    #expect(Set(listed.keys) == Set(Kind.all.flatMap(\.events).map(\.name)))
  }

  /// Kinds whose part of the manual says that they are the same as another.
  private static let twins = [
    "stdin": "fd", "unix": "tcp", "unix-listen": "tcp-listen", "accept": "tcp-listen",
    "unix-dgram-listen": "udp-listen", "calendar": "cron", "paths": "path", "tail": "fd", "fifo": "fd",
  ]

  @Test(arguments: Kind.all.map(\.name))
  func `has every event, setting and field of each kind and no other`(name: String) throws {
    let kind = try #require(Kind.all.first { $0.name == name })
    for (macro, names) in [
      ("Ic", kind.events.map(\.name)), ("Va", kind.fields.map(\.name)), ("Cm", kind.ownSettings.map(\.name)),
    ] {
      let own = manual.names(macro, section: "SOURCES", subsection: kind.synopsis)
      #expect(own == names.filter(own.contains), "no other, and in the order of the table")
      // What several kinds have in common is listed once.
      var shared: [String] = []
      if let twin = Self.twins[name].flatMap({ twin in Kind.all.first { $0.name == twin } }) {
        shared += manual.names(macro, section: "SOURCES", subsection: twin.synopsis)
      }
      if kind.events.contains(where: { $0.name == "close" }) {
        shared += manual.names(macro, section: "CONNECTIONS")
      }
      if macro == "Cm", kind.ownSettings.contains(where: { $0.name == "frame" }) {
        shared += manual.names(macro, section: "SETTINGS", subsection: "Sources that read")
      }
      #expect(names.filter { !own.contains($0) && !shared.contains($0) } == [])
      #expect(own.filter(shared.contains) == [])
    }
  }

  @Test func `lists as common to connections what they have`() {
    let connections = Kind.all.filter { $0.events.contains { $0.name == "close" } }
    for kind in connections {
      #expect(Set(manual.names("Ic", section: "CONNECTIONS")).isSubset(of: kind.events.map(\.name)))
      #expect(Set(manual.names("Va", section: "CONNECTIONS")).isSubset(of: kind.fields.map(\.name)))
    }
  }

  @Test func `has every setting of all sources and of actions and no other`() {
    #expect(manual.names("Cm", section: "SETTINGS", subsection: "Every source") == Setting.common.map(\.name))
    #expect(manual.subsections["ACTIONS OF A RULE"] == ActionKeyword.allCases.map(\.synopsis))
    for action in ActionKeyword.allCases {
      let listed = manual.names("Cm", section: "ACTIONS OF A RULE", subsection: action.synopsis)
      #expect(listed == action.settings.map(\.name))
    }
  }

  @Test func `has every field of a done record and no other`() {
    let listed = manual.names("Va", section: "COMMANDS", subsection: "Done records")
    #expect(listed == FieldKind.ofExit.map(\.name))
  }

  @Test func `has every field of a record and no other`() throws {
    let run = try Shell.run("upon start | jq -r 'keys_unsorted[]'")
    #expect(manual.names("Va", section: "RECORD FORMAT") == run.lines, "\(run)")
  }

  @Test func `has every request and no other`() throws {
    let listed = manual.items.filter { $0.section == "LIVE CONTROL" }.map(\.line)
    #expect(listed == Verb.all.map { "Ic \($0.name) Ar \($0.value)" })
    let text = try Manual.text(of: "upon-control.7")
    let section =
      text.components(separatedBy: ".Sh LIVE CONTROL\n").last?.components(separatedBy: "\n.Sh ").first ?? ""
    for key in Verb.all.flatMap(\.keys) { #expect(section.contains(".Cm \(key.name)"), "\(key.name)") }
    let run = try Shell.run(
      #"""
      upon --control unix:s every:1h do 'sleep 9' & until test -S s; do sleep 0.01; done
      printf '%s\n' '{"trigger":"every:1h"}' '{"list":true,"id":1}' '{"stats":true,"id":2}' '{"exit":0}' |
        socat -t 30 - UNIX:s | jq -r 'del(.ok,.id)|keys_unsorted[], ([.[]|arrays[0]|objects|keys_unsorted[]][])'
      """#)
    let words = Set(section.split { !$0.isLetter && $0 != "_" }.map(String.init))
    #expect(run.lines.count > 20, "\(run)")
    for field in run.lines { #expect(words.contains(field), "\(field)") }
  }

  @Test func `has every variable and no other`() {
    let common = manual.names("Va", section: "RECORD FORMAT")
    let own = Kind.all.flatMap(\.fields).map(\.name).filter { !$0.hasSuffix("_base64") } + ["triggered"]
    let variables = Set(
      (common + own + ["truncated", "skipped", "merged"]).map { "UPON_" + $0.uppercased() })
    let listed = manual.names("Ev", section: "ENVIRONMENT")
    let read = ["NOTIFY_SOCKET", "PATH", "TZ", "TZDIR", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PID"]
    #expect(Set(listed) == variables.union(read).union(UCSPI.names))
    #expect(listed.count == Set(listed).count)
    #expect(manual.mentions["Ev"]?.subtracting(listed) == ["UPON_", "LISTEN_"])
  }

  @Test func `has every exit status and no other`() {
    let listed = manual.items.filter { $0.section == "EXIT STATUS" }.map(\.name)
    #expect(listed == ["0", "1", "N", "command", "64", "123", "124", "125", "126", "127"])
  }

  @Test func `refers to sections that are there`() {
    #expect(manual.dangling == [])
  }

  /// What the binary lists is what the tables have, hence what the manual and the completions have.
  @Test func `--kinds lists every kind, event, setting and field`() throws {
    let run = try Shell.run("upon --kinds")
    #expect(run.status == .exited(0), "\(run)")
    for kind in Kind.all {
      for name in kind.events.map(\.name) + kind.ownSettings.map(\.name) + kind.fields.map(\.name) + [
        kind.synopsis
      ] {
        #expect(run.text.contains(name), "\(kind.name): \(name)")
      }
    }
  }

  @Test func `--help names every option`() throws {
    let run = try Shell.run("upon --help")
    for option in Option.all { #expect(run.text.contains("--\(option.long)"), "--\(option.long)") }
    #expect(run.lines.allSatisfy { $0.count <= 80 })
  }

  @Test(arguments: Manual.shared?.examples ?? [])
  func `every example does what it says`(example: Manual.Example) throws {
    try example.check()
  }

  @Test func `every example says what is expected`() {
    #expect(manual.examples.count >= 10)
    for example in manual.examples { #expect(example.expect != nil || example.until != nil, "\(example)") }
  }
}

extension Kind {
  /// The kind as it is typed.
  fileprivate var synopsis: String {
    address.map { "\(name):\($0)" } ?? name
  }
}
