import Platform

/// The variables by which a program knows the connection that is its standard input and output, as the Unix
/// client-server program interface of tcpserver and s6 has them.
public enum UCSPI {
  public static let names = [
    "PROTO", "TCPLOCALIP", "TCPLOCALPORT", "TCPREMOTEIP", "TCPREMOTEPORT", "IPCREMOTEPID", "IPCREMOTEEUID",
    "IPCREMOTEEGID", "IPCLOCALPATH", "IPCREMOTEPATH",
  ]

  /// Those that others set and upon does not: inherited ones would be about another connection.
  private static let foreign = [
    "TCPLOCALHOST", "TCPREMOTEHOST", "TCPREMOTEINFO", "TCPCONNNUM", "TCPCONNMAX", "IPCCONNNUM", "IPCCONNMAX",
    "SSLLOCALHOST", "SSLLOCALIP", "SSLLOCALPORT", "SSLREMOTEHOST", "SSLREMOTEIP", "SSLREMOTEPORT",
    "SSLREMOTEINFO",
    "UNIXLOCALPATH", "UNIXREMOTEPATH", "UNIXLOCALUID", "UNIXLOCALGID", "UNIXLOCALPID", "UNIXREMOTEEUID",
    "UNIXREMOTEEGID", "UNIXREMOTEPID",
  ]

  /// The variables of a connection that a command gets.
  static func variables(of connection: Connection) -> [(name: String, value: String)] {
    guard let ends = connection.endpoints, let local = ends.local else { return [] }
    let peer = String(decoding: connection.peer, as: UTF8.self)
    if local.isUnix { return variables(ofUnix: ends, local, peer) }
    // A socket whose client has gone again does not know the address any more.
    let colon = peer.lastIndex(of: ":") ?? peer.endIndex
    return [
      ("PROTO", "TCP"), ("TCPLOCALIP", local.host), ("TCPLOCALPORT", String(local.port)),
      ("TCPREMOTEIP", String(peer[..<colon].drop { $0 == "[" }.prefix { $0 != "]" })),
      ("TCPREMOTEPORT", String(peer[colon...].dropFirst())),
    ]
  }

  private static func variables(ofUnix ends: Connection.Endpoints, _ local: SocketAddress, _ peer: String)
    -> [(name: String, value: String)]
  {
    var variables = [("PROTO", "IPC")]
    if let credentials = ends.credentials {
      variables += [
        ("IPCREMOTEPID", String(credentials.pid)), ("IPCREMOTEEUID", String(credentials.uid)),
        ("IPCREMOTEEGID", String(credentials.gid)),
      ]
    }
    let path = ends.path.map { String(decoding: $0, as: UTF8.self) } ?? local.text
    // A socket without a name has no such variable; an abstract name may hold what a variable cannot.
    for (name, value) in [("IPCLOCALPATH", path), ("IPCREMOTEPATH", peer)]
    where !value.isEmpty && !value.utf8.contains(0) {
      variables.append((name, value))
    }
    return variables
  }

  /// Whether a string of an environment is one of these.
  static func isVariable(_ string: UnsafePointer<CChar>) -> Bool {
    isOne(of: names, string) || isOne(of: foreign, string)
  }

  private static func isOne(of names: [String], _ string: UnsafePointer<CChar>) -> Bool {
    names.contains { strncmp(string, $0, $0.utf8.count) == 0 && string[$0.utf8.count] == 61 }
  }
}
