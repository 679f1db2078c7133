extension Kind {
  /// Every kind of source, in the order of the manual. Adding a kind adds one line here.
  public static let all: [Kind] = [
    .fd,
    .stdin,
    .signal,
    .pid,
    .run,
    .every,
    .after,
    .start,
    .finish,
    .tcp,
    .unix,
    .tcpListen,
    .unixListen,
    .udpListen,
    .unixDgramListen,
    .accept,
  ]

  /// The kind of that name, nil if there is none.
  public static func named(_ name: some StringProtocol) -> Kind? {
    all.first { $0.name == name }
  }
}
