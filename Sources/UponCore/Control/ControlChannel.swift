import EventLoop
import Platform

/// One way by which requests come in and answers go out.
///
/// Requests are urgent, but a client that sends without a pause waits behind what else there is to do: after a batch
/// that was full, or several in a row while data was waiting, the next one has its turn in queue data.
class ControlChannel {
  /// At most this many requests are carried out in one turn.
  private static let perTurn = 64
  /// Turns in a row in which nothing else may have had one.
  private static let longestStreak = 8
  static let bufferSize = 1 << 16

  unowned(unsafe) let session: Session
  /// The address as it was typed.
  let name: [UInt8]
  private(set) var isClosed = false
  let buffer: UnsafeMutableRawPointer
  private var lines = RequestLines()
  private var turn: Turn?
  private var streak = 0
  /// It waits for its turn in queue data.
  private var isResting = false
  private var isAtEnd = false
  private var answer = ByteQueue(capacity: 512)

  /// What is received stays in `buffer`, which all channels of a session share, only until it has been taken.
  init(name: [UInt8], session: Session, buffer: UnsafeMutableRawPointer) {
    self.buffer = buffer
    self.name = name
    self.session = session
    turn = Turn(loop: session.services.loop, queue: .data) { [unowned self] in takeTurn() }
  }

  // MARK: What a channel is

  func receive(into base: UnsafeMutableRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    fatalError("a channel is read by its own class")
  }

  /// Whether it is told when there is something to read.
  func watch(_ isWatched: Bool) {}

  /// Whether it is always ready, as a file is.
  var isAlwaysReady: Bool { false }

  /// Whether no further answer finds room, so that no request is read.
  var isFull: Bool { false }

  /// Takes an answer, one JSON object without its line end.
  func send(_ answer: borrowing ByteQueue) {}

  /// Writes the answers of a batch.
  func flush() {}

  /// Where records are sent that were subscribed to; nil where they go anyway.
  var records: Output? { nil }

  /// Ends what was begun by a subscription, behind what has been written.
  func cutOff() {}

  /// The other side sends nothing more; all it has asked for is done.
  func ended() {}

  /// Nothing can be read any more.
  func failed(_ code: Int32) {}

  // MARK: Requests

  /// Begins to listen.
  func start() throws(SourceFailure) {
    guard isAlwaysReady else { return watch(true) }
    isResting = true
    turn?.schedule()
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    stopReading()
  }

  /// Reads no more requests.
  func stopReading() {
    watch(false)
    turn?.cancel()
  }

  /// Something can be read.
  func ready() {
    guard !isClosed, !isResting else { return }
    streak += 1
    let isDone = serve()
    guard !isClosed else { return }
    if !isDone || streak >= Self.longestStreak || isAlwaysReady && !isAtEnd && !isFull {
      isResting = true
      watch(false)
    }
    turn?.schedule()
  }

  /// There is room for answers again.
  func proceed() {
    guard !isClosed, !isResting else { return }
    if !isAlwaysReady, !isAtEnd { watch(true) }
    ready()
  }

  private func takeTurn() {
    streak = 0
    guard isResting, !isClosed else { return }
    isResting = false
    if !isAlwaysReady, !isFull, !isAtEnd { watch(true) }
    ready()
  }

  /// Carries out what has come; false when there is more than one turn may take.
  private func serve() -> Bool {
    defer { if !isClosed { flush() } }
    var left = Self.perTurn
    while true {
      while !isFull, let line = lines.next() {
        take(line)
        left -= 1
        if isClosed || session.isStopping { return true }
        if left == 0 { return false }
      }
      if isFull {
        watch(false)
        return true
      }
      if isAtEnd { return true }
      switch receive(into: buffer, Self.bufferSize) {
      case .bytes(let count):
        lines.append(UnsafeRawBufferPointer(start: buffer, count: count))
        // A second read in one turn only where the first has brought part of a request.
        left -= 1
        if left == 0 { return false }
      case .wouldBlock: return true
      case .end:
        isAtEnd = true
        watch(false)
        if let line = lines.last() { take(line) }
        if !isClosed { ended() }
        return true
      case .failed(let code):
        isAtEnd = true
        watch(false)
        failed(code)
        return true
      }
    }
  }

  private func take(_ line: RequestLines.Line) {
    if line.isBlank { return }
    answer.removeAll()
    let isAnswered =
      switch line {
      case .tooLong: session.refuse("longer than \(RequestLines.longest) bytes", to: &answer)
      case .text(let text): session.carryOut(text, for: self, answer: &answer)
      }
    if isAnswered { send(answer) }
    session.requestIsDone()
  }
}
