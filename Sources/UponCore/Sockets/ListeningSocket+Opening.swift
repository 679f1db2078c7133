import CSystem
import Glibc

extension ListeningSocket {
  /// Why an address cannot be listened at.
  struct Refusal: Error {
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

  /// Opens, binds and listens at an address.
  static func open(_ address: SocketAddress, backlog: Int32, reusesPort: Bool = false) throws(Refusal)
    -> ListeningSocket
  {
    let descriptor = upon_socket(address.family, upon_stream_type(), 1)
    guard descriptor >= 0 else { throw Refusal(address: address, code: errno) }
    prepare(descriptor, for: address, reusesPort: reusesPort)
    guard address.withSockaddr({ upon_bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, backlog) == 0
    else {
      let code = errno
      close(descriptor)
      throw Refusal(address: address, code: code)
    }
    return ListeningSocket(owning: descriptor)
  }

  /// Connections inherit their options from the listening socket.
  private static func prepare(_ descriptor: Int32, for address: SocketAddress, reusesPort: Bool) {
    guard !address.isUnix else { return }
    _ = upon_set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    _ = upon_set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
    if reusesPort { _ = upon_set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
    // IPv4 has a socket of its own, so that a peer shows as what it is.
    if address.family == AF_INET6 { _ = upon_set_option(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
  }

  /// Opens every address of a place with one port, also where the kernel picks it.
  static func open(_ place: HostPort, backlog: Int32, reusesPort: Bool) throws(SourceFailure)
    -> [ListeningSocket]
  {
    let addresses = try place.addressesToBind()
    let isLenient = addresses.count > 1
    // A port that is free at the first address may be taken at the second: then the kernel picks another.
    for attempt in 1... {
      do throws(Refusal) {
        return try open(addresses, isLenient: isLenient, backlog: backlog, reusesPort: reusesPort)
      } catch {
        if place.port != 0 || !isLenient || attempt == 16 { throw error.failure }
      }
    }
    return []
  }

  /// With several addresses those are left out that this machine does not have: ::1 without IPv6.
  private static func open(
    _ addresses: [SocketAddress], isLenient: Bool, backlog: Int32, reusesPort: Bool
  ) throws(Refusal) -> [ListeningSocket] {
    var sockets: [ListeningSocket] = []
    var reason: Refusal?
    for var address in addresses {
      if address.port == 0, let first = sockets.first?.local { address.port = first.port }
      do {
        sockets.append(try open(address, backlog: backlog, reusesPort: reusesPort))
      } catch {
        if !isLenient || !error.isMissing { throw error }
        reason = reason ?? error
      }
    }
    if let reason, sockets.isEmpty { throw reason }
    return sockets
  }
}

extension HostPort {
  /// The addresses at which a listener stands; a name is looked up, which waits.
  fileprivate func addressesToBind() throws(SourceFailure) -> [SocketAddress] {
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
    case .name(let name): return try Resolver.wait(for: name).map { $0.with(port: port) }
    }
  }
}

extension SocketAddress {
  fileprivate func with(port: UInt16) -> SocketAddress {
    var copy = self
    copy.port = port
    return copy
  }
}
