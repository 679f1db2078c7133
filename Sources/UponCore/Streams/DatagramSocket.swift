import EventLoop
import Platform

/// One socket that datagrams come to. It stays open while an answer may go out by it.
final class DatagramSocket {
  let descriptor: Int32
  let isOwn: Bool
  /// Removed with the socket.
  private let path: UnixPath?

  /// Owns a socket of upon's own, and the path at which it stands.
  init(owning descriptor: Int32, at path: UnixPath? = nil) {
    self.descriptor = descriptor
    self.path = path
    isOwn = true
  }

  /// Uses one of the caller's: its flags stay as they are.
  init(borrowing descriptor: Int32) {
    self.descriptor = descriptor
    path = nil
    isOwn = false
  }

  deinit {
    // While the socket is open nobody else takes the path.
    path?.remove()
    if isOwn { close(descriptor) }
  }

  /// The address at which it stands.
  var local: String {
    path.map { Word($0.path).text } ?? SocketAddress(localOf: descriptor)?.text ?? ""
  }

  /// The port at which it stands, 0 for a unix socket.
  var port: UInt16 { SocketAddress(localOf: descriptor)?.port ?? 0 }

  /// Removes the path at once; answers may still go out.
  func retire() {
    path?.remove()
  }

  /// Datagrams that the kernel has dropped.
  var drops: UInt64 { UInt64(upon_datagram_drops(descriptor)) }
}

/// Where an answer to a datagram goes.
final class ReturnAddress: Subject {
  private let socket: DatagramSocket
  private let address: SocketAddress
  /// The address that the datagram was sent to: an answer from another one is not taken by who waits for it.
  private let source: SocketAddress?
  let sendsDatagrams = true

  init(_ address: SocketAddress, from source: SocketAddress?, by socket: DatagramSocket) {
    self.address = address
    self.source = source
    self.socket = socket
  }

  /// The address as records show it.
  var text: String { address.text }

  func reply(onFailure: @escaping (Int32) -> Void) -> Reply? {
    DatagramReply(to: self, onFailure: onFailure)
  }

  /// Sends one datagram without waiting; returns 0 or the errno. A sender without a name cannot be answered.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    guard !text.isEmpty else { return EDESTADDRREQ }
    // An empty buffer may have no address, and an empty datagram is one.
    let start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    while true {
      if send(start, bytes.count) >= 0 { return 0 }
      if errno != EINTR { return errno }
    }
  }

  private func send(_ start: UnsafeRawPointer?, _ count: Int) -> Int {
    address.withSockaddr { address, length in
      guard let source else {
        return upon_send_datagram(socket.descriptor, start, count, address, length, nil)
      }
      return source.withSockaddr { own, _ in
        upon_send_datagram(socket.descriptor, start, count, address, length, own)
      }
    }
  }
}
