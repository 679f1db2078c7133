import FileEvents

/// What is told of what is watched by its path, as `path` and `paths` have it.
struct PathSettings: Sendable {
  static let common: [Setting] = [
    Setting("include", .globs, help: "only files that one of these matches"),
    Setting("exclude", .globs, help: "nothing that one of these matches, nor what is below it"),
    Setting(
      "settle", .interval(zero: false), help: "also files at rest for D that their writer keeps open"),
    Setting("now", help: "what is there at the start is told first, as written"),
    Setting(
      "poll", .interval(zero: false), help: "look every D, as upon does where the kernel does not tell"),
    frame,
  ]
  static let frame = Setting(
    "frame", .choice(["line", "nul"]), standard: "line", help: "what stands behind each path in the bytes")

  let include: [Glob]
  let exclude: [Glob]
  let settle: Int64?
  let poll: Int64?
  let tellsBacklog: Bool
  /// What stands behind each path.
  let end: UInt8

  init(_ settings: SettingValues) {
    include = Self.globs(settings.bytes("include"))
    exclude = Self.globs(settings.bytes("exclude"))
    settle = settings.interval("settle")?.nanoseconds
    poll = settings.interval("poll")?.nanoseconds
    tellsBacklog = settings.has("now")
    end = settings.choice("frame") == "nul" ? 0 : UInt8(ascii: "\n")
  }

  /// What was checked when it was read.
  private static func globs(_ bytes: [UInt8]?) -> [Glob] {
    (bytes ?? []).split(separator: UInt8(ascii: ",")).compactMap { Glob(String(decoding: $0, as: UTF8.self)) }
  }

  /// The options of a tree for these events.
  func options(isRecursive: Bool, kinds: FileEventKinds) -> TreeOptions {
    var options = TreeOptions()
    options.isRecursive = isRecursive
    options.kinds = kinds
    options.include = include
    options.exclude = exclude
    options.settle = settle
    options.tellsBacklog = tellsBacklog
    return options
  }
}
