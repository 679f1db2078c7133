import EventLoop
import Platform

/// Watches a path and, as options say, what lies below it, by the word of the kernel.
///
/// Nothing is lost and nothing told twice while the tree changes: each directory is watched, then read, and what was
/// read is compared with the events that were queued by then (its window). The path need not be there: the nearest
/// directory that exists is watched, and links anywhere on the way are followed anew when they change.
final class FileTree: WatchedTree {
  let watches: FileWatches
  let path: [UInt8]
  let options: TreeOptions
  let handlers: TreeHandlers
  let mask: WatchMask
  let clock: () -> Int64

  let directories = NameTable<Directory>(blank: Directory())
  let notices = NameTable<Notice>(blank: Notice())
  let text = PathText()
  let sourceText = PathText()
  /// The directory whose path the text begins with, or -1.
  var textDirectory: Int32 = -1
  var textLength = 0

  private(set) var slot: Int32 = -1
  private(set) var trail: Trail!
  private(set) var isClosed = false

  // The root.
  /// The directory that holds the last name of the path, or -1.
  var holder: Int32 = -1
  var holderName: [UInt8] = []
  var isPresent = false
  var isStarted = false
  var nearestLength = 0
  /// Whether the last name as typed is a link, so that the path has to be followed to what `holder` holds.
  var isBehindLink = false
  /// Whether a link that took the last name has been told by its own event.
  var hasToldLink = false

  // The walk.
  var frames: [WalkFrame] = []
  var loose = Line<Reference>()
  var blocked: [Reference] = []
  var openedWindows: [Reference] = []
  var windows = Line<(end: UInt64, directory: Reference)>()
  var isRescanning = false
  var needsRescan = false
  var isOutOfWatches = false
  var isReady = false
  /// Whether the number of links of a directory counts the directories in it, on the file system seen last.
  var linkCounts: (device: UInt64, areExact: Bool)?
  private(set) var turn: Turn?
  private(set) var timer: Timer?

  // Files that are owed.
  var owed = Line<Reference>()
  var fresh: [Reference] = []
  var confirmed: [Reference] = []
  var confirmations = Line<(end: UInt64, notice: Reference)>()
  var due = DueQueue()
  var backlogCount = 0

  var moves: [PendingMove] = []
  var paused: PausedEvents?
  var watchedCount = 0
  var mayRetryBlocked = false

  init(path: [UInt8], options: TreeOptions, watches: FileWatches, handlers: TreeHandlers) {
    self.path = path
    self.options = options
    self.watches = watches
    self.handlers = handlers
    mask = options.mask
    clock = Clock.monotonic
    slot = watches.add(self)
    trail = Trail(path: path, watches: watches, owner: slot)
    turn = Turn(loop: watches.loop, queue: .data) { [unowned self] in walk() }
    timer = Timer(loop: watches.loop) { [unowned self] now in fire(now) }
    resolve()
    scheduleWalk()
  }

  var directoryCount: Int { watchedCount }

  var pollingReason: String? { nil }

  var presence: Presence {
    isPresent ? .present : .absent(nearest: Array(path[..<nearestLength]))
  }

  func pause() {
    if paused == nil { paused = PausedEvents() }
  }

  func resume() {
    guard let gathered = paused else { return }
    paused = nil
    if gathered.hasOverflown { return tellOverflow() }
    gathered.tell { event in if !isClosed { handlers.onEvent(event) } }
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    turn?.cancel()
    timer?.cancel()
    dropAll()
    trail.close()
    watches.remove(owner: slot)
  }

  func scheduleWalk() {
    if !isClosed { turn?.schedule() }
  }

  /// Sets the timer for what is due next.
  func rearm() {
    var next = due.next
    for move in moves { next = min(next, move.deadline ?? .max) }
    if next == .max {
      timer?.cancel()
    } else if timer?.deadline != next {
      timer?.arm(at: next)
    }
  }

  private func fire(_ now: Int64) {
    // The second half of a move may be queued already.
    watches.drain()
    guard !isClosed else { return }
    expireMoves(now)
    lookAtDue(now)
    rearm()
  }
}

extension FileTree: WatchOwner {
  var horizon: UInt64 { min(windows.first?.end ?? .max, confirmations.first?.end ?? .max) }

  func receive(_ change: RawChange, tag: Int32) {
    guard !isClosed else { return }
    if tag < 0 { return trail.receive(change, tag: tag) }
    if change.mask.contains(.ignored) { return loseWatch(of: tag) }
    if change.name.isEmpty { return }
    if tag == holder && !holderName.elementsEqual(change.name) { return }
    take(change, in: tag)
  }

  func reach(_ position: UInt64) {
    while let first = windows.first, first.end <= position {
      _ = windows.popFirst()
      closeWindow(first.directory, end: first.end)
    }
    while let first = confirmations.first, first.end <= position {
      _ = confirmations.popFirst()
      confirm(first.notice)
    }
    checkReady()
  }

  func endBatch(drained: Bool) {
    guard !isClosed else { return }
    if drained {
      let deadline = clock() + Self.moveWait
      for index in moves.indices where moves[index].deadline == nil { moves[index].deadline = deadline }
    }
    if drained || fresh.count > 4096 { lookAtFresh() }
    if trail.isStale { resolve() }
    if mayRetryBlocked { retryBlocked() }
    if needsRescan { rescan() }
    if hasWork { scheduleWalk() }
    rearm()
  }

  func recover() {
    guard !isClosed else { return }
    flushMoves()
    tellOverflow()
    if !isClosed { rescan() }
  }

  /// How long after the last event the second half of a move may come; they are queued in one go.
  static var moveWait: Int64 { 15_000_000 }
}
