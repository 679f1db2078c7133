import Testing

/// Sockets that upon is started with, by service managers and by programs that behave like one.
@Suite struct ActivationTests {
  private static let network = Network()

  private func run(_ script: String) throws -> Finished {
    try Self.network.run(ListenTests.clients + script)
  }

  /// systemd-socket-activate gives only what it is told to give.
  private static let activate = "systemd-socket-activate -E PATH=\"$PATH\""

  @Test func `accepts on the sockets of systemd-socket-activate, by number and by name`() throws {
    let run = try run(
      """
      \(Self.activate) -l 7000 -l 127.0.0.1:7001 --fdname=web:admin \
        upon -o tsv accept:3 limit=1 on=+listening accept:admin limit=1 > out 2> log & ends $!
      listening 7000; listening 7001
      echo one | nc -N 127.0.0.1 7000; echo two | nc -N 127.0.0.1 7001; wait $server; sort out
      """)
    #expect(
      run.lines
        == [
          "accept:3\taccept\t", "accept:3\tclose\t", "accept:3\tline\tone", "accept:3\tlistening\t",
          "accept:admin\taccept\t", "accept:admin\tclose\t", "accept:admin\tline\ttwo",
        ], "\(run)")
  }

  @Test func `gives connections of an inherited socket to handlers`() throws {
    let run = try run(
      """
      \(Self.activate) -l 7000 upon accept:3 limit=2 do 'env | grep -c LISTEN_; echo $TCPLOCALPORT; cat' \
        2> log & ends $!
      listening 7000; say 'one\\n'; say 'two\\n'; wait $server
      """)
    #expect(run.lines == ["0", "7000", "one", "0", "7000", "two"], "\(run)")
  }

  @Test func `a unix socket that was passed tells who has connected`() throws {
    let run = try Shell.run(
      """
      \(Self.activate) -l $PWD/s upon accept:3 limit=1 2> log &
      while ! [ -S s ]; do sleep 0.02; done; echo hello | socat - UNIX-CONNECT:s; wait
      """)
    #expect(run.records.map(\.event) == ["accept", "line", "close"], "\(run)")
    #expect(run.records.first.map { $0.number("uid") >= 0 } == true)
  }

  @Test func `takes standard input in the style of inetd, and puts its flag back`() throws {
    let run = try run(
      """
      cat > inetd.py <<'end'
      import fcntl, os, socket, subprocess, sys
      listener = socket.socket()
      listener.bind(("127.0.0.1", 7000))
      listener.listen()
      blocks = lambda: not fcntl.fcntl(listener, fcntl.F_GETFL) & os.O_NONBLOCK
      child = subprocess.Popen(["upon", "-o", "data", "accept:0", "limit=1", "on=line"], stdin=listener)
      client = socket.create_connection(("127.0.0.1", 7000))
      client.sendall(b"hello\\n")
      client.close()
      print(child.wait(), blocks(), flush=True)
      end
      python3 inetd.py
      """)
    #expect(run.lines == ["hello", "0 True"], "\(run)")
  }

  @Test func `says what is wrong with a descriptor that is no listening socket`() throws {
    let run = try Shell.run(
      """
      upon accept:9; upon accept:0 < /dev/null; upon accept:web
      LISTEN_FDS=1 LISTEN_PID=1 LISTEN_FDNAMES=web upon accept:web
      socat - EXEC:'upon accept\\:0' < /dev/null
      systemd-socket-activate -E PATH="$PATH" -l $PWD/s --fdname=db upon accept:web 2> log &
      while ! [ -S s ]; do sleep 0.02; done; socat - UNIX-CONNECT:s < /dev/null; wait; grep upon: log
      """)
    #expect(run.lines == ["upon: accept:web: no socket of that name was given; there are db"], "\(run)")
    #expect(
      run.errorText.split(separator: "\n").filter { $0.hasPrefix("upon:") } == [
        "upon: accept:9: descriptor 9 is closed",
        "upon: accept:0: descriptor 0 is not a socket",
        "upon: accept:web: no sockets were given to this process (LISTEN_FDS, LISTEN_PID)",
        "upon: accept:web: no sockets were given to this process (LISTEN_FDS, LISTEN_PID)",
        "upon: accept:0: descriptor 0 is a socket that does not listen; fd:0 reads a connection",
      ], "\(run)")
    let terminal = try Shell.terminal([Shell.binary.path, "accept:0"]).finish()
    #expect(terminal.status == .exited(125))
    #expect(
      terminal.text == "upon: accept:0: descriptor 0 is a terminal, not a listening socket\r\n", "\(terminal)"
    )
  }

  @Test(arguments: ["path", "abstract"])
  func `says READY once to NOTIFY_SOCKET, when all sources are armed`(kind: String) throws {
    let run = try Shell.run(
      """
      import os, socket, subprocess, sys
      name = "@upon-test-%d" % os.getpid() if sys.argv[1] == "abstract" else os.getcwd() + "/notify"
      manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      manager.bind(name.replace("@", "\\0", 1)); manager.settimeout(15)
      environment = {**os.environ, "NOTIFY_SOCKET": name}
      upon = subprocess.Popen(["upon", "-q", "signal:USR1", "unix-listen:web"], env=environment)
      print(manager.recv(100), os.path.exists("web"))
      os.kill(upon.pid, 10); upon.terminate()
      print(upon.wait())
      manager.setblocking(False)
      try: print(manager.recv(100))
      except BlockingIOError: print("once")
      """, in: "python3", arguments: [kind])
    #expect(run.lines == ["b'READY=1' True", "-15", "once"], "\(run)")
  }
}
