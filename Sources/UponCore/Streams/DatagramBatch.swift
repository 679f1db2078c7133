import Platform

/// Room for as many datagrams as are received by one call.
final class DatagramBatch {
  /// One datagram; its bytes are valid until the next batch is received.
  struct Datagram {
    let bytes: UnsafeRawBufferPointer
    /// How long it was; more than there are bytes where it did not fit.
    let size: Int
    fileprivate let message: UnsafePointer<msghdr>

    /// Who has sent it; nil for a unix socket without a name.
    var sender: SocketAddress? {
      guard let name = message.pointee.msg_name, message.pointee.msg_namelen > 0 else { return nil }
      return SocketAddress(copying: name, length: message.pointee.msg_namelen)
    }

    /// The address of this machine that it was sent to; nil where the socket does not tell.
    var target: SocketAddress? {
      SocketAddress(writtenBy: { address, length in
        address.withMemoryRebound(to: sockaddr_storage.self, capacity: 1) {
          length.pointee = upon_datagram_target(message, $0)
        }
        return length.pointee == 0 ? -1 : 0
      })
    }
  }

  private static let most = 32
  /// Memory is taken by the pages that datagrams touch, not by the room for them.
  private static let room = 2 << 20
  private static let control = Int(UPON_DATAGRAM_CONTROL)

  let capacity: Int
  private let slot: Int
  private let bytes: UnsafeMutableRawPointer
  private let parts: UnsafeMutablePointer<iovec>
  private let names: UnsafeMutablePointer<sockaddr_storage>
  private let controls: UnsafeMutableRawPointer
  private let messages: UnsafeMutablePointer<mmsghdr>

  /// Makes room for datagrams of at most so many bytes.
  init(longest: Int) {
    slot = longest
    capacity = max(1, min(Self.most, Self.room / longest))
    bytes = .allocate(byteCount: capacity * slot, alignment: 16)
    parts = .allocate(capacity: capacity)
    names = .allocate(capacity: capacity)
    messages = .allocate(capacity: capacity)
    controls = .allocate(byteCount: capacity * Self.control, alignment: 16)
    names.initialize(repeating: sockaddr_storage(), count: capacity)
    messages.initialize(repeating: mmsghdr(), count: capacity)
    for index in 0..<capacity {
      (parts + index).initialize(to: iovec(iov_base: bytes + index * slot, iov_len: slot))
      messages[index].msg_hdr.msg_iov = parts + index
      messages[index].msg_hdr.msg_iovlen = 1
      messages[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names + index)
    }
  }

  deinit {
    bytes.deallocate()
    parts.deallocate()
    names.deallocate()
    messages.deallocate()
    controls.deallocate()
  }

  /// Receives what is there, at most `limit`; returns how many, or the negative errno.
  func receive(from descriptor: Int32, limit: Int) -> Int {
    let limit = min(limit, capacity)
    // The kernel writes the lengths of name and control data over the room for them.
    for index in 0..<limit {
      messages[index].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
      messages[index].msg_hdr.msg_control = controls + index * Self.control
      messages[index].msg_hdr.msg_controllen = Self.control
    }
    let count = upon_receive_datagrams(descriptor, messages, UInt32(limit))
    return count < 0 ? -Int(errno) : Int(count)
  }

  subscript(index: Int) -> Datagram {
    let size = Int(messages[index].msg_len)
    return Datagram(
      bytes: UnsafeRawBufferPointer(start: bytes + index * slot, count: min(size, slot)), size: size,
      message: UnsafeRawPointer(messages + index).assumingMemoryBound(to: msghdr.self))
  }
}
