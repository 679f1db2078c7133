import Testing

/// `reply`: what a command writes goes back to the peer of its event.
@Suite struct ReplyTests {
  private static let network = Network()

  private func run(_ script: String) throws -> Finished {
    try Self.network.run(Network.servers + Network.clients + script)
  }

  @Test func `comes in the order of the lines, whatever jobs= is`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 on=line do 'sleep 0.0$((RANDOM % 9)); tr a-z A-Z' reply jobs=5 shell=/bin/bash
      seq -f 'line%g' 20 >lines
      # Both a client that goes on listening when it has sent all, and one that waits with its end.
      nc -N 127.0.0.1 7000 <lines
      (cat lines; while ! test "$(wc -l <out)" = 20; do sleep 0.02; done) | nc -N 127.0.0.1 7000 >out; cat out
      """)
    let expected = (1...20).map { "LINE\($0)" }
    #expect(run.lines == expected + expected, "\(run)")
  }

  @Test func `goes on a connection out as well, and into the report where asked`() throws {
    let run = try run(
      """
      socat TCP-LISTEN:7000,reuseaddr SYSTEM:'echo one; echo two; cat >got' & ends $!; listening 7000
      upon tcp:127.0.0.1:7000 on=connect,line limit=3 do 'test $UPON_EVENT = connect && echo hello || cat; echo oops >&2' \\
        reply report=output | jq -c '[.out, .err]'
      wait $server; cat got
      """)
    #expect(
      run.lines == [
        #"["hello\n","oops\n"]"#, #"["one\n","oops\n"]"#, #"["two\n","oops\n"]"#, "hello", "one", "two",
      ],
      "\(run)")
  }

  @Test func `many clients at once, each with its own answers`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 on=line do 'cat' reply jobs=10
      clients=
      for client in $(seq 20); do seq -f "$client-%g" 10 | nc -N 127.0.0.1 7000 >out.$client & clients="$clients $!"; done
      wait $clients
      for client in $(seq 20); do seq -f "$client-%g" 10 | cmp - out.$client && echo same; done | uniq -c
      """)
    #expect(run.lines.map(\.folded) == ["20 same"], "\(run)")
  }

  @Test func `a greeting on accept does not take the connection`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 on=accept,line do 'test $UPON_EVENT = accept && echo welcome || cat' reply
      say 'one\\ntwo\\n'
      """)
    #expect(run.lines == ["welcome", "one", "two"], "\(run)")
  }

  @Test func `the run of a client that is gone is ended, and what waits for it does not begin`() throws {
    let run = try run(
      """
      serves upon --stats tcp-listen:7000 on=line do 'echo began; exec sleep 1000' reply report 2>stats >reports
      python3 -c 'import socket, struct
      s = socket.create_connection(("127.0.0.1", 7000)); s.sendall(b"1\\n2\\n"); s.recv(100)
      s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); s.close()'
      while ! grep -q done reports; do sleep 0.02; done
      jq -r '[.stopped, .signal] | join(" ")' reports
      kill $listener; wait $listener
      jq '.runs, .failed' stats
      """)
    #expect(run.lines == ["gone TERM", "1", "0"], "\(run)")
  }

  @Test func `a client that does not read makes its own command wait, and no other`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 on=line do 'read n; head -c $n /dev/zero; echo >>done' reply jobs=2
      mkfifo go; exec 5<>go
      { echo 50000000; sleep 1000 & sleeper=$!; read x <go; kill $sleeper; } | nc -N 127.0.0.1 7000 | { read -r y <go; wc -c >size; } &
      client=$!
      for i in 1 2 3; do say '5\\n' | wc -c; done
      grep -c '' done
      head -5 /proc/$listener/status >/dev/null; awk '/VmHWM/ { print ($2 < 60000) ? "small" : $2 }' /proc/$listener/status
      echo >&5; echo >&5
      while ! test "$(grep -c '' done)" = 4; do sleep 0.02; done; echo all
      """)
    #expect(run.lines == ["5", "5", "5", "3", "small", "all"], "\(run)")
  }

  @Test func `a slow command is bounded by its timeout`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 on=line do 'echo begun; exec sleep 1000' reply timeout=100ms 2>/dev/null
      say 'a\\n'
      """)
    #expect(run.lines == ["begun"], "\(run)")
  }

  @Test func `a source that ends sends the last answers first`() throws {
    let run = try run(
      """
      serves upon -n 1 tcp-listen:7000 on=line do 'sleep 0.1; echo late' reply
      say 'a\\nb\\n'; wait $listener; echo $?
      """)
    #expect(run.lines == ["late", "0"], "\(run)")
  }

  @Test func `the sender of a datagram gets one datagram, also by a source that has ended`() throws {
    let run = try run(
      """
      upon -n 3 --ready-fd 3 udp-listen:7000 do 'sleep 0.05; tr a-z A-Z; echo end' jobs=3 reply 3>ready & ends $!
      while ! test -s ready; do sleep 0.02; done
      python3 -c 'import socket
      clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
      for i, c in enumerate(clients): c.settimeout(30); c.sendto(b"line%d\\n" % i, ("127.0.0.1", 7000))
      for c in clients: print(c.recv(1000))'
      wait $server; echo $?
      """)
    #expect(
      run.lines == (0..<3).map { #"b'LINE\#($0)\nend\n'"# } + ["0"], "\(run)")
  }

  @Test func `a datagram that cannot be answered is told once, and one with nothing to say gets nothing`()
    throws
  {
    let run = try run(
      """
      upon --ready-fd 3 unix-dgram-listen:sock do 'read x; case $x in long) head -c 100000 /dev/zero;; quiet) ;; *) echo $x;; esac' reply \
        3>ready 2>errors & ends $!
      while ! test -s ready; do sleep 0.02; done
      python3 -c 'import socket
      c = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); c.bind("mine"); c.settimeout(30)
      nobody = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      for text in b"quiet", b"long", b"long": c.sendto(text, "sock")
      nobody.sendto(b"anonymous", "sock")
      c.sendto(b"hello", "sock"); print(c.recv(1000))'
      cat errors
      """)
    #expect(run.lines.first == #"b'hello\n'"#, "\(run)")
    #expect(run.lines.count == 2 && run.lines[1].hasSuffix(": reply: Message too long"))
  }

  @Test(arguments: [
    ("stdin", "stdin"), ("tcp:localhost:1 on=close", "tcp:localhost:1"),
    ("tcp:localhost:1 down", "tcp:localhost:1"), ("tcp:localhost:1 on=line or every:1s", "every:1s"),
  ])
  func `where there is nobody to reply to it is refused`(_ source: String, _ name: String) throws {
    let run = try Shell.run("upon \(source) do 'echo ran' reply")
    #expect(run.status == .exited(64))
    #expect(run.errorText == "upon: 'reply': '\(name)' delivers nothing here that could be replied to\n")
    #expect(run.output.isEmpty)
  }
}
