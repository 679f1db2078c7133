/// Says what happened to one name.
///
/// The bytes belong to whoever calls; they are gone after the call.
public struct FileEvent {
  /// What happened.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// A regular file or a link is complete: closed after writing, moved or linked into place.
    case written
    /// A name is gone, also by moving out of what is watched.
    case delete
    /// A name has become another within what is watched.
    case move
    /// A new name, whose file is perhaps still empty.
    case create
    /// Bytes are being written.
    case modify
    /// Mode, owner, times or extended attributes have changed.
    case attrib
    /// The kernel has dropped events: anything may have changed.
    case overflow
  }

  /// What happened.
  public let kind: Kind
  /// The path: as its root was typed, then below it.
  public let path: UnsafeRawBufferPointer
  /// The path that a `move` started from.
  public let source: UnsafeRawBufferPointer?
  /// What the name stands for; nil where that is not known, as of most that are gone.
  public let type: FileType?
  /// Whether a scan has found it, and not an event of the kernel.
  public let isFromScan: Bool
}

/// Names what kind of file a name stands for.
public enum FileType: String, Sendable {
  case file
  case directory
  case symlink
  case fifo
  case socket
  case device
}

/// A set of kinds of events.
public struct FileEventKinds: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Makes a set of one kind.
  public init(_ kind: FileEvent.Kind) { rawValue = 1 << kind.rawValue }

  public static let written = FileEventKinds(.written)
  public static let delete = FileEventKinds(.delete)
  public static let move = FileEventKinds(.move)
  public static let create = FileEventKinds(.create)
  public static let modify = FileEventKinds(.modify)
  public static let attrib = FileEventKinds(.attrib)
  public static let overflow = FileEventKinds(.overflow)

  /// Those that nobody needs to ask for by name.
  public static let usual: FileEventKinds = [.written, .delete, .move, .overflow]

  func contains(_ kind: FileEvent.Kind) -> Bool { contains(FileEventKinds(kind)) }
}
