import Testing

/// Connections in, with real clients.
@Suite struct ListenTests {
  private static let network = Network()

  /// Shell functions beside those of servers: `listens COMMAND...` runs upon in the background with its records in `out`
  /// until it listens at port 7000, `say TEXT [HOST]` is a client that sends a text and ends.
  static let clients =
    Network.servers + """
      listens() { "$@" > out & listener=$!; ends $!; listening 7000; }
      say() { printf "$1" | nc -N ${2:-127.0.0.1} 7000; }

      """

  private func run(_ script: String) throws -> Finished {
    try Self.network.run(Self.clients + script)
  }

  @Test func `tells a connection from its beginning to its end`() throws {
    let run = try run("listens upon tcp-listen:7000 limit=1; say 'hello\\r\\nworld'; wait $listener; cat out")
    let records = run.records
    #expect(records.map(\.event) == ["accept", "line", "line", "close"], "\(run)")
    #expect(records.map(\.data) == ["", "hello", "world", ""])
    #expect(records.allSatisfy { $0.number("conn") == 1 && $0.text("peer").hasPrefix("127.0.0.1:") })
    #expect(records.first?.text("local") == "127.0.0.1:7000")
    #expect(records.last?.number("bytes_in") == 12)
    #expect(records.last?.number("bytes_out") == 0)
    #expect(records.last.map { $0.number("duration_us") >= 0 } == true)
    #expect(records.last?.text("reason") == "peer")
  }

  @Test func `a port alone is loopback, of both kinds; any is all`() throws {
    let run = try run(
      """
      ip addr add 192.0.2.1/24 dev lo
      listens upon -o tsv tcp-listen:7000 name=a on=line
      say 'four\\n'; say 'six\\n' ::1; say 'far\\n' 192.0.2.1 || echo refused
      while [ $(wc -l < out) -lt 2 ]; do sleep 0.02; done
      kill $listener; wait $listener; cat out
      while ss -Hltn 'sport = :7000' | grep -q .; do sleep 0.02; done
      listens upon -n 3 -o tsv tcp-listen:any:7000 name=b on=line
      say 'four\\n'; say 'six\\n' ::1; say 'far\\n' 192.0.2.1; wait $listener; cat out
      """)
    #expect(
      run.lines == [
        "refused", "a\tline\tfour", "a\tline\tsix", "b\tline\tfour", "b\tline\tsix", "b\tline\tfar",
      ],
      "\(run)")
  }

  @Test func `a peer of IPv4 shows as such where all addresses are listened at`() throws {
    let run = try run(
      """
      listens upon -n 2 tcp-listen:any:7000 on=accept
      say ''; say '' ::1; wait $listener; cat out
      """)
    #expect(run.records.first?.text("peer").hasPrefix("127.0.0.1:") == true, "\(run)")
    #expect(run.records.map { $0.text("local") } == ["127.0.0.1:7000", "[::1]:7000"])
  }

  @Test func `port 0 picks one, which listening tells`() throws {
    let run = try Self.network.run(
      """
      mkfifo fifo; upon tcp-listen:0 on=+listening limit=1 > fifo & exec 3< fifo
      read -r record <&3; echo "$record"
      port=$(echo "$record" | jq .port); echo hello | nc -N 127.0.0.1 $port; cat <&3
      """)
    let records = run.records
    #expect(records.map(\.event) == ["listening", "accept", "line", "close"], "\(run)")
    let port = records.first?.number("port") ?? 0
    #expect(records.first?.text("local") == "127.0.0.1:\(port)")
    #expect(records.dropFirst().first?.text("local") == "127.0.0.1:\(port)")
  }

  @Test func `limit counts connections, and the source ends when the last is over`() throws {
    let run = try run(
      """
      listens upon -o tsv tcp-listen:7000 name=a limit=2 on=+listening
      mkfifo one two
      nc -N 127.0.0.1 7000 < one & nc -N 127.0.0.1 7000 < two & exec 3> one 4> two
      while [ $(grep -c accept out) -lt 2 ]; do sleep 0.02; done
      say 'late\\n' || echo refused
      echo a >&3; echo b >&3; echo c >&3; exec 3>&-
      while ! grep -q close out; do sleep 0.02; done
      echo d >&4; exec 4>&-; wait $listener; echo $?; sort out
      """)
    #expect(run.lines.prefix(2) == ["refused", "0"], "\(run)")
    #expect(run.lines.filter { $0.contains("line") } == ["a", "b", "c", "d"].map { "a\tline\t\($0)" })
    #expect(run.lines.filter { $0.contains("accept") || $0.contains("close") }.count == 4)
  }

  @Test func `a rule with a limit takes no events of later connections`() throws {
    let run = try run(
      """
      listens upon -o tsv tcp-listen:7000 name=a on=line limit=1 print tcp-listen:7000 on=line limit=3 \
        match=x print as=data
      say 'x1\\nx2\\n'; while [ $(wc -l < out) -lt 4 ]; do sleep 0.02; done
      say 'x3\\n'; say 'y\\n'; wait $listener; cat out
      """)
    #expect(run.lines == ["a\tline\tx1", "x1", "a\tline\tx2", "x2", "x3"], "\(run)")
  }

  @Test func `further clients wait where connections are bounded`() throws {
    let run = try run(
      """
      listens upon -o tsv tcp-listen:7000 name=a connections=1 limit=3
      mkfifo one; nc -N 127.0.0.1 7000 < one & exec 3> one
      while ! grep -q accept out; do sleep 0.02; done
      echo first >&3
      (exec 3>&-; say 'second\\n') & second=$!; sleep 0.3
      (exec 3>&-; say 'third\\n') & third=$!; sleep 0.3
      grep -c accept out
      exec 3>&-; wait $second $third $listener; cut -f 2,3 out
      """)
    #expect(
      run.lines
        == ["1"] + ["first", "second", "third"].flatMap { ["accept\t", "line\t\($0)", "close\t"] },
      "\(run)")
  }

  @Test func `turns away one address that has too many`() throws {
    let run = try run(
      """
      listens upon -v --stats tcp-listen:any:7000 name=a per-peer=2 on=+refused limit=4 2> log
      mkfifo one two
      nc -N 127.0.0.1 7000 < one & nc -N 127.0.0.1 7000 < two & exec 3> one 4> two
      while [ $(grep -c accept out) -lt 2 ]; do sleep 0.02; done
      say ''; say ''; say 'six\\n' ::1; exec 3>&-
      while [ $(grep -c close out) -lt 2 ]; do sleep 0.02; done
      say 'again\\n'; exec 4>&-; wait $listener; cat out log
      """)
    let events = run.records.map(\.event)
    #expect(events.filter { $0 == "refused" }.count == 2, "\(run)")
    #expect(events.filter { $0 == "accept" }.count == 4)
    #expect(run.records.map(\.data).filter { !$0.isEmpty } == ["six", "again"])
    #expect(run.text.contains("upon: a: refused 127.0.0.1: 2 connections are open"))
    #expect(run.text.contains("\"refused\":2"))
  }

  @Test func `frames by NUL, as it comes, and in parts`() throws {
    let run = try run(
      """
      listens upon tcp-listen:7000 frame=nul on=line limit=1; say 'a\\nb\\0c\\0d'; wait $listener; cat out
      listens upon tcp-listen:7000 frame=chunk on=data limit=1; say 'a\\nb'; wait $listener; cat out
      listens upon tcp-listen:7000 max=4 on=line limit=1; say 'abcdefgh\\r\\nabcdefghi\\nx\\n'; wait $listener
      cat out
      listens upon tcp-listen:7000 on=line match='^b' unmatch='c$' limit=1; say 'ab\\nb\\nbc\\n'; wait $listener
      cat out
      """)
    #expect(
      run.records.map(\.data)
        == ["a\nb", "c", "d", "a\nb", "abcd", "efgh", "abcd", "efgh", "i", "x", "b"], "\(run)")
    #expect(
      run.records.filter { $0.has("partial") }.map(\.data) == ["abcd", "efgh", "abcd", "efgh", "i"], "\(run)")
    #expect(run.records.filter { $0.has("last") }.map(\.data) == ["efgh", "i"], "\(run)")
  }

  @Test func `tells the silence of each connection`() throws {
    let run = try run(
      """
      listens upon tcp-listen:7000 idle=300ms,300ms limit=2
      mkfifo one two
      nc -N 127.0.0.1 7000 < one & nc -N 127.0.0.1 7000 < two & exec 3> one 4> two
      while [ $(grep -c idle out) -lt 5 ]; do echo busy >&4; sleep 0.05; done
      exec 3>&- 4>&-; wait $listener; cat out
      """)
    let idle = run.records.filter { $0.event == "idle" }
    // Which of the two was accepted first is the kernel's choice.
    #expect(Set(idle.map { $0.number("conn") }).count == 1, "\(run)")
    #expect(idle.prefix(5).map(\.count) == [1, 2, 3, 4, 5])
  }

  @Test func `the end of what a client sends is told where it is named`() throws {
    let run = try run(
      "listens upon -o tsv tcp-listen:7000 name=a on=+end limit=1; say 'a'; wait $listener; cat out")
    #expect(run.lines == ["accept\t", "line\ta", "end\t", "close\t"].map { "a\t\($0)" }, "\(run)")
  }

  @Test func `one event is one record, and the others are closed`() throws {
    let run = try run(
      """
      listens upon -1 -o tsv tcp-listen:7000 name=a on=line
      nc -N 127.0.0.1 7000 < /dev/null
      say 'x\\ny\\nz\\n'; wait $listener; echo $?; cat out; ss -Hltn 'sport = :7000'
      """)
    #expect(run.lines == ["0", "a\tline\tx"], "\(run)")
  }

  @Test func `a command that runs for lines holds the connection, not the others`() throws {
    let run = try run(
      """
      listens upon -o data tcp-listen:7000 on=line limit=2 do 'read -r word; [ $word = wait ] && ! cat fifo; echo $word'
      mkfifo fifo one
      nc -N 127.0.0.1 7000 < one & exec 3> one
      echo wait >&3; sleep 0.2; (exec 3>&-; say 'a\\nb\\n') & sleep 0.3; echo go > fifo; exec 3>&-; wait $listener; cat out
      """)
    #expect(run.lines.sorted() == ["a", "b", "go", "wait"], "\(run)")
  }

  @Test func `debounce and throttle work on each connection`() throws {
    let run = try run(
      """
      listens upon tcp-listen:7000 on=line debounce=10s limit=2
      say 'a\\nb\\n'; say 'c\\nd\\n'; wait $listener; cat out
      """)
    #expect(run.records.map(\.data) == ["b", "d"], "\(run)")
    #expect(run.records.map(\.count) == [2, 2])
  }

  @Test func `a reader that does not read holds the clients, and nothing is lost`() throws {
    let run = try run(
      """
      mkfifo records
      upon -o data tcp-listen:7000 on=line limit=3 --control unix:ctl > records & ends $!
      exec 3< records; listening 7000; for client in 1 2 3; do seq -f '%099.0f' 12000 | nc -N 127.0.0.1 7000 & done
      taken() { uponctl ctl list --json | jq '[.connections[].bytes_in] | add // 0'; }
      until [ "$(uponctl ctl list --json | jq -r '.sources[].state')" = held ]; do sleep 0.05; done
      now=$(taken); sleep 0.3; [ $(taken) = $now ] && [ $now -lt 2500000 ] && echo held || echo $now
      uponctl ctl list --json | jq '.connections | length'
      cat <&3 | sort | uniq -c | awk '{ n[$1]++ } END { for (c in n) print c, n[c] }' & reader=$!
      while [ "$(uponctl ctl list --json | jq '.connections | length')" != 0 ]; do sleep 0.05; done
      uponctl ctl exit; wait $reader
      """)
    #expect(run.lines == ["held", "3", "3 12000"], "\(run)")
  }

  @Test func `several processes listen at one port`() throws {
    let run = try run(
      """
      listens upon -q tcp-listen:7000 reuseport
      upon tcp-listen:7000; echo $?
      upon -1 tcp-listen:7000 reuseport name=a on=listening
      """)
    #expect(run.lines.first == "125", "\(run)")
    #expect(run.records.map(\.event) == ["listening"])
    #expect(run.errorText.contains("upon: tcp-listen:7000: 127.0.0.1:7000: Address already in use"))
  }

  @Test func `real clients: curl, socat, bash`() throws {
    let run = try run(
      """
      listens upon -o data tcp-listen:7000 on=line limit=3
      echo curl | curl -s -m 5 telnet://127.0.0.1:7000
      echo socat | socat - TCP:localhost:7000
      bash -c 'echo bash > /dev/tcp/127.0.0.1/7000'
      wait $listener; cat out
      """)
    #expect(run.lines == ["curl", "socat", "bash"], "\(run)")
  }
}
