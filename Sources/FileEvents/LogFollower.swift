import EventLoop
import Platform

/// Reads what is appended to the files that stand under a name, or a pattern of names, through rotation.
///
/// Each file that has stood there is a generation, known by its inode: it is read to its end, under whatever name it has by
/// now, before a newer one, and nothing is read twice. What one name gives comes in the order of the generations.
public final class LogFollower {
  /// Where files are read from that are there at the start; what appears later is read from its start.
  public enum Start: Sendable { case end, start }

  /// Who is told.
  public struct Handlers {
    /// Called with the bytes that come next of a generation, the first of which has the offset given. They are gone after
    /// the call.
    public var onBytes: (LogGeneration, UnsafeRawBufferPointer, _ offset: UInt64) -> Void
    /// A newer file has taken the name of a generation.
    public var onRotate: (LogGeneration) -> Void = { _ in }
    /// The file was cut, and is read from its start; what of a record was read before will not be continued.
    public var onTruncate: (LogGeneration) -> Void = { _ in }
    /// Nothing comes any more of a generation: what of a record was read is its last one.
    public var onEnd: (LogGeneration) -> Void = { _ in }
    public var onTrouble: (FileTrouble) -> Void = { _ in }

    public init(onBytes: @escaping (LogGeneration, UnsafeRawBufferPointer, _ offset: UInt64) -> Void) {
      self.onBytes = onBytes
    }
  }

  /// A file that has come, under the name that events have led it to.
  final class Unopened {
    var name: [UInt8]?
    var looks = 0

    init(name: [UInt8]) { self.name = name }
  }

  /// What a move has taken along.
  enum Moving {
    case generation(LogGeneration)
    case unopened(Unopened)
  }

  /// How often opening waits for a directory in which names change meanwhile.
  static let mostTries = 50

  /// An old generation ends after so much silence, and there are no more than so many: they fill disks.
  static let linger: Int64 = 5_000_000_000
  static let mostOld = 64
  private static let bufferSize = 65_536
  private static let slice: Int64 = 1_000_000

  let watches: FileWatches
  let path: [UInt8]
  let handlers: Handlers
  let start: Start
  /// What the last part of the path matches; nil for one name.
  let pattern: Glob?
  private(set) var slot: Int32 = -1
  var trail: Trail!
  var turn: Turn?
  private var timer: Timer?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 8)

  /// From the oldest to the newest.
  var generations: [LogGeneration] = []
  /// Where to go on in files of an earlier run.
  var saved: [LogPosition]
  /// Whether there was an earlier run, so that what is new here has not been read.
  let isGoingOn: Bool
  var directory: OpenFile?
  var directoryIdentity = FileIdentity(device: 0, inode: 0)
  var directoryWatch: Int32 = -1
  var lastName: [UInt8] = []
  var lastTag: Int32 = 0
  var moved: [(cookie: UInt32, file: Moving)] = []
  /// New files that have not been opened, in the order in which they came, with the names that they have by now.
  var unopened: [Unopened] = []
  /// Counts changes of their names.
  var nameChanges = 0
  var isArmed = false
  var needsLook = true
  var isPaused = false
  var isClosed = false

  /// Follows a path, whose last part is a pattern when it has `*`, `?` or `[`. `saved` are positions of an earlier run.
  public init(
    path: [UInt8], from start: Start, saved: [LogPosition] = [], watches: FileWatches, handlers: Handlers
  ) {
    self.path = path
    self.start = start
    self.saved = saved
    isGoingOn = !saved.isEmpty
    self.watches = watches
    self.handlers = handlers
    let last = path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...]
    let isPattern = last.contains { [0x2A, 0x3F, 0x5B].contains($0) }
    pattern = isPattern ? Glob(String(decoding: last, as: UTF8.self)) : nil
    slot = watches.add(self)
    trail = Trail(path: path, watches: watches, owner: slot)
    turn = Turn(loop: watches.loop, queue: .data) { [unowned self] in work() }
    timer = Timer(loop: watches.loop) { [unowned self] _ in work() }
    turn?.schedule()
  }

  deinit { buffer.deallocate() }

  /// The positions of all open generations, for an orderly end or a rotation.
  public func positions() -> [LogPosition] { generations.map { $0.position() } + saved }

  /// Reads nothing until `resume()`; the files keep what comes.
  public func pause() { isPaused = true }

  public func resume() {
    isPaused = false
    if !isClosed { turn?.schedule() }
  }

  public func close() {
    guard !isClosed else { return }
    isClosed = true
    turn?.cancel()
    timer?.cancel()
    for generation in generations { forgetWatch(generation) }
    generations = []
    moved = []
    if directoryWatch >= 0 { watches.forget(directoryWatch, owner: slot, tag: 0) }
    trail.close()
    watches.remove(owner: slot)
  }

  // MARK: Turns

  /// Directory events first: they lead each generation to its present name.
  private func work() {
    guard !isClosed else { return }
    if trail.isStale { resolve() }
    if needsLook { lookForFiles() }
    let deadline = Clock.monotonic() + Self.slice
    var isMore = false
    if !isPaused {
      for generation in generations where !isMore && !isClosed {
        isMore = read(generation, until: deadline)
      }
    }
    guard !isClosed else { return }
    if isMore { turn?.schedule() } else { endOld() }
  }

  // MARK: Reading

  /// Reads to the end, or until it is somebody else's turn; returns whether there is more.
  private func read(_ generation: LogGeneration, until deadline: Int64) -> Bool {
    while !isClosed && !isPaused {
      let offset = generation.readOffset
      switch generation.read(into: buffer) {
      case .bytes(let range):
        generation.lastRead = Clock.monotonic()
        handlers.onBytes(generation, UnsafeRawBufferPointer(rebasing: buffer[range]), offset)
        if generation.lastRead >= deadline { return true }
      case .nothing: return false
      case .cut:
        generation.seek(0)
        handlers.onTruncate(generation)
      case .failed(let code):
        handlers.onTrouble(.unwatched(path: generation.fileName, code: code))
        return false
      }
    }
    return false
  }

  /// Lets go of old generations that are silent, or that nobody can write to any more.
  private func endOld() {
    let now = Clock.monotonic()
    var next = Int64.max
    for generation in generations where generation.isOld {
      let old = generations.count { $0.isOld }
      let isAbandoned = generation.isUnlinked && upon_has_writer(generation.file.number) == 0
      if isPaused { continue }
      if now - generation.lastRead >= Self.linger || isAbandoned || old > Self.mostOld {
        // What came between the last read and the look at its writers.
        if read(generation, until: .max) || isPaused { continue }
        forgetWatch(generation)
        generations.removeAll { $0 === generation }
        moved.removeAll { if case .generation(let other) = $0.file { other === generation } else { false } }
        handlers.onEnd(generation)
        if isClosed { return }
      } else {
        next = min(next, generation.lastRead + Self.linger)
      }
    }
    if next != .max { timer?.arm(at: next) }
  }
}
