import Testing

/// Listeners whose place is taken while clients are connected.
@Suite struct ReplacementTests {
  @Test(arguments: ["tcp-listen:7000", "unix-listen:web"])
  func `per-peer counts on over a replacement`(source: String) throws {
    let run = try Controlled.run(
      """
      rule = ["\(source)", "name=w", "per-peer=2", "on=accept,refused,close"]
      def join(number=None):
          s = connect("web") if "unix" in rule[0] else socket.create_connection(("127.0.0.1", 7000))
          s.settimeout(15)
          if number: until(lambda: len(c.connections()) == number)
          else: assert s.recv(1) == b""
          return s
      c = Client()
      c.ok(add=rule)
      a = join(1)
      c.ok(add=rule, replace=True)
      b = join(2)
      join()
      # One that was let in by the first gives its place back to the second.
      a.close()
      until(lambda: len(c.connections()) == 1)
      d = join(2)
      join()
      c.ok(add=rule, replace=True)
      join()
      b.close(); d.close()
      until(lambda: not c.connections())
      e, f = join(1), join(2)
      join()
      c.send(exit=0)
      """, network: Network())
    #expect(run.lines.last == "0 0", "\(run)")
    #expect(run.records.amounts(of: \.event) == ["accept": 5, "refused": 4, "close": 3], "\(run)")
  }
}
