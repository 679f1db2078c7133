import Testing

/// The walls of the house: a file names only what stands below it.
@Suite struct WallsTests {
  /// The floors of UponCore, the lowest first.
  static let floors = [
    "System", "Records", "Grammar", "Streams", "Processes", "Sources", "Actions", "Session", "Control",
  ]

  /// What stands on a lower floor and names a higher one all the same.
  static let exceptions: [String: Set<String>] = [:]

  /// Files above the loop that still name what only Linux has.
  static let systemExceptions: Set<String> = []

  /// Tables, which may be longer than other files.
  static let tables: Set<String> = []

  let files: [SourceFile]

  init() throws {
    files = try SourceFile.all()
  }

  @Test func `a floor names only lower floors`() {
    let core = files.filter { $0.path.hasPrefix("UponCore/") }
    let level = Dictionary(uniqueKeysWithValues: zip(Self.floors, Self.floors.indices))
    #expect(core.count > 100)
    for file in core { #expect(level[file.folder] != nil, "\(file.path) stands on no floor") }
    var found: [String: Set<String>] = [:]
    for file in core {
      for name in file.named {
        let homes = core.filter { $0.declared.contains(name) }.compactMap { level[$0.folder] }
        guard let lowest = homes.min(), let own = level[file.folder], lowest > own else { continue }
        found[file.path, default: []].insert(name)
      }
    }
    for (path, names) in found.sorted(by: { $0.key < $1.key }) {
      let unexpected = names.subtracting(Self.exceptions[path] ?? [])
      #expect(unexpected.isEmpty, "\(path) names \(unexpected.sorted()), which stand above it")
    }
    for (path, names) in Self.exceptions {
      let gone = names.subtracting(found[path] ?? [])
      #expect(gone.isEmpty, "\(path) does not name \(gone.sorted()) any more: take it out of the exceptions")
    }
  }

  @Test func `each library has one importer`() {
    for library in ["CLibevent", "CPCRE2", "CJansson", "CSystem", "Glibc"] {
      let importers = Set(
        files.filter { $0.imports.contains(library) }.map { $0.path.split(separator: "/")[0] })
      #expect(importers.count == 1, "\(library) is imported by \(importers.sorted())")
    }
    #expect(files.filter { $0.imports.contains("Foundation") }.isEmpty)
  }

  @Test func `every source is in the table of kinds`() throws {
    let kinds = try #require(files.first { $0.name == "Kinds.swift" })
    let sources = files.filter { $0.name.hasSuffix("Source.swift") && $0.path.hasPrefix("UponCore/Sources/") }
    var count = 0
    for source in sources {
      for line in source.code.split(separator: "\n")
      where line.contains("static let") && line.contains("= Kind(") {
        let name = line.split(separator: " ")[2]
        #expect(kinds.code.contains(".\(name),"), "\(source.path): \(name) is not in Kind.all")
        count += 1
      }
    }
    #expect(count == kinds.code.split(separator: "\n").filter { $0.hasPrefix("    .") }.count)
  }

  @Test func `the grammar does not know which kinds there are`() {
    let grammar = files.filter { $0.folder == "Grammar" }
    #expect(grammar.count > 20)
    for file in grammar {
      #expect(!file.code.contains("Kind.all"), "\(file.path) names the list of all kinds")
    }
  }

  @Test func `no file is longer than 300 lines`() {
    for file in files where !Self.tables.contains(file.path) {
      #expect(file.lineCount <= 300, "\(file.path) has \(file.lineCount) lines")
    }
  }

  /// What only Linux has stands in Platform, CSystem, EventLoop and FileEvents.
  @Test func `above the loop no system is named`() {
    let words = [
      "EPOLL", "epoll_", "pidfd", "inotify_", "IN_CREATE", "RWF_NOWAIT", "signalfd", "SPLICE_F",
      "F_SETPIPE_SZ", "o_path",
    ]
    for file in files
    where !["Platform", "EventLoop", "FileEvents"].contains(file.folder)
      && !Self.systemExceptions.contains(file.path)
    {
      for word in words { #expect(!file.code.contains(word), "\(file.path) names \(word)") }
      #expect(!file.opensProc, "\(file.path) opens a file of /proc")
    }
  }

  /// The largest set of files that all name each other, directly or by others.
  @Test func `no circle of files is large`() {
    let core = files.filter { $0.path.hasPrefix("UponCore/") }
    let circle = Circles.largest(of: core)
    print(
      "the largest circle has \(circle.count) files of \(core.count), \(circle.map(\.lineCount).reduce(0, +)) lines"
    )
    #expect(circle.count <= 12)
  }
}
