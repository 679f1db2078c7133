import FileEvents
import Platform

/// One path to watch, with what is below it, or for being there.
struct PathPlan: SourcePlan {
  enum Purpose: Sendable {
    /// What changes there.
    case changes(isRecursive: Bool)
    /// Each time that it comes to be there, or not to be.
    case exists, absent
  }

  static let settings: [Setting] =
    [
      Setting("recursive", help: "what is below it at any depth too"),
      Setting("exists", help: "fires when it is there, at once and each time that it comes"),
      Setting("absent", help: "fires when it is not there, at once and each time that it goes"),
    ] + PathSettings.common

  static let events =
    PathEvent.common + [
      EventKind("exists", .instead, busy: .merge, requires: "exists", help: "it is there"),
      EventKind("absent", .instead, busy: .merge, requires: "absent", help: "it is not there"),
    ]

  let path: [UInt8]
  let purpose: Purpose
  let details: PathSettings

  init(_ path: [UInt8], _ settings: SettingValues) throws(UsageError) {
    self.path = path
    details = PathSettings(settings)
    let level = settings.word("exists") ?? settings.word("absent")
    if let level {
      for name in ["recursive", "include", "exclude", "now"] + (level.text == "exists" ? ["absent"] : []) {
        if let word = settings.word(name) { throw UsageError(word, "has no effect beside '\(level.text)'") }
      }
      if level.text == "absent", let word = settings.word("settle") {
        throw UsageError(word, "has no effect beside 'absent'")
      }
      purpose = settings.has("exists") ? .exists : .absent
      return
    }
    purpose = .changes(isRecursive: settings.has("recursive"))
    for name in ["include", "exclude"] {
      if let word = settings.word(name), Self.isFile(path) {
        throw UsageError(
          word, "has no effect: '\(Word(path).text)' is a file, and patterns are for what is below")
      }
    }
  }

  /// Whether something stands there that nothing can be below.
  private static func isFile(_ path: [UInt8]) -> Bool {
    var status = stat()
    let name = path.map { CChar(bitPattern: $0) } + [0]
    return stat(name, &status) == 0 && UInt32(upon_file_type(status.st_mode)) != S_IFDIR
  }

  var principal: Int {
    switch purpose {
    case .changes: PathEvent.written
    case .exists: PathEvent.exists
    case .absent: PathEvent.absent
    }
  }

  var available: EventSet {
    switch purpose {
    case .changes: PathEvent.ofNames
    case .exists, .absent: [EventSet(PathEvent.exists), EventSet(PathEvent.absent)]
    }
  }

  var gathers: EventSet {
    if case .changes = purpose { PathEvent.ofNames } else { [] }
  }

  /// Long enough for a checkout, and too short to be noticed after a save.
  static let standardBatch = (
    quiet: Interval(nanoseconds: 20_000_000), limit: Interval(nanoseconds: 500_000_000)
  )

  var standardBatch: (quiet: Interval, limit: Interval)? { Self.standardBatch }

  var overflow: (event: Int, path: [UInt8], end: UInt8)? { (PathEvent.overflow, path, details.end) }

  var needsPath: Bool { true }

  func source(for port: Port, on services: Services) -> any Source {
    if case .changes(let isRecursive) = purpose {
      return PathSource(self, isRecursive: isRecursive, port, services)
    }
    return LevelSource(self, port, services)
  }
}
