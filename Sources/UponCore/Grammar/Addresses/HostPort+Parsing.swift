import Platform

/// What is read after the name of a kind: `HOST:PORT`, and for listeners `[HOST:]PORT`.
extension HostPort {
  enum IPProtocol: String {
    case tcp, udp
  }

  /// Reads where a connection goes.
  init(connecting address: [UInt8], by kind: String, in word: Word) throws(UsageError) {
    let grammar = AddressGrammar(kind: kind, word: word, transport: .tcp, listens: false)
    self = try grammar.read(address)
  }

  /// Reads where a listener stands; loopback unless a host is given.
  init(listening address: [UInt8], by kind: String, in word: Word, over transport: IPProtocol)
    throws(UsageError)
  {
    let grammar = AddressGrammar(kind: kind, word: word, transport: transport, listens: true)
    self = try grammar.read(address)
  }
}

/// The grammar of hosts and ports, and what is wrong with words that do not follow it.
struct AddressGrammar {
  let kind: String
  let word: Word
  let transport: HostPort.IPProtocol
  let listens: Bool

  private static let colon = UInt8(ascii: ":")
  /// A name of the DNS has 253 bytes at most.
  private static let longestName = 253

  func read(_ address: [UInt8]) throws(UsageError) -> HostPort {
    try Self.checkBytes(address, in: word)
    if address.starts(with: "//".utf8) {
      throw error("expected no slashes, \(kind):\(Word(Array(address[2...])).text)")
    }
    let (host, rest) = try split(address)
    guard let host else {
      return HostPort(.loopback, port: try readPort(rest, behind: nil))
    }
    if host.isEmpty { throw missingHost }
    let port = try readPort(rest, behind: host)
    return HostPort(try readHost(host, port), port: port)
  }

  /// Refuses what could be taken for an option or would garble a message, in every kind of address.
  static func checkBytes(_ address: [UInt8], in word: Word) throws(UsageError) {
    if address.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      throw UsageError(word, "an address has no control characters")
    }
    if address.first == UInt8(ascii: "-") { throw UsageError(word, "an address does not begin with -") }
  }

  private func error(_ message: String) -> UsageError {
    UsageError(word, message)
  }

  private var form: String { listens ? "[HOST:]PORT" : "HOST:PORT" }

  // MARK: Host and port

  /// The parts before and behind the last colon; nil for the host where a listener has a port alone.
  private func split(_ address: [UInt8]) throws(UsageError) -> (host: [UInt8]?, port: [UInt8]) {
    if address.first == UInt8(ascii: "[") {
      guard let close = address.lastIndex(of: UInt8(ascii: "]")) else {
        throw error("expected a ] behind the IPv6 address")
      }
      let rest = address[(close + 1)...]
      guard rest.first == Self.colon else { throw missingPort(Array(address[...close])) }
      return (Array(address[...close]), Array(rest.dropFirst()))
    }
    guard let last = address.lastIndex(of: Self.colon) else {
      if listens, Self.isPort(address) || service(address) != nil { return (nil, address) }
      if Self.isPort(address) { throw missingHost }
      throw missingPort(address)
    }
    let host = Array(address[..<last])
    let port = Array(address[(last + 1)...])
    guard host.contains(Self.colon) else { return (host, port) }
    // ::1:80 is an IPv6 address by itself; the port is more likely what is behind its last colon.
    if SocketAddress(numeric: host) != nil, Self.isPort(port) {
      throw error("an IPv6 address stands in brackets, \(kind):[\(Word(host).text)]:\(Word(port).text)")
    }
    if SocketAddress(numeric: address) != nil {
      throw error("an IPv6 address stands in brackets, \(kind):[\(Word(address).text)]:PORT")
    }
    throw error("expected \(form), with an IPv6 address in brackets")
  }

  private var missingHost: UsageError {
    error(
      listens
        ? "expected a host before the port; any is all of them"
        : "expected a host before the port, \(kind):HOST:PORT")
  }

  private func missingPort(_ host: [UInt8]) -> UsageError {
    error("expected a port after it, \(kind):\(Word(host).text):PORT")
  }

  // MARK: Ports

  private static func isPort(_ text: [UInt8]) -> Bool {
    !text.isEmpty && text.allSatisfy(\.isDigit)
  }

  private func readPort(_ text: [UInt8], behind host: [UInt8]?) throws(UsageError) -> UInt16 {
    let lowest = listens ? 0 : 1
    if text.isEmpty { throw host.map(missingPort) ?? error("expected a port") }
    if Self.isPort(text) {
      guard let number = Int(decimal: text[...]), lowest...65535 ~= number else {
        throw error("expected a port from \(lowest) to 65535")
      }
      return UInt16(number)
    }
    guard let port = service(text) else {
      throw error(
        "unknown service '\(Word(text).text)'; expected a port from \(lowest) to 65535 or a name of /etc/services"
      )
    }
    return port
  }

  /// The port of a name, as the system knows it.
  private func service(_ name: [UInt8]) -> UInt16? {
    guard let entry = getservbyname(String(decoding: name, as: UTF8.self), transport.rawValue) else {
      return nil
    }
    return UInt16(bigEndian: UInt16(truncatingIfNeeded: entry.pointee.s_port))
  }

  // MARK: Hosts

  private func readHost(_ host: [UInt8], _ port: UInt16) throws(UsageError) -> HostPort.Host {
    if host.first == UInt8(ascii: "[") { return try readBracketed(Array(host[1..<(host.count - 1)]), port) }
    if host == [UInt8(ascii: "*")] || host.elementsEqual("any".utf8) {
      if listens { return .any }
      if host.count == 1 { throw error("* is for listeners; expected a host") }
    }
    if let address = SocketAddress(numeric: host, port: port) { return .address(address) }
    if host.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") }) {
      throw error("'\(Word(host).text)' is no IPv4 address")
    }
    if let byte = host.first(where: { $0 == UInt8(ascii: " ") || "/[]%,;'\"\\@*".utf8.contains($0) }) {
      throw error("a host name has no '\(Word([byte]).text)'")
    }
    guard host.count <= Self.longestName else {
      throw error("a host name has at most \(Self.longestName) bytes")
    }
    return .name(host.map { 65...90 ~= $0 ? $0 + 32 : $0 })
  }

  private func readBracketed(_ text: [UInt8], _ port: UInt16) throws(UsageError) -> HostPort.Host {
    let parts = text.split(separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = SocketAddress(numeric: Array(parts[0]), port: port), address.family == AF_INET6 else {
      throw error("'[\(Word(text).text)]' is no IPv6 address in brackets")
    }
    if parts.count == 1 { return .address(address) }
    if parts[1].isEmpty { throw error("expected an interface behind %") }
    return .scoped(address, zone: Array(parts[1]))
  }
}

// MARK: Unix sockets

extension SocketAddress {
  /// Reads the path, or the abstract name behind `@`, of a unix socket.
  package init(unix address: [UInt8], in word: Word) throws(UsageError) {
    try AddressGrammar.checkBytes(address, in: word)
    let isAbstract = address.first == UInt8(ascii: "@")
    let name = isAbstract ? Array(address.dropFirst()) : address
    if name.isEmpty { throw UsageError(word, "expected a name behind @") }
    guard let made = isAbstract ? SocketAddress(abstract: name) : SocketAddress(unix: name) else {
      throw UsageError(
        word, "a socket's address holds \(Self.longestUnixName) bytes, not \(name.count)")
    }
    self = made
  }
}
