import Platform

/// The variables by which a program knows the connection that is its standard input and output, as the Unix
/// client-server program interface of tcpserver and s6 has them.
public enum UCSPI {
  public static let names = [
    "PROTO", "TCPLOCALIP", "TCPLOCALPORT", "TCPREMOTEIP", "TCPREMOTEPORT", "IPCREMOTEPID", "IPCREMOTEEUID",
    "IPCREMOTEEGID",
  ]

  /// The variables of a connection that a command gets.
  static func variables(of connection: Connection) -> [(name: String, value: String)] {
    let descriptor = connection.descriptor
    guard let local = SocketAddress(localOf: descriptor) else { return [] }
    if local.isUnix {
      var peer = ucred()
      var size = socklen_t(MemoryLayout<ucred>.size)
      guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else {
        return [("PROTO", "IPC")]
      }
      return [
        ("PROTO", "IPC"), ("IPCREMOTEPID", String(peer.pid)), ("IPCREMOTEEUID", String(peer.uid)),
        ("IPCREMOTEEGID", String(peer.gid)),
      ]
    }
    // A socket whose client has gone again does not know the address any more.
    let peer = String(decoding: connection.peer, as: UTF8.self)
    let colon = peer.lastIndex(of: ":") ?? peer.endIndex
    return [
      ("PROTO", "TCP"), ("TCPLOCALIP", local.host), ("TCPLOCALPORT", String(local.port)),
      ("TCPREMOTEIP", String(peer[..<colon].drop { $0 == "[" }.prefix { $0 != "]" })),
      ("TCPREMOTEPORT", String(peer[colon...].dropFirst())),
    ]
  }

  /// Those that others set and upon does not.
  private static let foreign = [
    "TCPREMOTEHOST", "TCPREMOTEINFO", "TCPLOCALHOST", "TCPCONNNUM", "TCPCONNMAX", "IPCREMOTEPATH",
    "IPCLOCALPATH",
    "IPCCONNNUM", "IPCCONNMAX", "SSLLOCALHOST", "SSLLOCALIP", "SSLLOCALPORT", "SSLREMOTEHOST", "SSLREMOTEIP",
    "SSLREMOTEPORT", "SSLREMOTEINFO", "UNIXLOCALPATH", "UNIXREMOTEPATH", "UNIXLOCALUID", "UNIXLOCALGID",
    "UNIXLOCALPID", "UNIXREMOTEEUID", "UNIXREMOTEEGID", "UNIXREMOTEPID",
  ]

  /// Whether a string of an environment belongs to a connection, this one or an earlier one.
  static func isVariable(_ string: UnsafePointer<CChar>) -> Bool {
    (names + foreign).contains { strncmp(string, $0, $0.utf8.count) == 0 && string[$0.utf8.count] == 61 }
  }
}
