import EventLoop
import Platform

/// Tells whether there is something at a path, and each time that changes; it looks through links.
///
/// The corresponding C function is `stat`: the level is whether it succeeds. The handler is called in turns of the loop,
/// first with the level that there is.
public final class ExistenceWatch {
  /// Who is told.
  public struct Handlers {
    /// Called with each new level; what there is, or nil.
    public var onChange: (FileType?) -> Void
    /// Called for what cannot be watched.
    public var onTrouble: (FileTrouble) -> Void

    public init(
      onChange: @escaping (FileType?) -> Void, onTrouble: @escaping (FileTrouble) -> Void = { _ in }
    ) {
      self.onChange = onChange
      self.onTrouble = onTrouble
    }
  }

  private enum Level { case unknown, absent, present }

  private let watches: FileWatches
  private let path: [UInt8]
  private let settle: Int64?
  private let poll: Int64?
  private let handlers: Handlers
  private var slot: Int32 = -1
  private var trail: Trail!
  private var turn: Turn?
  private var timer: Timer?
  private var level = Level.unknown
  /// What was seen when the wait for rest began.
  private var unsettled: FileFacts?
  /// When that will have been long enough ago.
  private var settleEnd: Int64 = 0
  private var isPaused = false
  private var isClosed = false
  /// Why the path is looked at every so often; nil where the kernel tells.
  public private(set) var pollingReason: String?

  /// Watches a path; with `settle` something is there when it has also been unchanged for so many nanoseconds. With `poll`
  /// the path is looked at every so many nanoseconds, as it is by itself where the kernel does not tell.
  public init(
    path: [UInt8], settle: Int64? = nil, poll: Int64? = nil, watches: FileWatches, handlers: Handlers
  ) {
    self.path = path
    self.settle = settle
    self.watches = watches
    self.handlers = handlers
    let reason = poll == nil ? FileSystem.silent(at: path)?.name : nil
    pollingReason = poll != nil ? "asked for" : reason.map { "changes on \($0) are not told by the kernel" }
    self.poll = poll ?? (reason == nil ? nil : FileSystem.pollInterval)
    slot = watches.add(self)
    trail = Trail(path: path, watches: watches, owner: slot)
    turn = Turn(loop: watches.loop, queue: .data) { [unowned self] in look() }
    timer = Timer(loop: watches.loop) { [unowned self] _ in look() }
    turn?.schedule()
  }

  /// Tells nothing until `resume()`.
  public func pause() { isPaused = true }

  /// Tells the level if it is another than the one told last.
  public func resume() {
    guard isPaused, !isClosed else { return }
    isPaused = false
    turn?.schedule()
  }

  /// Ends; nothing is told any more.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    turn?.cancel()
    timer?.cancel()
    trail.close()
    watches.remove(owner: slot)
  }

  private func look() {
    guard !isClosed, !isPaused else { return }
    if poll == nil && trail.isStale {
      _ = trail.follow(.watched)
      if trail.isOutOfWatches { handlers.onTrouble(.outOfWatches(directories: 1)) }
    }
    let facts = path.withCString { try? FileFacts.look(AT_FDCWD, $0, follow: true).get() }
    if let facts, !hasSettled(facts) { return }
    if let poll, !isClosed { timer?.arm(at: Clock.monotonic() + poll) }
    let now: Level = facts == nil ? .absent : .present
    guard now != level else { return }
    level = now
    if facts == nil { unsettled = nil }
    handlers.onChange(facts?.type)
  }

  /// Whether a file that has appeared has been unchanged for long enough; if not, it is looked at again.
  private func hasSettled(_ facts: FileFacts) -> Bool {
    guard let settle, level != .present else { return true }
    let now = Clock.monotonic()
    if let unsettled, facts.isUnchanged(since: unsettled) {
      if settleEnd <= now { return true }
    } else {
      unsettled = facts
      settleEnd = now + settle
    }
    timer?.arm(at: settleEnd)
    return false
  }
}

extension ExistenceWatch: WatchOwner {
  var horizon: UInt64 { .max }

  func receive(_ change: RawChange, tag: Int32) { trail.receive(change, tag: tag) }

  func reach(_ position: UInt64) {}

  func endBatch(drained: Bool) {
    if drained && trail.isStale && !isClosed { look() }
  }

  func recover() { trail.invalidate() }
}
