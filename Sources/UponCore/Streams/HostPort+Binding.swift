import Platform

/// Why a socket cannot stand at an address.
struct BindRefusal: Error {
  let address: SocketAddress
  let code: Int32

  /// Whether the machine does not have such an address at all.
  var isMissing: Bool { code == EADDRNOTAVAIL || code == EAFNOSUPPORT }

  var failure: SourceFailure {
    let reason =
      switch code {
      case EACCES where !address.isUnix && address.port < 1024: "; a port below 1024 takes privileges"
      case EADDRNOTAVAIL: "; no interface of this machine has it"
      default: ""
      }
    return SourceFailure("\(address.text): \(systemError(code))\(reason)")
  }
}

extension SocketAddress {
  /// Opens a socket of that type and binds it here; `prepare` sets its options, `finish` may fail with an errno.
  func bound(
    type: Int32, prepare: (Int32) -> Void = { _ in }, finish: (Int32) -> Int32 = { _ in 0 }
  ) throws(BindRefusal) -> Int32 {
    let descriptor = upon_socket(family, type, 1)
    guard descriptor >= 0 else { throw BindRefusal(address: self, code: errno) }
    // IPv4 has a socket of its own, so that a peer shows as what it is.
    if family == AF_INET6 { _ = upon_set_option(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
    prepare(descriptor)
    guard withSockaddr({ upon_bind(descriptor, $0, $1) }) == 0, finish(descriptor) == 0 else {
      let code = errno
      close(descriptor)
      throw BindRefusal(address: self, code: code)
    }
    return descriptor
  }
}

extension HostPort {
  /// Opens a socket at every address of the place with one port, also where the kernel picks it.
  func bind<Socket>(
    port: (Socket) -> UInt16, open: (SocketAddress) throws(BindRefusal) -> Socket
  ) throws(SourceFailure) -> [Socket] {
    let addresses = try addressesToBind()
    let isLenient = addresses.count > 1
    // A port that is free at the first address may be taken at the second: then the kernel picks another.
    for attempt in 1... {
      do throws(BindRefusal) {
        return try bind(addresses, isLenient: isLenient, port: port, open: open)
      } catch {
        if self.port != 0 || !isLenient || attempt == 16 { throw error.failure }
      }
    }
    return []
  }

  /// With several addresses those are left out that this machine does not have: ::1 without IPv6.
  private func bind<Socket>(
    _ addresses: [SocketAddress], isLenient: Bool, port: (Socket) -> UInt16,
    open: (SocketAddress) throws(BindRefusal) -> Socket
  ) throws(BindRefusal) -> [Socket] {
    var sockets: [Socket] = []
    var reason: BindRefusal?
    for var address in addresses {
      if address.port == 0, let first = sockets.first { address.port = port(first) }
      do {
        sockets.append(try open(address))
      } catch {
        if !isLenient || !error.isMissing { throw error }
        reason = reason ?? error
      }
    }
    if let reason, sockets.isEmpty { throw reason }
    return sockets
  }

  /// The addresses at which a listener stands; a name is looked up, which waits.
  private func addressesToBind() throws(SourceFailure) -> [SocketAddress] {
    switch host {
    case .address, .scoped: return [address].compactMap { $0 }
    case .loopback:
      return [
        SocketAddress(ipv4: in_addr(s_addr: INADDR_LOOPBACK.bigEndian), port: port),
        SocketAddress(ipv6: in6addr_loopback, port: port),
      ]
    case .any:
      return [
        SocketAddress(ipv4: in_addr(s_addr: 0), port: port), SocketAddress(ipv6: in6_addr(), port: port),
      ]
    case .name(let name):
      var addresses = try Resolver.wait(for: name)
      for index in addresses.indices { addresses[index].port = port }
      return addresses
    }
  }
}
