import Testing

/// Commands whose standard input and output is a connection.
@Suite struct HandlerTests {
  private static let network = Network()

  private func run(_ script: String) throws -> Finished {
    try Self.network.run(Network.servers + Network.clients + script)
  }

  @Test func `a program or a command answers each connection`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 -- /bin/echo hi
      say ''; say ''; kill $listener; wait $listener
      while ss -Hltn 'sport = :7000' | grep -q .; do sleep 0.02; done
      serves upon tcp-listen:7000 do 'while read line; do echo "you said $line"; done'
      say 'one\\ntwo\\n'
      """)
    #expect(run.lines == ["hi", "hi", "you said one", "you said two"], "\(run)")
  }

  /// A handler that was written for tcpserver sees no difference.
  @Test func `the variables are those of tcpserver`() throws {
    let run = try run(
      """
      cat >handler <<'end'
      #!/bin/sh
      env | grep -E '^(PROTO|TCPLOCALIP|TCPLOCALPORT|TCPREMOTEIP)=' | sort
      test "$TCPREMOTEPORT" -gt 0 && echo port
      read line; echo "$line"
      end
      chmod +x handler
      tcpserver -HRl0 127.0.0.1 7000 ./handler & ends $!; listening 7000
      say 'hello\\n'; kill $server; wait $server
      while ss -Hltn 'sport = :7000' | grep -q .; do sleep 0.02; done
      PROTO=old TCPLOCALHOST=kept serves upon tcp-listen:7000 -- ./handler
      say 'hello\\n'
      """)
    #expect(run.lines.count == 12, "\(run)")
    #expect(run.lines.prefix(6) == run.lines.suffix(6))
    #expect(run.lines.last == "hello")
  }

  @Test func `of a unix socket it knows who is there`() throws {
    let run = try run(
      """
      upon --ready-fd 3 unix-listen:sock do 'echo $PROTO $IPCREMOTEPID $IPCREMOTEEUID $IPCREMOTEEGID; env | grep -c TCP' \\
        3>ready & ends $!
      while ! test -s ready; do sleep 0.02; done
      nc -NU sock </dev/null
      id -u
      """)
    let words = run.lines.first?.split(separator: " ").map(String.init) ?? []
    #expect(words.count == 4 && words[0] == "IPC" && words[2] == "0" && words[3] == "0", "\(run)")
    #expect(words.count == 4 && (Int(words[1]) ?? 0) > 1)
    #expect(run.lines.dropFirst() == ["0", "0"])
  }

  @Test func `the socket is blocking, and the command's alone`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 do 'grep flags /proc/$$/fdinfo/0; echo /proc/$$/fd/*'
      say ''
      serves upon tcp-listen:7001 do 'exec 0<&- 1>&-; read x </dev/tty; sleep 1000' 2>/dev/null
      listening 7001
      # It closes the connection while it goes on, and the client sees the end.
      nc -N 127.0.0.1 7001 </dev/null; echo over
      """)
    let flags = run.lines.first.flatMap { $0.split(separator: "\t").last }.flatMap { Int($0, radix: 8) }
    #expect(flags.map { $0 & 0o4000 } == 0, "\(run)")
    #expect(run.lines.last == "over")
  }

  @Test func `so many run at once, and further clients wait`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 do 'mkdir run.$$; ls -d run.* | wc -l; read x; rmdir run.$$; echo bye' jobs=2 report >reports
      mkfifo go; exec 5<>go
      for client in 1 2 3; do { read x <go; echo x; } | nc -N 127.0.0.1 7000 >out.$client & done
      while ! test "$(cat out.* | wc -l)" = 2; do sleep 0.02; done
      while ! test "$(ss -Htn state established 'sport = :7000' | wc -l)" -ge 3; do sleep 0.02; done
      ls -d run.* | wc -l
      echo >&5; echo >&5; echo >&5
      while ! test "$(grep -c done reports)" = 3; do sleep 0.02; done
      cat out.* | sort | uniq -c
      """)
    #expect(run.lines.first?.folded == "2", "\(run)")
    #expect(run.lines.filter { $0.hasSuffix("bye") }.map(\.folded) == ["3 bye"])
    #expect(!run.text.contains(" 3\n"))
  }

  @Test func `forty run at once without jobs=, and two commands for one connection are refused`() throws {
    let check = try Shell.run("upon --check tcp-listen:7000 do a")
    #expect(check.text.contains("do a jobs=40 "), "\(check)")
    let reply = try Shell.run("upon --check tcp-listen:7000 on=accept,line do a reply")
    #expect(reply.text.contains("do a jobs=1 "), "\(reply)")
    #expect(try Shell.run("upon tcp-listen:7000 do a do b").status == .exited(64))
  }

  @Test func `clients that are gone before their turn do no harm`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 do 'cat >/dev/null; echo $TCPREMOTEPORT' jobs=1 report >reports
      python3 -c 'import socket, struct
      for i in range(20):
        s = socket.create_connection(("127.0.0.1", 7000))
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); s.close()'
      say hello | grep -c .
      kill $listener; wait $listener; echo $?
      """)
    #expect(run.lines == ["1", "143"], "\(run)")
  }

  /// upon below another server: the variables of the connection of that one are not those of its own.
  @Test func `PROGRAM gets each variable once`() throws {
    let run = try run(
      """
      export PROTO=old TCPLOCALIP=9.9.9.9 TCPLOCALPORT=9 TCPREMOTEIP=9.9.9.9 TCPREMOTEPORT=9 UPON_PEER=old UPON_DATA=old
      serves upon tcp-listen:7000 -- printenv TCPREMOTEIP UPON_PEER
      say '' | sed 's/:.*//'; kill $listener; wait $listener
      while ss -Hltn 'sport = :7000' | grep -q .; do sleep 0.02; done
      serves upon tcp-listen:7000 -- env
      say '' >env; cut -d= -f1 env | sort | uniq -d
      grep -cE '^(PROTO|TCPLOCALIP|TCPLOCALPORT|TCPREMOTEIP|TCPREMOTEPORT)=' env; grep -E '^(PROTO|TCPLOCALPORT)=' env | sort
      kill $listener; wait $listener
      # After a wait the connection is not its standard input: nothing is said of it, and nothing twice.
      echo a | upon -1 stdin -- env >env; cut -d= -f1 env | sort | uniq -d; grep -E '^(TCPREMOTEIP|UPON_DATA)=' env | sort
      """)
    #expect(
      run.lines == [
        "127.0.0.1", "127.0.0.1", "5", "PROTO=TCP", "TCPLOCALPORT=7000", "TCPREMOTEIP=9.9.9.9", "UPON_DATA=a",
      ], "\(run)")
  }
}
