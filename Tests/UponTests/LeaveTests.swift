import Testing

/// What upon has written reaches who it was written to, however the connection ends.
@Suite struct LeaveTests {
  /// `client TEXT N` sends the text N times, then reads to the end: how many bytes, how it ended, and whether all was taken.
  private static let client = """
    cat > client <<'end'
    import socket, sys
    port, text, count = int(sys.argv[1]), sys.argv[2].encode() + b"\\n", int(sys.argv[3])
    s = socket.create_connection(("127.0.0.1", port)) if port else socket.socket(socket.AF_UNIX)
    if not port: s.connect("s")
    s.settimeout(20)
    s.sendall(text * count)
    got = 0
    try:
        while part := s.recv(1 << 16): got += len(part)
        print(got, "end")
    except OSError as error:
        print(got, error)
    end

    """

  private func run(_ script: String) throws -> Finished {
    try Network().run(Network.servers + Network.clients + Self.client + script)
  }

  @Test(arguments: ["-n 1", "-1", "-q -n 1"]) func `a client that goes on sending gets the whole answer`(
    option: String
  ) throws {
    let run = try run(
      "serves upon \(option) tcp-listen:7000 on=line do 'seq 200000' reply; python3 client 7000 x 100000; wait $listener; echo $?"
    )
    #expect(run.lines == ["1288895 end", "0"], "\(run)")
  }

  @Test func `an end by exit or until loses nothing of what was sent`() throws {
    let run = try run(
      """
      serves upon tcp-listen:7000 on=line do 'seq 20000; echo' reply until=ok
      python3 client 7000 x 100000; wait $listener; echo $?
      mkfifo fifo; exec 3<> fifo
      serves upon --control fd:3 tcp-listen:7000 name=a on=line > out
      python3 client 7000 x 100000 > got & client=$!
      while ! grep -q line out; do sleep 0.02; done
      printf '{"send":"%s","to":"a"}\\n{"exit":7}\\n' "$(head -c 60000 /dev/zero | tr '\\0' y)" >&3
      wait $listener; echo $?; wait $client; cat got
      """)
    // What the next run has written before it was stopped may stand behind the answer of the first.
    let first = try #require(run.lines.first)
    #expect(first.hasSuffix(" end") && first.split(separator: " ").first.flatMap { Int($0) } ?? 0 >= 108_895)
    #expect(run.lines.dropFirst() == ["0", "7", "60000 end"], "\(run)")
  }

  @Test func `a close by request comes behind what was sent`() throws {
    let run = try run(
      """
      serves upon --control fd:3 tcp-listen:7000 name=a on=line,close > out
      """.replacing("serves", with: "mkfifo fifo; exec 3<> fifo; serves") + """

        python3 client 7000 x 100000 > got & client=$!
        while ! grep -q line out; do sleep 0.02; done
        printf '{"send":"%s","to":"a"}\\n{"close":"a"}\\n' "$(head -c 60000 /dev/zero | tr '\\0' y)" >&3
        wait $client; cat got; grep close out | jq -r .reason; echo '{"exit":0}' >&3; wait $listener
        """)
    #expect(run.lines == ["60000 end", "upon"], "\(run)")
  }

  @Test func `a peer that sends for ever and never reads is bounded in time`() throws {
    let run = try run(
      """
      serves upon -1 -q tcp-listen:7000 on=line do 'echo answer' reply
      cat > flood <<'end'
      import socket, time
      s = socket.create_connection(("127.0.0.1", 7000))
      began = time.time()
      try:
          while True:
              s.send(b"x\\n" * 100)
              time.sleep(0.01)
      except OSError: pass
      print(time.time() - began < 15)
      end
      python3 flood; wait $listener; echo $?
      """)
    #expect(run.lines == ["True", "0"], "\(run)")
  }

  @Test func `five hundred clients at once are answered, and the end waits for none of them long`() throws {
    let run = try run(
      """
      serves upon -q -n 500 tcp-listen:7000 on=line do 'echo answer' reply jobs=20
      cat > clients <<'end'
      import socket, time
      all = [socket.create_connection(("127.0.0.1", 7000)) for _ in range(500)]
      for s in all: s.sendall(b"hello\\n" + b"more\\n" * 100)
      got = 0
      for s in all:
          s.settimeout(20)
          text = b""
          try:
              while part := s.recv(100): text += part
              got += text == b"answer\\n"
          except OSError: pass
      print(got)
      end
      python3 clients; wait $listener; echo $?
      """)
    // Some send a second line before others send their first: each line that counts is answered.
    let answered = run.lines.first.flatMap { Int($0) } ?? 0
    #expect(run.lines.count == 2 && run.lines.last == "0" && answered > 0, "\(run)")
  }

  @Test func `a client that has half-closed is kept with half-open until it is closed`() throws {
    let run = try run(
      """
      mkfifo fifo; exec 3<> fifo
      serves upon --control fd:3 tcp-listen:7000 name=a half-open on=line,end,close > out
      printf 'question\\n' | nc -N 127.0.0.1 7000 > answer & client=$!
      while ! grep -q '"end"' out; do sleep 0.02; done
      echo '{"send":"late\\\\n","to":"a"}' >&3
      while ! grep -q late answer; do sleep 0.02; done
      grep -c close out
      echo '{"close":"a"}' >&3; wait $client; cat answer
      while ! grep -q close out; do sleep 0.02; done; jq -r '.event, .reason // empty' out
      echo '{"exit":0}' >&3; wait $listener
      """)
    #expect(run.lines == ["0", "late", "line", "end", "close", "upon"], "\(run)")
  }

  @Test func `a server that half-closes can still be sent to`() throws {
    let run = try run(
      """
      cat > server <<'end'
      import socket
      l = socket.create_server(("127.0.0.1", 7000))
      s, _ = l.accept()
      s.sendall(b"hello\\n")
      s.shutdown(socket.SHUT_WR)
      s.settimeout(20)
      text = b""
      while part := s.recv(100): text += part
      print(text.decode(), end="")
      end
      python3 server > got & server=$!; listening 7000
      mkfifo fifo; exec 3<> fifo
      upon --control fd:3 tcp:127.0.0.1:7000 name=a half-open on=end,close > out & upon=$!
      while ! grep -q '"end"' out; do sleep 0.02; done
      printf '{"send":"thanks\\\\n","to":"a"}\\n{"close":"a"}\\n' >&3
      wait $server; cat got; while ! grep -q close out; do sleep 0.02; done
      echo '{"exit":0}' >&3; wait $upon; jq -r .event out
      """)
    #expect(run.lines == ["thanks", "end", "close"], "\(run)")
  }

  @Test func `one that is kept half-open is over when its peer goes`() throws {
    let run = try Shell.run(
      """
      upon -o tsv unix-listen:s name=a half-open limit=1 on=end,close > out &
      while ! [ -S s ]; do sleep 0.02; done; : | socat -t 0.1 - UNIX-CONNECT:s; wait; cut -f 2 out
      """)
    #expect(run.lines == ["end", "close"], "\(run)")
  }
}
