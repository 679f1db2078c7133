import Platform

/// Looks at what can be read from a descriptor that others share, and takes nothing.
///
/// Sockets are peeked at; of a pipe a copy is made. The corresponding C functions are `recv` with `MSG_PEEK`, and `tee`.
public final class Peek {
  /// The ends of a pipe of our own.
  private final class Copy {
    let reader: Descriptor
    let writer: Descriptor

    init?() {
      var ends: (Int32, Int32) = (-1, -1)
      let made = withUnsafeMutableBytes(of: &ends) {
        pipe2($0.baseAddress?.assumingMemoryBound(to: Int32.self), Int32(O_CLOEXEC) | O_NONBLOCK)
      }
      guard made == 0, let reader = try? Descriptor(ends.0, ""), let writer = try? Descriptor(ends.1, "")
      else { return nil }
      self.reader = reader
      self.writer = writer
    }
  }

  private let descriptor: InheritedDescriptor
  /// What has been copied from a pipe goes through one of upon's own; nil for a socket.
  private let copy: Copy?
  /// How many bytes a pipe can hold; the largest number for a socket.
  public let capacity: Int
  /// Whether nothing more can be written to a pipe, though it may hold fewer bytes than its size: each write takes a
  /// page of its own.
  public private(set) var isFull = false

  /// Makes one for a socket or a pipe; nil for anything else, and where the system cannot copy a pipe.
  public init?(_ descriptor: InheritedDescriptor) {
    self.descriptor = descriptor
    if descriptor.isSocket, !descriptor.isDatagramSocket {
      copy = nil
      capacity = .max
      return
    }
    guard descriptor.isPipe, let own = Copy() else { return nil }
    // A copy must hold as much as the pipe itself, or a long record would never be seen whole.
    let size = upon_fcntl_get(descriptor.number, F_GETPIPE_SZ)
    _ = upon_fcntl_set(own.writer.number, F_SETPIPE_SZ, size)
    copy = own
    capacity = max(Int(size), 4096)
  }

  /// Puts what is there, up to `count` bytes, at `place`.
  ///
  /// Fails with `EINVAL` or `ENOSYS` where a pipe cannot be copied after all.
  public func look(into buffer: UnsafeMutableRawPointer, _ count: Int) -> InheritedDescriptor.Transfer {
    while true {
      let result = copy == nil ? look(atSocket: buffer, count) : look(atPipe: buffer, count)
      if let transfer = InheritedDescriptor.Transfer(result, atZero: .end) { return transfer }
    }
  }

  private func look(atSocket buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    recv(descriptor.number, buffer, count, Int32(MSG_PEEK | MSG_DONTWAIT))
  }

  private func look(atPipe buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    guard let copy else { return 0 }
    let copied = tee(descriptor.number, copy.writer.number, count, UInt32(SPLICE_F_NONBLOCK))
    if copied <= 0 { return copied }
    // The copy has as many slots as the pipe, and shares its pages one by one.
    var entry = pollfd(fd: copy.writer.number, events: Int16(POLLOUT), revents: 0)
    isFull = poll(&entry, 1, 0) == 0
    return read(copy.reader.number, buffer, copied)
  }

  /// Whether nobody sends any more, so that what is there is all there will be.
  public var isFinished: Bool {
    descriptor.readiness(POLLIN | Int32(POLLRDHUP)) & (POLLHUP | Int32(POLLRDHUP)) != 0
  }
}
