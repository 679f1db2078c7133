import Testing

/// Connections out, with real peers.
@Suite struct ConnectTests {
  private static let network = Network()
  private static let servers = Network.servers

  @Test func `tells a connection from its beginning to its end`() throws {
    let run = try Self.network.run(
      Self.servers + "serve 7000 'echo hello; printf world'; upon tcp:127.0.0.1:7000")
    let records = run.records
    #expect(records.map(\.event) == ["connect", "line", "line", "close"], "\(run)")
    #expect(records.map(\.data) == ["", "hello", "world", ""])
    #expect(records.allSatisfy { $0.number("conn") == 1 && $0.text("peer") == "127.0.0.1:7000" })
    #expect(records.first?.text("local").hasPrefix("127.0.0.1:") == true)
    #expect(records.first?.number("attempts") == 1)
    #expect(records.last?.number("bytes_in") == 11)
    #expect(records.last?.text("reason") == "peer")
    #expect(run.status == .exited(0))
  }

  @Test func `reads a unix socket and an abstract one`() throws {
    let run = try Shell.run(
      """
      socat UNIX-LISTEN:s SYSTEM:'echo path' & socat ABSTRACT-LISTEN:upon-$$ SYSTEM:'echo name' &
      upon -o tsv unix:s name=path; upon unix:@upon-$$ name=abstract
      """)
    #expect(run.lines.prefix(3) == ["path\tconnect\t", "path\tline\tpath", "path\tclose\t"], "\(run)")
    #expect(run.records.map(\.event) == ["connect", "line", "close"])
    #expect(run.records.allSatisfy { $0.text("peer").hasPrefix("@upon-") })
  }

  @Test func `runs a command when it is made, and for lines where they are named`() throws {
    let run = try Self.network.run(
      Self.servers + """
        serve 7000 'echo one; echo two'
        upon tcp:127.0.0.1:7000 do 'echo "$UPON_EVENT $UPON_PEER $UPON_ATTEMPTS"; cat' \
          tcp:127.0.0.1:7000 on=line match=two do 'cat; echo "$UPON_CONN"'
        """)
    #expect(run.lines == ["connect 127.0.0.1:7000 1", "two", "1"], "\(run)")
  }

  @Test func `tells silence on a connection`() throws {
    let run = try Self.network.run(
      Self.servers + "mute 7000; upon -n 3 -o tsv tcp:127.0.0.1:7000 idle=20ms,20ms")
    #expect(
      run.lines == ["connect", "idle", "idle"].map { "tcp:127.0.0.1:7000\t\($0)\t" }, "\(run)")
  }

  @Test func `opens again after a close, and never spins`() throws {
    let run = try Self.network.run(
      Self.servers + """
        serve 7000 'echo hi'
        upon -n 6 -o tsv tcp:127.0.0.1:7000 name=a reconnect retry=10ms
        upon -t 1s tcp:127.0.0.1:7000 reconnect retry=300ms on=connect | wc -l
        """)
    let once = ["a\tconnect\t", "a\tline\thi", "a\tclose\t"]
    #expect(Array(run.lines.prefix(6)) == once + once, "\(run)")
    #expect(1...4 ~= (run.lines.last.flatMap { Int($0) } ?? 0))
  }

  @Test func `a connection that the peer resets says so`() throws {
    let run = try Self.network.run(
      Self.servers + """
        # One that is reset before it has been noticed is a failed attempt, and the next is made.
        python3 -c 'import socket, struct, time
        s = socket.socket(); s.bind(("", 7000)); s.listen()
        while True:
          c = s.accept()[0]; time.sleep(0.1); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()' & started 7000
        upon tcp:127.0.0.1:7000
        """)
    #expect(run.records.map(\.event) == ["connect", "close"], "\(run)")
    #expect(run.records.last?.text("reason") == "reset")
  }

  @Test func `tries until there is somebody, and tells failures at a rate that a person can follow`() throws {
    let run = try Self.network.start(
      Self.servers + """
        upon -v -1 tcp:127.0.0.1:7000 retry=5ms & upon=$!
        read go; serve 7000 true; wait $upon
        """)
    #expect(run.wait { run.errors.text.contains("attempt 1: Connection refused\n") })
    // Long enough for hundreds of attempts.
    run.pass(.milliseconds(1200))
    run.send("go\n")
    let end = run.finish()
    #expect(end.records.map(\.event) == ["connect"], "\(end)")
    #expect(end.records.first.map { $0.number("attempts") > 20 } == true)
    #expect(end.errorText.split(separator: "\n").filter { $0.contains("refused") }.count <= 3)
    #expect(end.errorText.contains("upon: tcp:127.0.0.1:7000: connected to 127.0.0.1:7000 by attempt "))
  }

  @Test func `the first failure is final where it is to be`() throws {
    let run = try Self.network.run("upon tcp:127.0.0.1:7000 retry=no")
    #expect(run.status == .exited(125))
    #expect(run.errorText == "upon: tcp:127.0.0.1:7000: Connection refused\n")
  }

  @Test func `a failed attempt is an event where it is named`() throws {
    let run = try Self.network.run("upon -n 2 tcp:127.0.0.1:7000 on=error retry=1ms")
    #expect(run.records.map { $0.number("attempts") } == [1, 2], "\(run)")
    #expect(run.records.allSatisfy { $0.text("error") == "Connection refused" && $0.event == "error" })
  }

  @Test func `an address that does not answer costs connect-timeout`() throws {
    let run = try Self.network.run(
      Self.servers + """
        mute 7000 0
        # The line of a listener that never accepts is full with these; what comes now is dropped.
        for i in 1 2 3; do socat -u PIPE TCP:127.0.0.1:7000 2>/dev/null & done
        while [ $(ss -Hltn 'sport = :7000' | awk '{print $2}') -lt 1 ]; do sleep 0.02; done
        upon -1 -t 2s tcp:127.0.0.1:7000 connect-timeout=50ms on=+error -o tsv
        upon -1 -t 1s tcp:127.0.0.1:7000 connect-timeout=30s
        upon -1 tcp:127.0.0.1:7000 connect-timeout=50ms down | jq -r .error
        """)
    #expect(run.lines == ["tcp:127.0.0.1:7000\terror\t", "Connection timed out"], "\(run)")
    #expect(
      run.errorText
        == "upon: timed out after 1s; still missing: tcp:127.0.0.1:7000 (no answer from 127.0.0.1:7000 yet)\n"
    )
  }

  @Test func `a thousand are made at once`() throws {
    let run = try Self.network.run(
      Self.servers + """
        mute 7000 2000
        upon -a $(for a in $(seq 4); do for b in $(seq 250); do echo tcp:127.0.$a.$b:7000; done; done) |
          jq -r .event | sort | uniq -c
        """)
    #expect(run.lines.map { $0.trimmingPrefix { $0 == " " } } == ["1000 connect"], "\(run)")
  }

  @Test func `goes on when descriptors are short`() throws {
    let run = try Self.network.run(
      Self.servers + """
        mute 7000 500
        (ulimit -n 24; exec upon -a -q -t 50s $(for a in $(seq 200); do echo tcp:127.0.0.$a:7000; done)); echo $?
        """)
    #expect(run.lines == ["0"], "\(run)")
  }

  @Test func `after a close attempts count anew, and so does the time that they have taken`() throws {
    let window = try TimeWindow()
    let run = try Self.network.run(
      Self.servers + """
        python3 -c 'import socket, time
        def listen():
          s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("", 7000)); s.listen()
          return s
        s = listen(); c = s.accept()[0]; s.close(); c.close(); time.sleep(0.55)
        s = listen()
        while True: s.accept()[0].close()' & started 7000
        upon -n 4 tcp:127.0.0.1:7000 reconnect retry=100ms on=connect
        """)
    let attempts = run.records.map { $0.number("attempts") }
    try #require(attempts.count == 4, "\(run)")
    #expect(attempts[0] == 1 && attempts[1] >= 2 && attempts[1] <= 6 && attempts[2...] == [1, 1], "\(run)")
    let elapsed = run.records.map { Duration.microseconds($0.number("elapsed_us")) }
    let later = .milliseconds(100) * (attempts[1] - 1)
    for (taken, least) in zip(elapsed, [.zero, later, .zero, .zero]) {
      try window.expect(taken, in: least...least + .milliseconds(50), "\(run)")
    }
  }

  /// After two seconds attempts are a quarter of a second apart, and those of many clients are everywhere between.
  @Test(arguments: ["s.bind('sock'); s.listen(50)", "s.bind('new'); s.listen(50); os.rename('new', 'sock')"])
  func `a unix path that appears late is found at once`(listen: String) throws {
    let window = try TimeWindow()
    let run = try Shell.start(
      """
      for client in $(seq 12); do upon -1 unix:sock & sleep 0.03; done
      sleep 2.1
      exec python3 -c "import os, socket
      s = socket.socket(socket.AF_UNIX); print('ready', flush=True); input(); \(listen)
      clients = [s.accept() for _ in range(12)]; input()"
      """)
    try #require(run.wait(for: "ready\n") != nil)
    let began = ContinuousClock.now
    run.send("\n")
    // Two may be late by a chance of the machine.
    #expect(run.wait { run.records.count >= 10 })
    try window.expect(ContinuousClock.now - began, in: .zero ... .milliseconds(40))
    #expect(run.wait(forRecords: 12))
  }
}
