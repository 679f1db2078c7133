import Foundation
import Testing

/// `reply`: what a command writes goes back on the connection of its event.
@Suite struct ReplyTests {
  /// A server that sends so many lines to the first who comes, and prints what it gets back.
  private func server(_ lines: Int, finishes: Bool) -> String {
    """
    exec python3 -c '
    import socket
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
    print(s.getsockname()[1], flush=True)
    c, _ = s.accept()
    for i in range(\(lines)): c.sendall(b"line%d\\n" % i)
    if \(finishes ? "True" : "False"): c.shutdown(socket.SHUT_WR)
    got = b""
    while got.count(b"\\n") < \(lines) or \(finishes ? "True" : "False"):
      part = c.recv(65536)
      if not part: break
      got += part
    print(got.decode(), end="", flush=True)
    '
    """
  }

  private func port(of server: Running) throws -> String {
    try #require(server.wait(for: "\n")).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test(arguments: [true, false]) func `comes in the order of the lines, whatever jobs= is`(_ finishes: Bool)
    throws
  {
    let server = try Shell.start(server(20, finishes: finishes))
    let port = try port(of: server)
    let run = try Shell.run(
      "upon tcp:127.0.0.1:\(port) on=line do 'sleep 0.0$((RANDOM % 9)); tr a-z A-Z' reply jobs=5 shell=/bin/bash"
    )
    #expect(server.finish().lines.dropFirst() == (0..<20).map { "LINE\($0)" }[...])
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.output.isEmpty)
  }

  @Test func `is kept for the report too where asked`() throws {
    let server = try Shell.start(server(2, finishes: true))
    let port = try port(of: server)
    let run = try Shell.run(
      "upon tcp:127.0.0.1:\(port) on=line do 'cat; echo oops >&2' reply report=output | jq -c '[.out, .err]'")
    #expect(server.finish().lines.dropFirst() == ["line0", "line1"])
    #expect(run.lines == [#"["line0\n","oops\n"]"#, #"["line1\n","oops\n"]"#])
  }

  @Test(arguments: [
    ("stdin", "stdin"), ("tcp:localhost:1 on=close", "tcp:localhost:1"),
    ("tcp:localhost:1 down", "tcp:localhost:1"),
    ("tcp:localhost:1 on=line or every:1s", "every:1s"),
  ])
  func `where there is nobody to reply to it is refused`(_ source: String, _ name: String) throws {
    let run = try Shell.run("upon \(source) do 'echo ran' reply")
    #expect(run.status == .exited(64))
    #expect(run.errorText == "upon: 'reply': '\(name)' delivers nothing here that could be replied to\n")
    #expect(run.output.isEmpty)
  }
}
