import FileEvents

/// The events of what is watched by its path, by their place in the table.
enum PathEvent {
  static let written = 0
  static let delete = 1
  static let move = 2
  static let overflow = 3
  static let create = 4
  static let modify = 5
  static let attrib = 6
  /// The levels, which `path` alone has.
  static let exists = 7
  static let absent = 8
  /// A name that is not listed, which `paths` alone has; the index is that of a level.
  static let new = 7

  static let common: [EventKind] = [
    EventKind(
      "written", .principal, busy: .merge,
      help: "a file or link is complete: closed after writing, moved or linked into place"),
    EventKind("delete", .usual, busy: .merge, help: "a name is gone, also by moving out"),
    EventKind("move", .usual, busy: .merge, help: "a name has become another within what is watched"),
    EventKind(
      "overflow", .usual, busy: .merge, help: "the kernel has dropped events: anything may have changed"),
    EventKind("create", .named, busy: .merge, help: "a new name, whose file is perhaps still empty"),
    EventKind("modify", .named, busy: .merge, help: "bytes are being written"),
    EventKind("attrib", .named, busy: .merge, help: "mode, owner, times or extended attributes have changed"),
  ]

  /// Those about one name each, which a batch gathers.
  static let ofNames = EventSet(rawValue: 0x7F)

  static let fields: [FieldKind] = [
    FieldKind("path", "text", help: "PATH as typed, and below it the rest; absent when a batch has several"),
    FieldKind("path_base64", "text", help: "the bytes of path, where path is not exact"),
    FieldKind("type", "text", help: "file, directory, symlink, fifo, socket or device, where it is known"),
    FieldKind("from", "text", help: "the path before a move"),
    FieldKind("from_base64", "text", help: "the bytes of from, where from is not exact"),
    FieldKind("data", "text", help: "the paths of a batch, each once and on its own line"),
    .dataBase64,
  ]

  /// The place of what FileEvents tells.
  static func index(of kind: FileEvent.Kind) -> Int {
    switch kind {
    case .written: written
    case .delete: delete
    case .move: move
    case .overflow: overflow
    case .create: create
    case .modify: modify
    case .attrib: attrib
    }
  }

  /// What has to be told for the events that rules take, and for those that unite names.
  static func kinds(for port: Port) -> FileEventKinds {
    var kinds: FileEventKinds = .overflow
    for kind in FileEvent.Kind.allCases where port.takes(index(of: kind)) {
      kinds.insert(FileEventKinds(kind))
    }
    if port.gathersNames { kinds.insert(.create) }
    return kinds
  }

  /// What it means for the name.
  static func change(of kind: FileEvent.Kind) -> NameChange {
    switch kind {
    case .create, .move: .new
    case .delete: .gone
    case .overflow: .all
    case .written, .modify, .attrib: .changed
    }
  }
}

extension FileType {
  /// As records have it.
  var text: StaticString {
    switch self {
    case .file: "file"
    case .directory: "directory"
    case .symlink: "symlink"
    case .fifo: "fifo"
    case .socket: "socket"
    case .device: "device"
    }
  }
}
