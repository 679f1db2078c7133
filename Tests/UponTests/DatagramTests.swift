import Testing

/// Datagrams, with real senders.
@Suite struct DatagramTests {
  private static let network = Network()

  /// Waits until upon, whose records go to `out`, says that it listens.
  private static let ready = "ready() { until grep -q listening out 2>/dev/null; do sleep 0.02; done; }\n"

  @Test func `each datagram is a record, an empty one too`() throws {
    let run = try Self.network.run(
      Self.ready + """
        upon -n 5 udp-listen:7000 on=+listening > out & upon=$!; ready
        python3 -c 'import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 6000))
        for d in b"one", b"", b"two\\nlines\\n", b"\\xff": s.sendto(d, ("127.0.0.1", 7000))'
        wait $upon; cat out
        """)
    let records = run.records
    #expect(records.map(\.event) == ["listening"] + Array(repeating: "datagram", count: 4), "\(run)")
    #expect(records.first?.text("local") == "127.0.0.1:7000")
    #expect(records.first?.number("port") == 7000)
    #expect(records.dropFirst().map(\.data) == ["one", "", "two\nlines\n", "\u{FFFD}"])
    #expect(records.last?.text("data_base64") == "/w==")
    #expect(records.dropFirst().allSatisfy { $0.text("peer") == "127.0.0.1:6000" && !$0.has("partial") })
  }

  @Test func `a datagram that is too long is marked`() throws {
    let run = try Self.network.run(
      Self.ready + """
        upon -n 3 udp-listen:7000 max=4 on=+listening > out & upon=$!; ready
        printf 12345678 | socat -u - UDP:127.0.0.1:7000; printf 1234 | socat -u - UDP:127.0.0.1:7000
        wait $upon; tail -n 2 out
        """)
    #expect(run.records.map(\.data) == ["1234", "1234"], "\(run)")
    #expect(run.records.first?.number("size") == 8)
    #expect(run.records.first?.line.contains(#""partial":true"#) == true)
    #expect(run.records.last?.has("partial") == false)
  }

  @Test func `a burst is taken whole, in order`() throws {
    let run = try Self.network.run(
      Self.ready + """
        upon -n 2001 -o tsv udp-listen:7000 name=u on=+listening > out & upon=$!; ready
        python3 -c 'import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for n in range(2000):
          s.sendto(b"%d" % n, ("127.0.0.1", 7000))
          if n % 100 == 99: __import__("time").sleep(0.01)'
        wait $upon; cut -f 3 out | tail -n 2000 | sort -n -c && wc -l < out
        """)
    #expect(run.lines == ["2001"], "\(run)")
  }

  @Test func `what the kernel drops while nobody reads the records is told by --stats`() throws {
    let run = try Self.network.run(
      """
      mkfifo out; upon --stats --ready-fd 4 -t 20s udp-listen:7000 exit=idle:0 idle=500ms > out 4> ready 2> stats & upon=$!
      exec 5< out; while [ ! -s ready ]; do sleep 0.02; done
      python3 -c 'import socket
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for n in range(3000): s.sendto(b"x" * 20000, ("127.0.0.1", 7000))'
      cat <&5 | grep -c '"event":"datagram"' > received; wait $upon
      jq -r '.sources[0].lost' stats; cat received
      """)
    let numbers = run.lines.compactMap { Int($0) }
    try #require(numbers.count == 2, "\(run)")
    #expect(numbers[0] > 0)
    #expect(numbers[0] + numbers[1] == 3000, "\(run)")
  }

  @Test func `any takes both families, and port 0 is told`() throws {
    let run = try Self.network.run(
      Self.ready + """
        upon -n 3 udp-listen:any:0 on=+listening > out & upon=$!; ready
        port=$(jq .port out)
        echo four | socat -u - UDP:127.0.0.1:$port; echo six | socat -u - "UDP:[::1]:$port"
        wait $upon; tail -n 2 out
        """)
    #expect(Set(run.records.map(\.data)) == ["four\n", "six\n"], "\(run)")
    let peers = run.records.map { String($0.text("peer").prefix { $0 != "." && $0 != "]" }) }
    #expect(Set(peers) == ["127", "[::1"])
  }

  @Test func `a unix socket for datagrams has its mode, and is removed`() throws {
    let run = try Shell.run(
      Self.ready + """
        upon -n 3 unix-dgram-listen:s mode=660 on=+listening > out & upon=$!; ready
        stat -c %a s
        echo nameless | socat -u - UNIX-SENDTO:s
        python3 -c 'import socket
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind("me"); s.sendto(b"named", "s")'
        wait $upon; tail -n 2 out | jq -r '"\\(.peer) \\(.data)"'; ls s
        """)
    #expect(run.lines == ["660", " nameless", "me named"], "\(run)")
    #expect(run.errorText.contains("'s'") || run.errorText.contains("No such file"))
  }

  @Test func `an abstract name works too`() throws {
    let run = try Shell.run(
      """
      upon -1 -o data unix-dgram-listen:@upon-$$ > out & upon=$!
      until echo hi | socat -u - ABSTRACT-SENDTO:upon-$$ 2>/dev/null; do sleep 0.02; done
      wait $upon; cat out
      """)
    #expect(run.lines == ["hi"], "\(run)")
  }

  @Test func `commands get the datagram, matches filter, silence is told`() throws {
    let run = try Self.network.start(
      """
      upon --ready-fd 4 udp-listen:7000 match=a do 'printf "%s from %s: " "$UPON_EVENT" "${UPON_PEER%:*}"; cat; echo' \
        udp-listen:7000 idle=50ms on=idle limit=1 4>&1
      """)
    try #require(run.wait(for: "\n") != nil)
    try #require(run.wait(for: #""event":"idle""#) != nil)
    _ = try Shell.run("true")
    let sent = try Shell.run(
      "nsenter -U -n --preserve-credentials -t \(run.pid) sh -c 'printf b | socat -u - UDP:127.0.0.1:7000; printf a | socat -u - UDP:127.0.0.1:7000'"
    )
    #expect(sent.status == .exited(0), "\(sent)")
    #expect(run.wait(for: "datagram from 127.0.0.1: a\n") != nil)
    #expect(!run.output.text.contains(": b"))
  }

  @Test func `of a socket that it was given it takes no more than it delivers`() throws {
    let run = try Self.network.run(
      """
      cat > given.py <<'end'
      import os, socket
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 7000))
      for d in b"one", b"two", b"three": s.sendto(d, ("127.0.0.1", 7000))
      os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
      os.execvp("sh", ["sh", "-c", "upon -1 -o tsv accept:3 name=a; upon -1 -o tsv accept:3 name=b; "
        "upon -1 fd:3 frame=none -q do 'exec head -c 5 <&3'; upon accept:3 per-peer=1"])
      end
      python3 given.py
      """)
    #expect(run.lines == ["a\tdatagram\tone", "b\tdatagram\ttwo", "three"], "\(run)")
    #expect(run.errorText == "upon: 'per-peer=1': has no effect: descriptor 3 is a socket for datagrams\n")
  }

  @Test func `a service manager gives it a socket for datagrams by name`() throws {
    let run = try Self.network.run(
      """
      systemd-socket-activate --datagram -l 127.0.0.1:7000 --fdname=log upon -1 accept:log > out 2> log & upon=$!
      until ss -Hlun | grep -q :7000; do sleep 0.02; done
      printf hello | socat -u - UDP:127.0.0.1:7000
      wait $upon; cat out
      """)
    #expect(run.records.map(\.data) == ["hello"], "\(run)")
    #expect(run.records.first?.event == "datagram")
    #expect(run.records.first?.text("kind") == "accept")
  }

  @Test func `a source that is replaced goes on with its socket, and the path stays until the last`() throws {
    let run = try Shell.run(
      Self.ready + """
        mkfifo control; upon --control stdin -o tsv unix-dgram-listen:s name=a on=+listening < control > out & upon=$!
        exec 9> control; ready
        send() { printf $1 | socat -u - UNIX-SENDTO:s; until grep -q $1 out; do sleep 0.02; done; }
        send one
        echo '{"add":["unix-dgram-listen:s","name=a","on=+listening","max=1K"],"replace":true}' >&9
        until [ $(grep -c listening out) = 2 ]; do sleep 0.02; done
        send two; ls s; exec 9>&-; wait $upon; ls s 2>/dev/null; grep datagram out
        """)
    #expect(run.lines == ["s", "a\tdatagram\tone", "a\tdatagram\ttwo"], "\(run)")
    #expect(run.errorText == "")
  }

  @Test(arguments: [
    (
      "python3 -c 'import socket,time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((\"127.0.0.1\", 7000)); print(flush=True); time.sleep(1000)' > up & pid=$!; while [ ! -s up ]; do sleep 0.02; done; upon udp-listen:127.0.0.1:7000; s=$?; kill $pid; exit $s",
      "upon: udp-listen:127.0.0.1:7000: 127.0.0.1:7000: Address already in use\n"
    ),
    (
      "upon udp-listen:10.9.8.7:7000",
      "upon: udp-listen:10.9.8.7:7000: 10.9.8.7:7000: Cannot assign requested address; no interface of this machine has it\n"
    ),
    ("touch s; upon unix-dgram-listen:s", "upon: unix-dgram-listen:s: s: exists and is not a socket\n"),
  ])
  func `a place that cannot be had is told`(_ script: String, _ message: String) throws {
    let run = try Self.network.run(script)
    #expect(run.status == .exited(125), "\(run)")
    #expect(run.errorText == message)
  }
}
