import EventLoop
import Platform

/// Reads no further than the end of the records that are wanted: what follows is for the next reader.
///
/// Sockets and pipes are looked at first; a terminal in canonical mode gives a line at a time. Where none of these
/// works, one byte is read at a time.
final class BoundedReader {
  private enum Way {
    case peek(Peek)
    case line
    /// A datagram cannot be taken in part.
    case datagram
    case byte
  }

  private let descriptor: InheritedDescriptor
  private let framing: Framing
  private var way: Way
  private var lastSeen = 0
  /// Whether the last read that took nothing has seen bytes that were not there before.
  private(set) var sawNewBytes = false

  init(_ descriptor: InheritedDescriptor, _ framing: Framing) {
    self.descriptor = descriptor
    self.framing = framing
    way =
      if descriptor.isDatagramSocket {
        .datagram
      } else if let peek = Peek(descriptor) {
        .peek(peek)
      } else if descriptor.isTerminal {
        .line
      } else {
        .byte
      }
  }

  /// Whether an incomplete record stays in the descriptor.
  var leavesBytes: Bool {
    if case .peek = way { true } else { false }
  }

  /// Reads at most up to the end of record number `allowance`, counted from what is `buffered` of an unfinished one.
  func read(into buffer: UnsafeMutableRawPointer, _ count: Int, buffered: Int, allowance: Int)
    -> InheritedDescriptor.Transfer
  {
    sawNewBytes = false
    switch way {
    case .byte: return descriptor.read(into: buffer, 1)
    case .datagram: return descriptor.read(into: buffer, count)
    case .line: return descriptor.read(into: buffer, isCanonical ? count : 1)
    case .peek(let peek):
      let seen = peek.look(into: buffer, count)
      guard case .bytes(let available) = seen else {
        if seen == .failed(EINVAL) || seen == .failed(ENOSYS) {
          way = .byte
          return descriptor.read(into: buffer, 1)
        }
        return seen
      }
      let bytes = UnsafeRawBufferPointer(start: buffer, count: available)
      let wanted = framing.wanted(of: bytes, behind: buffered, atMost: allowance) {
        peek.isFull || available >= min(peek.capacity, count) || peek.isFinished
      }
      sawNewBytes = wanted == 0 && available != lastSeen
      lastSeen = wanted == 0 ? available : 0
      return wanted == 0 ? .wouldBlock : descriptor.read(into: buffer, wanted)
    }
  }

  private var isCanonical: Bool {
    var settings = termios()
    return tcgetattr(descriptor.number, &settings) == 0 && settings.c_lflag & tcflag_t(ICANON) != 0
  }
}
