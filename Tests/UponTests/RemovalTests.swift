import Testing

/// What has been read when a source goes is not lost, and one client does not keep others waiting.
@Suite struct RemovalTests {
  @Test func `lines that were read run when their source is removed, later ones are for the next`() throws {
    let run = try Shell.run(
      """
      mkfifo lines requests; exec 3<> lines 4<> requests
      upon --control stdin fd:3 name=in do 'sleep 0.005; cat >> ran' < requests & upon=$!
      seq 1 101 >&3
      while ! [ -s ran ]; do sleep 0.01; done
      echo '{"remove":"in"}' >&4
      echo '{"add":["fd:3","name=in","do","cat >> ran"]}' >&4
      seq 102 110 >&3
      while [ $(cat ran | wc -l) -lt 110 ]; do sleep 0.02; done
      echo '{"exit":0}' >&4; wait $upon
      sort -n ran | tr '\\n' ' '; wc -l < ran
      """)
    #expect(run.text == (1...110).map { "\($0) " }.joined() + "110\n", "\(run)")
  }

  @Test func `so do those of a source that another kind of reader replaces`() throws {
    let run = try Shell.run(
      """
      mkfifo lines requests; exec 3<> lines 4<> requests
      upon --control stdin fd:3 name=in do 'sleep 0.005; cat >> ran' < requests & upon=$!
      seq 1 50 >&3; while ! [ -s ran ]; do sleep 0.01; done
      echo '{"add":["after:1h","name=in"],"replace":true}' >&4
      while [ $(cat ran | wc -l) -lt 50 ]; do sleep 0.02; done
      echo '{"exit":0}' >&4; wait $upon; wc -l < ran
      """)
    #expect(run.text == "50\n", "\(run)")
  }

  @Test func `what a limit does not take stays for the next reader`() throws {
    let run = try Shell.run(
      "seq 1 100 | { upon stdin limit=5 do 'sleep 0.01; cat'; echo then; cat; } | tr '\\n' ' '")
    #expect(run.text == "1 2 3 4 5 then " + (6...100).map { "\($0) " }.joined(), "\(run)")
  }

  @Test func `records that have come on connections run when the listener is removed`() throws {
    let run = try Network().run(
      Network.servers + """
        mkfifo requests; exec 4<> requests
        upon --control stdin tcp-listen:7000 name=in on=line do 'sleep 0.005; cat >> ran' < requests & upon=$!; ends $!; listening 7000
        python3 -c 'import socket
        s = socket.create_connection(("127.0.0.1", 7000)); s.sendall(b"x\\n" * 60 + b"rest"); s.recv(1)' 4>&- &
        while ! [ -s ran ]; do sleep 0.01; done
        echo '{"remove":"in"}' >&4
        while [ $(grep -c . ran) -lt 61 ]; do sleep 0.02; done
        echo '{"exit":0}' >&4; wait $upon; grep -c x ran; tail -n 1 ran
        """)
    #expect(run.lines == ["60", "rest"], "\(run)")
  }

  @Test func `one client leaves a run to others`() throws {
    let run = try Network().run(
      Network.servers + Network.clients + """
        mkfifo go; exec 3<> go
        serves upon -q tcp-listen:7000 on=line do 'read line; [ $line = slow ] && read x < go; echo $line' reply jobs=3
        yes slow | head -n 10 | nc -N 127.0.0.1 7000 > slow 3>&- & client=$!
        while [ $(pgrep -c -P $listener) -lt 2 ]; do sleep 0.02; done
        say 'quick\\n'; say 'quick\\n'; pgrep -c -P $listener
        for i in 1 2 3 4 5 6 7 8 9 10; do echo; done >&3; wait $client; wc -l < slow
        """)
    #expect(run.lines == ["quick", "quick", "2", "10"], "\(run)")
  }
}
