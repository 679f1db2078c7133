/// A directory of a tree that is watched, or is to be.
///
/// Its name and the directory that holds it are those of its entry in the table; paths are made of these and never
/// kept.
struct Directory {
  enum State: UInt8 {
    /// To be entered by the walk.
    case pending
    /// Being read.
    case scanning
    case watched
    /// Could not be opened: it is gone or was moved, and an event will tell, or it may not be read.
    case closed
  }

  /// What a scan tells of what it finds.
  enum Manner: UInt8 {
    /// Nothing: it was there at the start.
    case silent
    /// Files, as complete: they were there at the start.
    case backlog
    /// Everything: it has appeared.
    case announced
    /// Directories only that were not known: files have been told, or lost with an overflow.
    case repeated
  }

  /// The number of the watch, or -1.
  var watch: Int32 = -1
  var firstChild: Int32 = -1
  var nextSibling: Int32 = -1
  var previousSibling: Int32 = -1
  var firstNotice: Int32 = -1
  var state = State.pending
  var manner = Manner.silent
  /// Whether the window's set has all names, so that a name that is not in it was never told.
  var isWindowComplete = false
  /// Whether a walk after an overflow has not come by yet.
  var isStale = false
  var identity = FileIdentity(device: 0, inode: 0)
  /// The position up to which events may tell what a scan has told; 0 for no window, `max` during the scan.
  var windowEnd: UInt64 = 0
}

/// What is remembered of a name in a directory for a while.
struct Notice {
  struct Flags: OptionSet {
    let rawValue: UInt8

    /// A scan has told the name, and its window is open.
    static let listed = Flags(rawValue: 1)
    /// A `written` is to come, unless the kernel tells of a close.
    static let owed = Flags(rawValue: 2)
    /// The name is new by an event: a file being made, or a link.
    static let fresh = Flags(rawValue: 4)
    /// There at the start.
    static let backlog = Flags(rawValue: 8)
    /// Bytes have been written since it was last told.
    static let unsettled = Flags(rawValue: 16)
    /// It was told at rest while a writer had it open; that writer's close says nothing new.
    static let settled = Flags(rawValue: 32)
    /// It stands in the queue of what is due.
    static let queued = Flags(rawValue: 64)
  }

  var flags: Flags = []
  var tries: UInt8 = 0
  var next: Int32 = -1
  var previous: Int32 = -1
  /// When bytes were last written, in nanoseconds of the monotonic clock.
  var lastChange: Int64 = 0
}

/// The first half of a move whose second half has not come yet.
struct PendingMove {
  let cookie: UInt32
  let directory: Reference
  let name: [UInt8]
  let isDirectory: Bool
  /// Whether the name had been told, so that its going is worth telling.
  let isTold: Bool
  /// When the second half will not come any more; set once there was nothing left to read.
  var deadline: Int64?
}
