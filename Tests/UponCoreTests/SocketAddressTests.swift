import CSystem
import Testing

@testable import UponCore

@Suite struct SocketAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1:80", "127.0.0.1"), ("::1", "[::1]:80", "::1"),
    ("2001:DB8::0:1", "[2001:db8::1]:80", "2001:db8::1"), ("::ffff:10.0.0.1", "10.0.0.1:80", "10.0.0.1"),
    ("127.1", "127.0.0.1:80", "127.0.0.1"),
  ])
  func `a numeric address is written as records show it`(_ typed: String, _ text: String, _ host: String)
    throws
  {
    let address = try #require(SocketAddress(numeric: Array(typed.utf8), port: 80))
    #expect(address.text == text)
    #expect(address.host == host)
    #expect(address.port == 80)
  }

  @Test(arguments: ["", "localhost", "1.2.3.4.5", "256.0.0.1", "::1::", "[::1]", "fe80::1%lo"])
  func `what is no number is no numeric address`(_ typed: String) {
    #expect(SocketAddress(numeric: Array(typed.utf8)) == nil)
  }

  @Test func `a unix address is a path or a name with its @`() throws {
    #expect(SocketAddress(unix: Array("/run/a".utf8))?.text == "/run/a")
    #expect(SocketAddress(abstract: Array("a b".utf8))?.text == "@a b")
    #expect(SocketAddress(unix: Array(repeating: 97, count: 107))?.text.utf8.count == 107)
    #expect(SocketAddress(unix: Array(repeating: 97, count: 108)) == nil)
    #expect(SocketAddress(abstract: Array(repeating: 97, count: 107))?.text.utf8.count == 108)
    #expect(SocketAddress(unix: []) == nil)
  }

  @Test func `equal addresses are one key`() throws {
    let one = try #require(SocketAddress(numeric: Array("::1".utf8), port: 80))
    var two = try #require(SocketAddress(numeric: Array("0::1".utf8), port: 81))
    #expect(one != two)
    two.port = 80
    #expect(one == two)
    #expect(Set([one, two]).count == 1)
  }

  @Test func `a socket tells both its ends`() throws {
    let listener = upon_socket(AF_INET, upon_stream_type(), 0)
    defer { close(listener) }
    let address = try #require(SocketAddress(numeric: Array("127.0.0.1".utf8)))
    #expect(address.withSockaddr { upon_bind(listener, $0, $1) } == 0)
    #expect(listen(listener, 1) == 0)
    let bound = try #require(SocketAddress(localOf: listener))
    #expect(bound.host == "127.0.0.1")
    #expect(bound.port != 0)
    let client = upon_socket(AF_INET, upon_stream_type(), 0)
    defer { close(client) }
    #expect(SocketAddress(peerOf: client) == nil)
    #expect(bound.withSockaddr { upon_connect(client, $0, $1) } == 0)
    #expect(SocketAddress(peerOf: client) == bound)
    var accepted: Int32 = -1
    let peer = SocketAddress(writtenBy: {
      accepted = upon_accept(listener, $0, $1, 1)
      return accepted
    })
    defer { close(accepted) }
    #expect(peer == SocketAddress(localOf: client))
  }

  @Test func `a nameless unix socket has no text`() throws {
    var ends: [Int32] = [-1, -1]
    #expect(socketpair(AF_UNIX, upon_stream_type(), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(SocketAddress(peerOf: ends[0])?.text == "")
  }
}
