import EventLoop
import Platform

/// The last of a connection that upon has closed: what was written reaches a peer that is still sending.
///
/// A socket that is closed with unread input makes the kernel send a reset, at which the peer's kernel drops what the
/// peer has not read. So sending is shut down first, and what comes is discarded until the peer ends too.
final class Farewell: DescriptorSet.Member {
  /// It lasts so long at most.
  private static let longest: Int64 = 10_000_000_000
  /// Nor longer than this without a byte in either direction.
  private static let quietest: Int64 = 2_000_000_000

  private unowned let connections: Connections
  private let transport: Transport
  /// What is still to be sent.
  private var rest: ByteQueue
  private let began = Clock.monotonic()
  private var last: Int64
  private var timer: Timer?

  /// Takes over an open descriptor; `begin` starts.
  init(
    _ descriptor: Int32, sending rest: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
    by transport: Transport, of connections: Connections
  ) {
    self.connections = connections
    self.transport = transport
    self.rest = ByteQueue(capacity: max(rest.count, 16))
    self.rest.append(rest)
    last = began
    super.init(descriptor: descriptor)
  }

  deinit {
    if descriptor >= 0 { Platform.close(descriptor) }
  }

  /// Begins, in the place of a member of the set that has had the descriptor; false when it is over already.
  func begin(replacing member: DescriptorSet.Member?, in set: DescriptorSet) -> Bool {
    if let member { set.move(from: member, to: self) }
    timer = Timer(loop: connections.loop) { [unowned self] now in check(now) }
    timer?.arm(at: began + Self.quietest)
    return send() && discard() != nil && watch(in: set)
  }

  private func watch(in set: DescriptorSet) -> Bool {
    (try? set.watch(self, for: rest.isEmpty ? .input : [.input, .output])) != nil
  }

  override func ready(_ readiness: Readiness) -> Int {
    if readiness.contains(.output), !send() { return over() }
    guard let count = discard() else { return over() }
    if let set = connections.set, !watch(in: set) { return over() }
    return count
  }

  /// Sends what is left, then tells the peer that this was all; false when nobody takes it any more.
  private func send() -> Bool {
    while !rest.isEmpty {
      switch transport.send(rest.bytes, to: descriptor) {
      case .bytes(let count):
        rest.consume(count)
        last = Clock.monotonic()
      case .blocked: return true
      case .end, .failed: return false
      }
      if rest.isEmpty { transport.finishSending(to: descriptor) }
    }
    return true
  }

  /// Reads what has come and forgets it; returns how much that was, nil when the peer has ended.
  private func discard() -> Int? {
    let count = recv(descriptor, connections.buffer, Connections.bufferSize, Int32(MSG_DONTWAIT))
    if count > 0 {
      last = Clock.monotonic()
      return count
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
  }

  private func check(_ now: Int64) {
    let deadline = min(last + Self.quietest, began + Self.longest)
    if now >= deadline {
      _ = over()
    } else {
      timer?.arm(at: deadline)
    }
  }

  private func over() -> Int {
    timer?.cancel()
    connections.isOver(self)
    return 0
  }
}
