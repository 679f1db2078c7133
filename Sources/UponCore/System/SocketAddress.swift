import Platform

/// An address as the kernel takes it: IPv4, IPv6, or the path or abstract name of a unix socket.
package struct SocketAddress: Sendable {
  private var storage = sockaddr_storage()
  private(set) var length: socklen_t

  /// The longest path or abstract name: one byte of `sun_path` is the NUL behind a path or in front of a name.
  static let longestUnixName = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  private init(length: Int) {
    self.length = socklen_t(length)
  }

  /// Makes an IPv4 address from its four bytes in network order.
  init(ipv4 bytes: in_addr, port: UInt16) {
    self.init(length: MemoryLayout<sockaddr_in>.size)
    rebound(to: sockaddr_in.self) {
      $0.pointee.sin_family = sa_family_t(AF_INET)
      $0.pointee.sin_port = port.bigEndian
      $0.pointee.sin_addr = bytes
    }
  }

  /// Makes an IPv6 address from its sixteen bytes.
  init(ipv6 bytes: in6_addr, port: UInt16) {
    self.init(length: MemoryLayout<sockaddr_in6>.size)
    rebound(to: sockaddr_in6.self) {
      $0.pointee.sin6_family = sa_family_t(AF_INET6)
      $0.pointee.sin6_port = port.bigEndian
      $0.pointee.sin6_addr = bytes
    }
  }

  /// Reads a numeric IPv4 or IPv6 address as C does, without brackets or zone; nil when it is none.
  init?(numeric text: [UInt8], port: UInt16 = 0) {
    let string = String(decoding: text, as: UTF8.self)
    var six = in6_addr()
    var four = in_addr()
    if inet_pton(AF_INET6, string, &six) == 1 {
      self.init(ipv6: six, port: port)
    } else if text.first?.isDigit ?? false, inet_aton(string, &four) != 0 {
      self.init(ipv4: four, port: port)
    } else {
      return nil
    }
  }

  /// Makes the address of a path; nil when it is empty or longer than an address holds.
  init?(unix path: [UInt8]) {
    guard !path.isEmpty, path.count <= Self.longestUnixName else { return nil }
    self.init(unixName: path + [0])
  }

  /// Makes the address of an abstract name, without the `@` in front of it.
  init?(abstract name: [UInt8]) {
    guard !name.isEmpty, name.count <= Self.longestUnixName else { return nil }
    self.init(unixName: [0] + name)
  }

  private init(unixName name: [UInt8]) {
    self.init(length: MemoryLayout<sa_family_t>.size + name.count)
    storage.ss_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &storage) {
      $0[MemoryLayout<sa_family_t>.size...].copyBytes(from: name)
    }
  }

  /// Takes over an address that the kernel or the resolver has written; nil when it is longer than any.
  init?(copying address: UnsafeRawPointer, length: socklen_t) {
    guard length <= MemoryLayout<sockaddr_storage>.size else { return nil }
    self.init(length: Int(length))
    withUnsafeMutableBytes(of: &storage) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
    }
  }

  /// Asks for the address at the other end of a socket; nil when it is not connected.
  init?(peerOf descriptor: Int32) {
    self.init(writtenBy: { upon_getpeername(descriptor, $0, $1) })
  }

  /// Asks for the address of a socket's own end; nil when the descriptor is no socket.
  init?(localOf descriptor: Int32) {
    self.init(writtenBy: { upon_getsockname(descriptor, $0, $1) })
  }

  /// Makes the address that a system call writes; nil when the call fails.
  init?(writtenBy call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
    self.init(length: MemoryLayout<sockaddr_storage>.size)
    var length = length
    let result = rebound(to: sockaddr.self) { call($0, &length) }
    if result < 0 { return nil }
    // A call reports the full length of an address that did not fit.
    self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
  }

  /// Calls `body` with the address as system calls take it.
  package func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  private mutating func rebound<Type, Result>(
    to type: Type.Type, _ body: (UnsafeMutablePointer<Type>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &storage) { $0.withMemoryRebound(to: type, capacity: 1, body) }
  }

  private func read<Type, Result>(_ type: Type.Type, _ body: (Type) -> Result) -> Result {
    withUnsafePointer(to: storage) { $0.withMemoryRebound(to: type, capacity: 1) { body($0.pointee) } }
  }
}

// MARK: What it is

extension SocketAddress: Hashable {
  /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
  var family: Int32 { Int32(storage.ss_family) }

  var isUnix: Bool { family == AF_UNIX }

  /// Whether it can only be reached on this machine: a unix socket, or a loopback address.
  var isLocal: Bool {
    switch family {
    case AF_INET: read(sockaddr_in.self) { UInt32(bigEndian: $0.sin_addr.s_addr) >> 24 == 127 }
    case AF_INET6: host == "::1" || mapped.map { UInt32(bigEndian: $0.s_addr) >> 24 == 127 } ?? false
    default: isUnix
    }
  }

  /// Whether it stands for every address of the machine.
  var isWildcard: Bool {
    switch family {
    case AF_INET: read(sockaddr_in.self) { $0.sin_addr.s_addr == 0 }
    case AF_INET6: host == "::"
    default: false
    }
  }

  /// The port of an IP address, 0 for a unix socket.
  var port: UInt16 {
    get {
      switch family {
      case AF_INET: read(sockaddr_in.self) { UInt16(bigEndian: $0.sin_port) }
      case AF_INET6: read(sockaddr_in6.self) { UInt16(bigEndian: $0.sin6_port) }
      default: 0
      }
    }
    set {
      switch family {
      case AF_INET: rebound(to: sockaddr_in.self) { $0.pointee.sin_port = newValue.bigEndian }
      case AF_INET6: rebound(to: sockaddr_in6.self) { $0.pointee.sin6_port = newValue.bigEndian }
      default: break
      }
    }
  }

  /// The index of the interface that a link-local IPv6 address is used on; 0 for none.
  var scope: UInt32 {
    get { family == AF_INET6 ? read(sockaddr_in6.self) { $0.sin6_scope_id } : 0 }
    set { if family == AF_INET6 { rebound(to: sockaddr_in6.self) { $0.pointee.sin6_scope_id = newValue } } }
  }

  package static func == (left: SocketAddress, right: SocketAddress) -> Bool {
    left.withBytes { left in right.withBytes { left.elementsEqual($0) } }
  }

  package func hash(into hasher: inout Hasher) {
    withBytes { hasher.combine(bytes: $0) }
  }

  private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: storage) { body(UnsafeRawBufferPointer(rebasing: $0[..<Int(length)])) }
  }

  /// The path or abstract name with its `@`; empty for a socket that has no name.
  private var unixName: [UInt8] {
    withBytes { bytes in
      let name = bytes.dropFirst(MemoryLayout<sa_family_t>.size)
      guard let first = name.first else { return [] }
      if first == 0 { return [UInt8(ascii: "@")] + name.dropFirst() }
      return Array(name.prefix { $0 != 0 })
    }
  }
}

// MARK: How it is written

extension SocketAddress {
  /// The address as records show it: `127.0.0.1:80`, `[::1]:80`, `/path`, `@name`; empty for a nameless socket.
  ///
  /// An IPv4 address that an IPv6 socket reports (`::ffff:127.0.0.1`) is written as the IPv4 address it is.
  var text: String {
    switch family {
    case AF_UNIX: String(decoding: unixName, as: UTF8.self)
    case AF_INET, AF_INET6: isBracketed ? "[\(host)]:\(port)" : "\(host):\(port)"
    default: ""
    }
  }

  /// The IP address without its port, as `TCPREMOTEIP` has it; for a unix socket its path or name.
  var host: String {
    switch family {
    case AF_INET: return read(sockaddr_in.self) { Self.text(AF_INET, $0.sin_addr) }
    case AF_INET6:
      if let mapped { return Self.text(AF_INET, mapped) }
      return read(sockaddr_in6.self) { Self.text(AF_INET6, $0.sin6_addr) + Self.zone($0.sin6_scope_id) }
    default: return text
    }
  }

  /// The bytes in front of an IPv4 address that is mapped into IPv6.
  static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  /// The bytes of an IP address, four for one that is mapped; nil for a unix socket.
  var ip: [UInt8]? {
    switch family {
    case AF_INET: return read(sockaddr_in.self) { withUnsafeBytes(of: $0.sin_addr) { Array($0) } }
    case AF_INET6:
      if let mapped { return withUnsafeBytes(of: mapped) { Array($0) } }
      return read(sockaddr_in6.self) { withUnsafeBytes(of: $0.sin6_addr) { Array($0) } }
    default: return nil
    }
  }

  private var isBracketed: Bool { family == AF_INET6 && mapped == nil }

  /// The IPv4 address that is mapped into an IPv6 one.
  fileprivate var mapped: in_addr? {
    read(sockaddr_in6.self) { address in
      withUnsafeBytes(of: address.sin6_addr) { bytes in
        guard bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF else { return nil }
        return in_addr(s_addr: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
      }
    }
  }

  private static func text(_ family: Int32, _ address: some Any) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      let text = withUnsafePointer(to: address) {
        inet_ntop(family, $0, buffer.baseAddress, socklen_t(INET6_ADDRSTRLEN))
      }
      return text.map { String(cString: $0) } ?? ""
    }
  }

  /// `%eth0`; the index itself where the interface is gone.
  private static func zone(_ index: UInt32) -> String {
    if index == 0 { return "" }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
      "%" + (if_indextoname(index, buffer.baseAddress).map { String(cString: $0) } ?? String(index))
    }
  }
}
