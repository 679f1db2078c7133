import Testing

@testable import UponCore

@Suite struct HostPortTests {
  private static func spelling(_ address: String, listens: Bool) -> String {
    let word = Word("k:" + address)
    do {
      let read =
        listens
        ? try HostPort(listening: Array(address.utf8), by: "k", in: word, over: .tcp)
        : try HostPort(connecting: Array(address.utf8), by: "k", in: word)
      return String(decoding: read.text, as: UTF8.self)
    } catch {
      return error.message
    }
  }

  @Test(arguments: [
    ("host:80", "host:80"), ("HOST.example:080", "host.example:80"), ("host:http", "host:80"),
    ("127.0.0.1:80", "127.0.0.1:80"), ("127.1:80", "127.0.0.1:80"), ("[::1]:80", "[::1]:80"),
    ("[0::0:1]:80", "[::1]:80"), ("[FE80::1%lo]:80", "[fe80::1%lo]:80"), ("any:80", "any:80"),
    ("a_b-c.d:65535", "a_b-c.d:65535"), ("3com:80", "3com:80"),
  ])
  func `where a connection goes has one spelling`(_ typed: String, _ spelling: String) {
    #expect(Self.spelling(typed, listens: false) == spelling)
  }

  @Test(arguments: [
    ("80", "80"), ("http", "80"), ("0", "0"), ("any:80", "any:80"),
    ("*:80", "any:80"), ("[::]:80", "[::]:80"), ("0.0.0.0:80", "0.0.0.0:80"), ("localhost:0", "localhost:0"),
  ])
  func `where a listener stands has one spelling`(_ typed: String, _ spelling: String) {
    #expect(Self.spelling(typed, listens: true) == spelling)
  }

  @Test(arguments: [
    ("host", "'k:host': expected a port after it, k:host:PORT"),
    ("host:", "'k:host:': expected a port after it, k:host:PORT"),
    ("[::1]", "'k:[::1]': expected a port after it, k:[::1]:PORT"),
    ("[::1]80", "'k:[::1]80': expected a port after it, k:[::1]:PORT"),
    ("80", "'k:80': expected a host before the port, k:HOST:PORT"),
    (":80", "'k::80': expected a host before the port, k:HOST:PORT"),
    ("host:99999", "'k:host:99999': expected a port from 1 to 65535"),
    ("host:0", "'k:host:0': expected a port from 1 to 65535"),
    ("host:99999999999999999999", "'k:host:99999999999999999999': expected a port from 1 to 65535"),
    (
      "host:htpt",
      "'k:host:htpt': unknown service 'htpt'; expected a port from 1 to 65535 or a name of /etc/services"
    ),
    ("::1:80", "'k:::1:80': an IPv6 address stands in brackets, k:[::1]:80"),
    ("fe80::1:80", "'k:fe80::1:80': an IPv6 address stands in brackets, k:[fe80::1]:80"),
    ("::1", "'k:::1': an IPv6 address stands in brackets, k:[::1]:PORT"),
    ("2001:db8::", "'k:2001:db8::': an IPv6 address stands in brackets, k:[2001:db8::]:PORT"),
    ("a:b:80", "'k:a:b:80': expected HOST:PORT, with an IPv6 address in brackets"),
    ("[::1:80", "'k:[::1:80': expected a ] behind the IPv6 address"),
    ("[host]:80", "'k:[host]:80': '[host]' is no IPv6 address in brackets"),
    ("[127.0.0.1]:80", "'k:[127.0.0.1]:80': '[127.0.0.1]' is no IPv6 address in brackets"),
    ("[]:80", "'k:[]:80': '[]' is no IPv6 address in brackets"),
    ("[fe80::1%]:80", "'k:[fe80::1%]:80': expected an interface behind %"),
    ("-x:80", "'k:-x:80': an address does not begin with -"),
    ("a\nb:80", "'k:a\\x0ab:80': an address has no control characters"),
    ("//host:80", "'k://host:80': expected no slashes, k:host:80"),
    ("ho/st:80", "'k:ho/st:80': a host name has no '/'"),
    ("ho st:80", "'k:ho st:80': a host name has no ' '"),
    ("256.1.1.1:80", "'k:256.1.1.1:80': '256.1.1.1' is no IPv4 address"),
    ("*:80", "'k:*:80': * is for listeners; expected a host"),
  ])
  func `what is no place to connect to is refused`(_ typed: String, _ message: String) {
    #expect(Self.spelling(typed, listens: false) == message)
  }

  @Test func `a host name longer than the DNS knows is refused`() {
    let name = String(repeating: "a", count: 254)
    #expect(Self.spelling(name + ":80", listens: false).hasSuffix(": a host name has at most 253 bytes"))
  }

  @Test(arguments: [
    ("x:y", "'k:x:y': unknown service 'y'; expected a port from 0 to 65535 or a name of /etc/services"),
    ("x", "'k:x': expected a port after it, k:x:PORT"),
    (":80", "'k::80': expected a host before the port; any is all of them"),
    ("65536", "'k:65536': expected a port from 0 to 65535"),
  ])
  func `what is no place to listen is refused`(_ typed: String, _ message: String) {
    #expect(Self.spelling(typed, listens: true) == message)
  }

  @Test(arguments: [
    ("/a/b", "/a/b"), ("b", "b"), ("@b", "@b"), ("@", "'k:@': expected a name behind @"),
    ("-b", "'k:-b': an address does not begin with -"),
    ("a\tb", "'k:a\\x09b': an address has no control characters"),
  ])
  func `a unix socket has a path or a name`(_ typed: String, _ expected: String) {
    do {
      let address = try SocketAddress(unix: Array(typed.utf8), in: Word("k:" + typed))
      #expect(address.text == expected)
    } catch {
      #expect(error.message == expected)
    }
  }

  @Test func `a path longer than a socket's address holds is refused`() {
    let word = Word("k:" + String(repeating: "a", count: 108))
    let error = #expect(throws: UsageError.self) {
      _ = try SocketAddress(unix: Array(word.bytes.dropFirst(2)), in: word)
    }
    #expect(error?.message.hasSuffix("': a socket's address holds 107 bytes, not 108") == true)
  }
}
