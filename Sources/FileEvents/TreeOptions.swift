/// Says what of a tree is watched, and what is told.
public struct TreeOptions: Sendable {
  /// Whether directories below the root are watched too.
  public var isRecursive = false
  /// What is told; others cost nothing.
  public var kinds: FileEventKinds = .usual
  /// If not empty, only files of these are told; directories are entered all the same.
  public var include: [Glob] = []
  /// Neither told nor entered.
  public var exclude: [Glob] = []
  /// After so many nanoseconds without a write a file is `written` also while its writer keeps it open.
  public var settle: Int64?
  /// Whether the files that are there at the start are told as `written`.
  public var tellsBacklog = false

  public init() {}

  /// Whether a path relative to the root is left out, with everything below it.
  func excludes(_ path: UnsafeRawBufferPointer) -> Bool {
    for glob in exclude where glob.matches(path) { return true }
    return false
  }

  /// Whether a file of this path relative to the root is one of those to tell.
  func includes(_ path: UnsafeRawBufferPointer) -> Bool {
    if include.isEmpty { return true }
    for glob in include where glob.matches(path) { return true }
    return false
  }

  /// What the kernel has to tell of each directory.
  var mask: WatchMask {
    var mask = WatchMask.names
    if kinds.contains(.written) { mask.insert(.closed) }
    if kinds.contains(.modify) || settle != nil { mask.insert(.modified) }
    if kinds.contains(.attrib) { mask.insert(.attributes) }
    return mask
  }
}

/// Who is told of a tree.
public struct TreeHandlers {
  /// Called for each event; what it is given is gone after the call.
  public var onEvent: (borrowing FileEvent) -> Void
  /// Called once, when everything that is there at the start is watched, and the backlog has been told.
  public var onReady: () -> Void
  /// Called for what cannot be watched, once for each.
  public var onTrouble: (FileTrouble) -> Void

  public init(
    onEvent: @escaping (borrowing FileEvent) -> Void, onReady: @escaping () -> Void = {},
    onTrouble: @escaping (FileTrouble) -> Void = { _ in }
  ) {
    self.onEvent = onEvent
    self.onReady = onReady
    self.onTrouble = onTrouble
  }
}

/// A path that is watched with what lies below it, by the kernel's word or by comparing.
public protocol WatchedTree: AnyObject {
  /// How many directories are watched.
  var directoryCount: Int { get }
  /// What is known of the path.
  var presence: Presence { get }
  /// Why the tree is compared every so often, in words; nil where the kernel tells.
  var pollingReason: String? { get }

  /// Gathers events from now on, up to 8 MiB of paths.
  func pause()
  /// Tells what was gathered: for each path what happened last, or that too much has.
  func resume()
  /// Ends; nothing is told any more.
  func close()
}

/// Says whether a path is there.
public enum Presence: Equatable, Sendable {
  case present
  /// The bytes are the part of the path that is there; empty when it is the working directory.
  case absent(nearest: [UInt8])
}
