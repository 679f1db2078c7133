import Testing

/// Who is let in, and what of a client counts.
@Suite struct AllowTests {
  private func run(_ script: String, setup: String = "") throws -> Finished {
    try Network(setup: setup).run(Network.servers + Network.clients + script)
  }

  private static let from = """
    from() { echo "$1" | socat -t 5 - TCP:$2:7000,bind=$1; }

    """

  @Test func `only addresses that are allowed get in, at the exact edge`() throws {
    let run = try run(
      Self.from + """
        serves upon --stats -o tsv tcp-listen:any:7000 name=a allow=127.0.1.0/30,::1 limit=3 on=line,refused > out 2> stats
        for address in 127.0.0.255 127.0.1.0 127.0.1.3 127.0.1.4; do from $address 127.0.0.1; done
        echo six | socat -t 5 - TCP6:[::1]:7000; wait $listener; cut -f 2,3 out; grep -o '"refused":[0-9]*' stats
        """)
    #expect(
      run.lines == ["refused\t", "line\t127.0.1.0", "line\t127.0.1.3", "refused\t", "line\tsix"]
        || run.lines.prefix(5)
          == ["refused\t", "line\t127.0.1.0", "line\t127.0.1.3", "refused\t", "line\tsix"],
      "\(run)")
  }

  @Test func `an IPv4 client of an IPv6 socket is its IPv4 address`() throws {
    let run = try run(
      """
      cat > listen <<'end'
      import socket, os
      s = socket.socket(socket.AF_INET6)
      s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
      s.bind(("::", 7000)); s.listen(); os.dup2(s.fileno(), 9)
      os.execvp("upon", ["upon", "-o", "tsv", "accept:9", "allow=127.0.0.1", "limit=1", "on=line,refused"])
      end
      python3 listen > out & listener=$!; ends $!; listening 7000
      echo no | socat -t 5 - TCP6:[::1]:7000; while ! grep -q refused out; do sleep 0.02; done
      say 'yes\\n'; wait $listener; cut -f 2,3 out
      """)
    #expect(run.lines == ["refused\t", "line\tyes"], "\(run)")
  }

  @Test func `datagrams of others are dropped and counted`() throws {
    let run = try run(
      """
      upon --stats --ready-fd 4 -n 1 -o data udp-listen:7000 allow=127.0.0.2 > out 4> ready 2> stats & upon=$!
      while ! [ -s ready ]; do sleep 0.02; done
      for address in 127.0.0.1 127.0.0.3 127.0.0.2; do
        echo $address | socat - UDP:127.0.0.1:7000,bind=$address
      done
      wait $upon; cat out; grep -o '"refused":[0-9]*' stats
      """)
    #expect(run.lines == ["127.0.0.2", "\"refused\":2"], "\(run)")
  }

  @Test func `all addresses of one IPv6 network of 64 bits are one peer`() throws {
    let run = try run(
      """
      serves upon -o tsv tcp-listen:any:7000 name=a per-peer=1 limit=2 on=accept,refused > out
      while [ $(ss -Hltn 'sport = :7000' | wc -l) -lt 2 ]; do sleep 0.02; done
      mkfifo one; socat - TCP6:[2001:db8::1]:7000,bind=[2001:db8::2] < one & exec 3> one
      while ! grep -q accept out; do sleep 0.02; done
      echo | socat - TCP6:[2001:db8::1]:7000,bind=[2001:db8::3] 3>&-; while ! grep -q refused out; do sleep 0.02; done
      echo | socat - TCP6:[2001:db8::1]:7000,bind=[2001:db8:0:1::1] 3>&-
      exec 3>&-; wait $listener; cut -f 2 out
      """,
      setup:
        "for a in 2001:db8::1 2001:db8::2 2001:db8::3 2001:db8:0:1::1; do ip addr add $a/128 dev lo nodad; done"
    )
    #expect(run.lines == ["accept", "refused", "accept"], "\(run)")
  }
}
