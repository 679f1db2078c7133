import Platform

/// Reads no further than the end of the records that are wanted: what follows is for the next reader.
///
/// Sockets are peeked at; of a pipe a copy is made with `tee`, which takes nothing; a terminal in canonical mode gives
/// a line at a time. Where none of these works, one byte is read at a time.
final class BoundedReader {
  private enum Way {
    case peek
    case tee(into: Int32, from: Int32)
    case line
    /// A datagram cannot be taken in part.
    case datagram
    case byte
  }

  private let descriptor: InheritedDescriptor
  private let frame: InputPlan.Frame
  private let max: Int
  private var way: Way
  private var capacity = 1 << 16
  private var lastSeen = 0
  /// The pipe has no slot left, though it may hold fewer bytes than its size: each write takes a page of its own.
  private var isFull = false
  /// Whether the last read that took nothing has seen bytes that were not there before.
  private(set) var sawNewBytes = false

  init(_ descriptor: InheritedDescriptor, _ plan: InputPlan) {
    self.descriptor = descriptor
    frame = plan.frame
    max = plan.max
    if descriptor.isDatagramSocket {
      way = .datagram
    } else if descriptor.isSocket {
      way = .peek
    } else if descriptor.isTerminal {
      way = .line
    } else if descriptor.isPipe {
      way = Self.openTee(descriptor.number)
      capacity = Swift.max(Int(upon_fcntl_get(descriptor.number, F_GETPIPE_SZ)), 4096)
    } else {
      way = .byte
    }
  }

  deinit {
    if case .tee(let into, let from) = way {
      close(into)
      close(from)
    }
  }

  /// Whether an incomplete record stays in the descriptor.
  var leavesBytes: Bool {
    switch way {
    case .peek, .tee: true
    case .line, .datagram, .byte: false
    }
  }

  private static func openTee(_ number: Int32) -> Way {
    var ends: (Int32, Int32) = (-1, -1)
    let made = withUnsafeMutableBytes(of: &ends) {
      pipe2($0.baseAddress?.assumingMemoryBound(to: Int32.self), Int32(O_CLOEXEC) | O_NONBLOCK)
    }
    guard made == 0 else { return .byte }
    // A copy must hold as much as the pipe itself, or a long record would never be seen whole.
    _ = upon_fcntl_set(ends.1, F_SETPIPE_SZ, upon_fcntl_get(number, F_GETPIPE_SZ))
    return .tee(into: ends.1, from: ends.0)
  }

  /// Reads at most up to the end of record number `allowance`, counted from what is `buffered` of an unfinished one.
  func read(into place: UnsafeMutableRawPointer, _ count: Int, buffered: Int, allowance: Int)
    -> InheritedDescriptor.Transfer
  {
    sawNewBytes = false
    switch way {
    case .byte: return descriptor.read(into: place, 1)
    case .datagram: return descriptor.read(into: place, count)
    case .line: return descriptor.read(into: place, isCanonical ? count : 1)
    case .peek, .tee:
      let seen = look(into: place, count)
      guard case .bytes(let available) = seen else {
        if seen == .failed(EINVAL) || seen == .failed(ENOSYS) {
          way = .byte
          return descriptor.read(into: place, 1)
        }
        return seen
      }
      let wanted = wanted(place, available, count, buffered, allowance)
      sawNewBytes = wanted == 0 && available != lastSeen
      lastSeen = wanted == 0 ? available : 0
      return wanted == 0 ? .wouldBlock : descriptor.read(into: place, wanted)
    }
  }

  /// How many of the bytes seen are taken; none while a record is incomplete and may still become whole.
  private func wanted(
    _ place: UnsafeMutableRawPointer, _ available: Int, _ count: Int, _ buffered: Int, _ allowance: Int
  ) -> Int {
    guard case .delimited(let delimiter) = frame else { return min(available, max) }
    var end = 0
    var records = 0
    while records < allowance, let next = memchr(place + end, Int32(delimiter), available - end) {
      end = UnsafeMutableRawPointer(mutating: next) - place + 1
      records += 1
    }
    if end > 0 { return end }
    let isStuck = isFull || available >= Swift.min(capacity, count) || buffered + available > max
    let hasHungUp = descriptor.readiness(POLLIN | Int32(POLLRDHUP)) & (POLLHUP | Int32(POLLRDHUP)) != 0
    return isStuck || hasHungUp ? Swift.min(available, max + 2) : 0
  }

  private func look(into place: UnsafeMutableRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    while true {
      let result: Int
      if case .tee(let into, let from) = way {
        let copied = tee(descriptor.number, into, count, UInt32(SPLICE_F_NONBLOCK))
        // The copy has as many slots as the pipe, and shares its pages one by one.
        var entry = pollfd(fd: into, events: Int16(POLLOUT), revents: 0)
        isFull = copied > 0 && poll(&entry, 1, 0) == 0
        result = copied > 0 ? Platform.read(from, place, copied) : copied
      } else {
        result = recv(descriptor.number, place, count, Int32(MSG_PEEK | MSG_DONTWAIT))
      }
      if let transfer = InheritedDescriptor.Transfer(result, atZero: .end) { return transfer }
    }
  }

  private var isCanonical: Bool {
    var settings = termios()
    return tcgetattr(descriptor.number, &settings) == 0 && settings.c_lflag & tcflag_t(ICANON) != 0
  }
}
