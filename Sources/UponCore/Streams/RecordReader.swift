import EventLoop
import Platform

/// Reads a stream of bytes and offers its records to a port.
///
/// Framing is pull: the next record is looked for when the port can take it, and what has not been framed stays here,
/// also over the end of input. Who opens the stream, and what its end means, is its owner's.
final class RecordReader {
  /// Why nothing more comes.
  enum Stop {
    case end
    case failed(errno: Int32)
  }

  /// The places of its events in the table of their kind.
  struct Events {
    let record: Int
    let idle: Int
    let active: Int
  }

  /// At most this much is read in one turn, so that a flood starves no other source.
  private static let turnBudget = 1 << 18

  private let stream: any ByteStream
  private let framing: Framing
  private let events: Events
  private unowned(unsafe) let port: Port
  private let onStop: (Stop) -> Void
  private let event = Event()
  private var turn: Turn?
  private var silence: Silence?
  private var buffer = FrameBuffer()
  private var isAtEnd = false
  /// When the bytes in the buffer were noticed.
  private var time = WallTime()

  /// Makes a reader; `start` begins to read. `onStop` is called when all that has come has been offered.
  init(
    _ stream: any ByteStream, _ framing: Framing, _ events: Events, port: Port,
    onStop: @escaping (Stop) -> Void
  ) {
    self.stream = stream
    self.framing = framing
    self.events = events
    self.port = port
    self.onStop = onStop
  }

  // MARK: Life

  /// Opens the stream on the loop and begins to read; a silence of `idle` is told.
  func start(on loop: EventLoop, idle: IdleSpan?) throws(LoopError) {
    turn = Turn(loop: loop, queue: .data) { [unowned self] in ready() }
    if let idle {
      silence = Silence(idle, loop: loop) { [unowned self] ordinal in offerIdle(ordinal) }
    }
    try stream.open(on: loop) { [unowned self] in ready() }
    if stream.isAlwaysReady { turn?.schedule() }
  }

  func stop() {
    stream.setWatched(false)
    turn?.cancel()
    silence?.cancel()
  }

  func pause() {
    stream.setWatched(false)
    turn?.cancel()
    silence?.pause()
  }

  func resume() {
    silence?.resume()
    // What is in the buffer comes first; it is often enough to be held again.
    turn?.schedule()
  }

  /// Goes on with what another has read and not offered.
  func takeOver(_ old: RecordReader) {
    swap(&buffer, &old.buffer)
    (isAtEnd, time) = (old.isAtEnd, old.time)
    turn?.schedule()
  }

  /// How many bytes have been read and not offered.
  var unoffered: Int { buffer.count }

  /// Offers all that has been read, whether or not it is held: the source is removed. What is not whole is a part.
  func offerRest() {
    while let record = buffer.next(framing, isAtEnd ? .record : .part) { offer(record, to: port) }
  }

  // MARK: Reading

  private func ready() {
    readOn()
    if port.canTake, !isAtEnd { stream.setWatched(true) }
  }

  private func readOn() {
    var budget = Self.turnBudget
    offerBuffered()
    while port.canTake, !isAtEnd {
      if budget <= 0 {
        turn?.schedule()
        return
      }
      let room = buffer.room()
      guard let base = room.baseAddress else { return }
      let transfer = stream.read(into: base, room.count, buffered: buffer.count)
      guard case .bytes(let count) = transfer else {
        stopped(by: transfer)
        return
      }
      budget -= count
      time = .now
      buffer.commit(count)
      if silence?.broken() ?? false { offerActive() }
      offerBuffered()
      // Asking again would cost a call to hear so.
      if count < room.count, stream.isEmptiedByShortReading { return }
    }
  }

  private func stopped(by transfer: InheritedDescriptor.Transfer) {
    switch transfer {
    case .bytes: break
    case .wouldBlock:
      if stream.sawNewBytes, silence?.broken() ?? false { offerActive() }
      if stream.isAlwaysReady { turn?.schedule() }
    case .end:
      isAtEnd = true
      offerBuffered()
    case .failed(let code):
      offerBuffered()
      onStop(.failed(errno: code))
    }
  }

  // MARK: Offering

  /// Offers every record that is complete, while the port can take it.
  private func offerBuffered() {
    let port = port
    while port.canTake {
      guard let record = buffer.next(framing, isAtEnd ? .record : .waits) else { break }
      offer(record, to: port)
    }
    if isAtEnd, buffer.isEmpty, port.canTake { onStop(.end) }
  }

  @inline(__always)
  private func offer(_ record: Framing.Record, to port: Port) {
    event.begin(events.record, at: time)
    event.add(data: buffer.front(record.length), lineEnd: record.lineEnd)
    event.add(record.extent)
    port.offer(event)
    buffer.consume(record.total)
  }

  /// Offers the event in front of what has come behind a silence.
  @inline(never)
  private func offerActive() {
    event.begin(events.active, at: .now)
    port.offer(event)
  }

  /// Offers an idle event, but first what may have come together with the deadline.
  private func offerIdle(_ ordinal: UInt64) {
    if stream.isReady {
      ready()
      guard port.canTake, silence?.isOver ?? false else { return }
    }
    event.begin(events.idle, at: .now, count: ordinal)
    port.offer(event)
  }
}
