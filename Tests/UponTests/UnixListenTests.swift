import Glibc
import Testing

/// Connections in on unix sockets: their paths, their modes and who connects.
@Suite struct UnixListenTests {
  /// `appears` waits for a socket at a path, `say` is a client that sends a text and ends.
  private static let clients = """
    appears() { while ! [ -S $1 ]; do sleep 0.02; done; }
    say() { printf "$2" | socat -t 5 - UNIX-CONNECT:$1; }

    """

  private func run(_ script: String) throws -> Finished {
    try Shell.run(Self.clients + script)
  }

  @Test func `tells who has connected`() throws {
    let run = try run(
      """
      upon unix-listen:s limit=1 > out & appears s
      stat -c %a s; say s 'hello\\n'; wait; test -e s || echo removed; id -u; id -g; cat out
      """)
    let records = run.records
    #expect(records.map(\.event) == ["accept", "line", "close"], "\(run)")
    let accept = try #require(records.first)
    #expect(run.lines.prefix(2) == ["600", "removed"])
    #expect(run.lines.dropFirst(2).prefix(2) == ["\(accept.number("uid"))", "\(accept.number("gid"))"])
    #expect(accept.number("pid") > 1)
    #expect(accept.text("local") == "s")
    #expect(accept.text("peer") == "" && accept.has("peer"))
  }

  @Test(arguments: [
    "unix-listen:s mode=666", "unix-dgram-listen:s mode=666", "fifo:s mode=666", "--control unix:s",
  ])
  func `a mode of its own leaves the umask of commands as it was`(_ made: String) throws {
    let run = try Shell.run("umask 027; upon \(made) start exit=0 do umask")
    #expect(run.text == "0027\n", "\(run)")
  }

  @Test func `the socket has its mode, and the path of a client is its address`() throws {
    let run = try run(
      """
      upon unix-listen:s mode=660 limit=1 > out & appears s; stat -c %a s
      echo hello | socat -t 5 - UNIX-CONNECT:s,bind=client; wait; cat out
      """)
    #expect(run.lines.first == "660", "\(run)")
    #expect(run.records.allSatisfy { $0.text("peer") == "client" })
  }

  @Test func `a path that is served is refused, and goes on being served`() throws {
    let run = try run(
      """
      upon -o data unix-listen:s limit=1 on=line,accept > out & appears s
      upon unix-listen:s; echo $?
      say s 'still\\n'; wait; cat out; ls
      """)
    // Who asks whether it is served is no client: the limit is for the one that says something.
    #expect(run.lines == ["125", "still", "out"], "\(run)")
    #expect(run.errorText == "upon: unix-listen:s: s: is being served by another process\n")
  }

  @Test func `a path that nobody serves is replaced`() throws {
    let run = try run(
      """
      upon unix-listen:s & killed=$!; appears s; kill -KILL $killed; wait $killed 2>/dev/null
      test -S s && echo left
      upon -o data unix-listen:s limit=1 on=line,listening print & while ! say s 'hello\\n' 2>/dev/null; do :; done
      wait; ls
      """)
    #expect(run.lines == ["left", "hello"], "\(run)")
  }

  @Test func `other files are never touched, and only its own is removed`() throws {
    let run = try run(
      """
      echo kept > file; ln -s file link
      upon unix-listen:file; upon unix-listen:link; upon unix-listen:no/where; cat file link
      upon unix-listen:s & listener=$!; appears s; rm s; echo mine > s
      kill $listener; wait $listener; cat s; ls -a | grep upon-
      """)
    #expect(run.lines == ["kept", "kept", "mine"], "\(run)")
    #expect(
      run.errorText.hasPrefix(
        """
        upon: unix-listen:file: file: exists and is not a socket
        upon: unix-listen:link: link: exists and is not a socket
        upon: unix-listen:no/where: no/where: No such file or directory

        """), "\(run)")
  }

  @Test func `an abstract name has no file`() throws {
    let run = try run(
      """
      name=@upon-$$
      upon unix-listen:$name limit=1 on=accept,line,listening > out & while ! [ -s out ]; do sleep 0.02; done
      upon unix-listen:$name; echo $?
      echo hello | socat -t 5 - ABSTRACT-CONNECT:${name#@}; wait; ls; cat out
      """)
    #expect(run.lines.prefix(2) == ["125", "out"], "\(run)")
    #expect(run.records.map(\.event) == ["listening", "accept", "line"])
    #expect(run.records.prefix(2).allSatisfy { $0.text("local").hasPrefix("@upon-") })
    #expect(run.errorText.contains("Address already in use"))
  }

  @Test func `users are counted where connections of a peer are`() throws {
    let run = try run(
      """
      upon -o tsv unix-listen:s name=a per-peer=1 limit=2 on=+refused > out & appears s
      mkfifo one; socat - UNIX-CONNECT:s < one & exec 3> one
      while ! grep -q accept out; do sleep 0.02; done
      (exec 3>&-; say s 'no\\n'); while ! grep -q refused out; do sleep 0.02; done
      echo yes >&3; exec 3>&-; while ! grep -q close out; do sleep 0.02; done
      say s 'next\\n'; wait; cut -f 2,3 out
      """)
    #expect(
      run.lines == ["accept\t", "refused\t", "line\tyes", "close\t", "accept\t", "line\tnext", "close\t"],
      "\(run)")
  }

  @Test func `handlers written for s6-ipcserver find their variables`() throws {
    let run = try run(
      """
      export TCPREMOTEHOST=elsewhere IPCCONNNUM=9
      upon unix-listen:s limit=1 do 'echo $PROTO $IPCREMOTEEUID $IPCREMOTEEGID $IPCLOCALPATH $IPCREMOTEPATH \
        $TCPREMOTEHOST$IPCCONNNUM; cat' & appears s
      echo hello | socat -t 5 - UNIX-CONNECT:s,bind=client; echo IPC $(id -u) $(id -g) s client; wait
      """)
    #expect(run.lines.count == 3 && run.lines[0] == run.lines[2] && run.lines[1] == "hello", "\(run)")
  }

  @Test func `the path is removed when a signal ends upon, and after a wait`() throws {
    let run = try run(
      """
      for signal in TERM HUP; do
        upon unix-listen:s & listener=$!; appears s; kill -$signal $listener; wait $listener 2>/dev/null
        test -e s && echo left after $signal
      done
      upon -1 unix-listen:s -- sh -c 'test -e s || echo removed before PROGRAM' & appears s; say s ''; wait
      """)
    #expect(run.lines == ["removed before PROGRAM"], "\(run)")
  }

  @Test(arguments: ["unix-listen:s", "unix-dgram-listen:s", "--control unix:s"])
  func `of two that start on a stale path one serves it`(_ words: String) throws {
    let run = try Shell.run(
      """
      cat > race <<'end'
      import socket, subprocess, sys, os, time
      served = []
      for round in range(40):
          if os.path.exists("s"): os.unlink("s")
          stale = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
          stale.bind("s")
          stale.close()
          pipes = [os.pipe() for _ in range(2)]
          both = [subprocess.Popen(["upon", "--ready-fd", str(w)] + sys.argv[1:], pass_fds=[w],
                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for r, w in pipes]
          for r, w in pipes: os.close(w)
          # The end of the pipe without a line is that of a start that has failed.
          served.append(sum(os.read(r, 1) == b"\\n" for r, w in pipes))
          for r, w in pipes: os.close(r)
          for one in both: one.terminate()
          for one in both: one.wait()
      print(len(served), set(served), os.listdir("."))
      end
      python3 race \(words)
      """)
    #expect(run.text == "40 {1} ['race']\n", "\(run)")
  }

  @Test func `every event of a connection tells whose it is`() throws {
    let run = try run(
      """
      upon unix-listen:s limit=1 on=+end > out & appears s; say s 'hello\\n'; wait
      echo $(jq -s -c 'map([.event, .uid, .gid]) | unique_by(.[1:]) | length' out) \\
        $(jq -s -c 'map(.event)' out) $(jq -s 'map(.pid > 1) | all' out)
      upon -q unix-listen:t & listener=$!; appears t
      upon -n 2 unix:t idle=20ms | jq -c '[.event, .uid]'; kill $listener; wait $listener
      """)
    let own = getuid()
    #expect(
      run.lines == [
        #"1 ["accept","line","end","close"] true"#, #"["connect",\#(own)]"#, #"["idle",\#(own)]"#,
      ], "\(run)")
  }

  @Test func `only users that are allowed get in, to an abstract name only its own without a word`() throws {
    let run = try run(
      """
      name=@upon-$$
      upon unix-listen:$name limit=1 on=+listening,refused > out & while ! [ -s out ]; do sleep 0.02; done
      other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
      echo no | other socat -t 5 - ABSTRACT-CONNECT:${name#@}; while ! grep -q refused out; do sleep 0.02; done
      echo yes | socat -t 5 - ABSTRACT-CONNECT:${name#@}; wait; jq -r '[.event, .uid, .data] | @tsv' out
      chmod 755 .
      upon -o tsv unix-listen:s name=a mode=666 allow-user=nobody limit=1 on=+refused > out & appears s
      say s 'no\\n'; while ! grep -q refused out; do sleep 0.02; done
      echo yes | other socat -t 5 - UNIX-CONNECT:$PWD/s; wait; cut -f 2,3 out
      """)
    let own = getuid()
    #expect(
      run.lines == [
        "listening\t\t", "refused\t65534\t", "accept\t\(own)\t", "line\t\(own)\tyes", "close\t\(own)\t",
        "refused\t", "accept\t", "line\tyes", "close\t",
      ], "\(run)")
  }
}
