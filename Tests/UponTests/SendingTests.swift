import Testing

/// `send` and `close` on connections whose peers read late, or never.
@Suite struct SendingTests {
  static let places = ["tcp-listen:7000", "unix-listen:web"]

  /// `join` connects a client, and tells the number of its connection.
  private func run(_ source: String, _ script: String) throws -> Finished {
    let run = try Controlled.run(
      """
      def join():
          s = socket.create_connection(("127.0.0.1", 7000)) if "tcp" in "\(source)" else connect("web")
          s.settimeout(15)
          return s, until(lambda: c.connections())[0]["conn"]
      c = Client()
      c.ok(add=["\(source)", "name=w", "on=close"])
      a, conn = join()
      \(script)
      c.send(exit=0)
      """, network: Network())
    #expect(run.lines.last == "0 0", "\(run)")
    return run
  }

  @Test(arguments: places)
  func `the send that overflows is itself refused, and none before it`(source: String) throws {
    let run = try run(
      source,
      """
      limit, unsent, sent = 8 << 20, 0, 0
      # Up to the last byte that may wait; the kernel has taken some of the first ones.
      while unsent < limit:
          size = min(limit - unsent, 1000000)
          assert c.ok(send="x" * size, to=conn)["connections"] == 1
          sent += size
          unsent = c.connections()[0]["unsent"]
          assert unsent <= sent
      assert unsent == limit, unsent
      answer = c.ask(send="y", to=conn)
      assert answer["error"] == "connection %d takes no more" % conn, answer
      answer = c.ask(send="z", to=conn)
      assert answer["error"] == "no connection has the number %d" % conn, answer
      """)
    #expect(run.records.map { $0.text("reason") } == ["unsent"], "\(run)")
  }

  @Test(arguments: places)
  func `send and then close sends all that is queued`(source: String) throws {
    let run = try run(
      source,
      """
      for digit in "1234567": c.ok(send=digit * 1000000, to=conn)
      assert c.connections()[0]["unsent"] > 0
      assert c.ok(close=conn)["connections"] == 1
      got = b""
      while True:
          part = a.recv(1 << 16)
          if not part: break
          got += part
      assert got == b"".join(digit * 1000000 for digit in (b"1", b"2", b"3", b"4", b"5", b"6", b"7")), len(got)
      until(lambda: not c.connections())
      """)
    #expect(run.records.map { $0.text("reason") } == ["upon"], "\(run)")
    #expect(run.records.map { $0.number("bytes_out") } == [7_000_000])
  }
}
