import Platform

/// A host and a port as typed and checked; no name has been looked up.
struct HostPort: Sendable, Hashable {
  enum Host: Sendable, Hashable {
    /// Numeric, with the port.
    case address(SocketAddress)
    /// A link-local IPv6 address and the interface it is used on, by name or number.
    case scoped(SocketAddress, zone: [UInt8])
    /// Looked up as the system does.
    case name([UInt8])
    /// Every address of the machine, for listeners.
    case any
    /// Where a listener stands for which no host was given: both loopback addresses.
    case loopback
  }

  let host: Host
  let port: UInt16

  init(_ host: Host, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// The one spelling: `80`, `localhost:80`, `127.0.0.1:80`, `[::1]:80`, `[fe80::1%eth0]:80`, `any:80`.
  var text: [UInt8] {
    switch host {
    case .address(let address): Array(address.text.utf8)
    case .scoped(let address, let zone):
      Array("[\(address.host)%".utf8) + zone + Array("]:\(port)".utf8)
    case .name(let name): name + Array(":\(port)".utf8)
    case .any: Array("any:\(port)".utf8)
    case .loopback: Array("\(port)".utf8)
    }
  }

  /// The address of a host that needs no look-up, that of IPv4 for loopback; nil for a name and for `any`.
  ///
  /// An interface that is not there leaves an address that the kernel refuses with a reason.
  var address: SocketAddress? {
    switch host {
    case .address(let address): return address
    case .scoped(var address, let zone):
      let name = String(decoding: zone, as: UTF8.self)
      address.scope = UInt32(name) ?? if_nametoindex(name)
      return address
    case .loopback: return SocketAddress(ipv4: in_addr(s_addr: INADDR_LOOPBACK.bigEndian), port: port)
    case .name, .any: return nil
    }
  }
}
