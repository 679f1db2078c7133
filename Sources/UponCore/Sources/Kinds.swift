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
    .at,
    .cron,
    .calendar,
    .path,
    .paths,
    .tail,
    .fifo,
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
}
