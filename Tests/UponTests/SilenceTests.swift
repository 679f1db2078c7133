import Testing

/// A silence is told once, or by spans of its own, and so is its end: on every source that has `idle=`.
@Suite struct SilenceTests {
  @Test func `the end of a silence stands in front of what ends it, on a connection`() throws {
    let run = try Network().run(
      Network.servers + """
        upon -n 5 -o tsv tcp-listen:7000 name=a idle=50ms on=+active > out & upon=$!; ends $!; listening 7000
        (while ! grep -q idle out; do sleep 0.02; done; printf 'x\\ny\\n') | nc -N 127.0.0.1 7000
        wait $upon; cut -f 2,3 out
        """)
    #expect(run.lines == ["accept\t", "idle\t", "active\t", "line\tx", "line\ty"], "\(run)")
  }

  @Test func `the end of a silence stands in front of what ends it, among datagrams`() throws {
    let run = try Network().run(
      """
      upon -n 4 -o tsv udp-listen:7000 name=a idle=50ms on=+active,listening > out & upon=$!
      while ! grep -q idle out; do sleep 0.02; done
      printf x | socat - UDP:127.0.0.1:7000; wait $upon; cut -f 2,3 out
      """)
    #expect(run.lines == ["listening\t", "idle\t", "active\t", "datagram\tx"], "\(run)")
  }

  @Test func `the end of a silence stands in front of what ends it, where nothing is read`() throws {
    let run = try Shell.run(
      """
      mkfifo fifo; exec 3<> fifo
      upon -n 3 -o tsv fd:3 name=a frame=none idle=50ms on=+active > out & upon=$!
      while ! grep -q idle out; do sleep 0.02; done; echo >&3; wait $upon; cut -f 2 out
      """)
    #expect(run.lines == ["idle", "active", "readable"], "\(run)")
  }
}
