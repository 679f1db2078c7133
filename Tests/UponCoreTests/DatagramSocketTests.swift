import CSystem
import Testing

@testable import UponCore

@Suite struct DatagramSocketTests {
  private static func open(_ address: String) throws -> [DatagramSocket] {
    let place = try HostPort(listening: Array(address.utf8), by: "k", in: Word(address), over: .udp)
    return try DatagramSocket.open(.udp(place))
  }

  /// A socket of a sender that takes answers from where it has sent to, and from nowhere else.
  private static func client(from own: String, to host: String, port: UInt16) throws -> Int32 {
    let source = try #require(SocketAddress(numeric: Array(own.utf8)))
    let target = try #require(SocketAddress(numeric: Array(host.utf8), port: port))
    let client = upon_socket(source.family, upon_datagram_type(), 0)
    #expect(source.withSockaddr { upon_bind(client, $0, $1) } == 0)
    #expect(target.withSockaddr { upon_connect(client, $0, $1) } == 0)
    return client
  }

  private static func waitForInput(_ descriptor: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&entry, 1, 60_000) == 1)
  }

  @Test(arguments: [("127.0.0.5", "127.0.0.2"), ("::1", "::1")])
  func `an answer comes from the address that was asked`(_ own: String, _ host: String) throws {
    let sockets = try Self.open("any:0")
    let socket = try #require(sockets.first { $0.local.hasPrefix("[") == host.contains(":") })
    let client = try Self.client(from: own, to: host, port: socket.port)
    defer { close(client) }
    #expect(send(client, "question", 8, 0) == 8)
    Self.waitForInput(socket.descriptor)
    let batch = DatagramBatch(longest: 4)
    #expect(batch.receive(from: socket.descriptor, limit: .max) == 1)
    let datagram = batch[0]
    #expect(Array(datagram.bytes) == Array("ques".utf8))
    #expect(datagram.size == 8)
    #expect(datagram.target?.host == host)
    let sender = try #require(SocketAddress(localOf: client))
    let address = ReturnAddress(sender, from: datagram.target, by: socket)
    #expect("yes".utf8.withContiguousStorageIfAvailable { address.send(UnsafeRawBufferPointer($0)) } == 0)
    Self.waitForInput(client)
    var answer = [UInt8](repeating: 0, count: 8)
    #expect(recv(client, &answer, 8, 0) == 3)
    #expect(answer.prefix(3).elementsEqual("yes".utf8))
  }

  @Test func `port 0 is one port for both families`() throws {
    let sockets = try Self.open("any:0")
    #expect(Set(sockets.map(\.port)).count == 1)
    #expect(sockets.first?.port != 0)
  }

  @Test func `a batch is as many as there are, up to its bound`() throws {
    let socket = try #require(try Self.open("127.0.0.1:0").first)
    let client = try Self.client(from: "127.0.0.1", to: "127.0.0.1", port: socket.port)
    defer { close(client) }
    for number in 0..<40 { #expect(send(client, "\(number)", number < 10 ? 1 : 2, 0) > 0) }
    let batch = DatagramBatch(longest: 64)
    #expect(batch.receive(from: socket.descriptor, limit: 1) == 1)
    #expect(batch.receive(from: socket.descriptor, limit: .max) == 32)
    #expect(batch.receive(from: socket.descriptor, limit: .max) == 7)
    #expect(String(decoding: batch[6].bytes, as: UTF8.self) == "39")
    #expect(batch.receive(from: socket.descriptor, limit: .max) == -Int(EAGAIN))
  }

  @Test func `who cannot be answered is told apart`() throws {
    let socket = try #require(try Self.open("127.0.0.1:0").first)
    let nameless = try #require(SocketAddress(copying: [UInt8(AF_UNIX), 0], length: 2))
    let address = ReturnAddress(nameless, from: nil, by: socket)
    #expect(address.send(UnsafeRawBufferPointer(start: nil, count: 0)) == EDESTADDRREQ)
  }
}
