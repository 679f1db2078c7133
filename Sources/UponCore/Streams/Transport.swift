import EventLoop
import Platform

/// The way of a connection's bytes: its socket as it is. A subclass puts a protocol in between.
///
/// It has no state of its own, so that one serves all connections; one of a subclass belongs to its connection.
class Transport {
  /// What a transfer that does not wait came to.
  enum Outcome {
    case bytes(Int)
    /// The peer has finished sending.
    case end
    /// Nothing can be done before the descriptor is ready in this direction, which for a protocol may be the other one.
    case blocked(on: Readiness)
    case failed(errno: Int32)
  }

  /// Receives up to `count` bytes.
  func receive(from descriptor: Int32, into buffer: UnsafeMutableRawPointer, _ count: Int) -> Outcome {
    let result = recv(descriptor, buffer, count, Int32(MSG_DONTWAIT))
    if result > 0 { return .bytes(result) }
    return result == 0 ? .end : outcome(of: errno, blocking: .input)
  }

  /// Sends as many of the bytes as go.
  func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Outcome {
    while true {
      let result = upon_sendto(descriptor, bytes.baseAddress, bytes.count, nil, 0)
      if result >= 0 { return .bytes(result) }
      if errno != EINTR { return outcome(of: errno, blocking: .output) }
    }
  }

  /// Tells the peer that nothing more comes; it may go on sending.
  func finishSending(to descriptor: Int32) {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  private func outcome(of code: Int32, blocking direction: Readiness) -> Outcome {
    code == EAGAIN || code == EINTR ? .blocked(on: direction) : .failed(errno: code)
  }
}
