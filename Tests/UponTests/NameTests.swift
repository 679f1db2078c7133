import Testing

/// Names of hosts: looked up as the system does, again until they are there, and without stopping the loop.
@Suite struct NameTests {
  private static let servers = Network.servers

  /// A name server that takes questions and never answers.
  private static let silent =
    "socat -u UDP-RECV:53 OPEN:questions,creat & ends $!; asked() { while [ ! -s questions ]; do sleep 0.02; done; }\n"
  private static let hanging = Network(resolver: "nameserver 127.0.0.1\noptions timeout:30 attempts:1")

  @Test func `a name that is not there yet is tried again`() throws {
    let run = try Network().start(
      Self.servers + """
        mute 7000
        upon -v -1 tcp:web:7000 -- sh -c 'echo up at $UPON_PEER' & upon=$!
        read go; echo 127.0.0.1 web >> hosts; wait $upon
        """)
    #expect(run.wait { run.errors.text.contains("tcp:web:7000: attempt 1: ") })
    run.send("go\n")
    let end = run.finish()
    #expect(end.lines == ["up at 127.0.0.1:7000"], "\(end)")
  }

  @Test func `all addresses of a name are tried, each once`() throws {
    let hosts = (1...20).map { "127.0.1.\($0) web" } + ["127.0.0.9 web", "127.0.0.9 web"]
    let run = try Network(hosts: hosts.joined(separator: "\n")).run(
      """
      socat TCP-LISTEN:7000,bind=127.0.0.9 SYSTEM:true & while ! ss -Hltn | grep -q 7000; do sleep 0.02; done
      upon -1 tcp:web:7000 | jq -r '"\\(.peer) \\(.attempts)"'
      upon -1 -t 300ms tcp:web:7000
      """)
    #expect(run.lines == ["127.0.0.9:7000 1"], "\(run)")
    #expect(
      run.errorText == "upon: timed out after 300ms; still missing: tcp:web:7000 (Connection refused)\n")
  }

  @Test func `a dead address of one family costs a quarter of a second`() throws {
    // A neighbour that is said to be there and is not: what is sent to it is lost, as behind a broken router.
    let network = Network(
      hosts: "fd00::2 web\n127.0.0.1 web",
      setup: """
        ip link add dead0 type veth peer name dead1
        ip addr add fd00::1/64 dev dead0 nodad
        ip link set dead0 up; ip link set dead1 up
        ip neigh add fd00::2 lladdr 02:00:00:00:00:02 dev dead0 nud permanent
        """)
    let run = try network.run(
      Self.servers + """
        mute 7000
        upon -1 tcp:web:7000
        upon -1 -t 400ms 'tcp:[fd00::2]:7000'
        """)
    let record = try #require(run.records.first)
    #expect(record.text("peer") == "127.0.0.1:7000")
    #expect(250_000...4_000_000 ~= record.number("elapsed_us"), "\(run)")
    #expect(run.errorText.hasSuffix("tcp:[fd00::2]:7000 (no answer from [fd00::2]:7000 yet)\n"), "\(run)")
  }

  @Test func `a name server that does not answer stops nothing`() throws {
    let run = try Self.hanging.run(
      Self.servers + Self.silent + """
        mute 7000
        upon -n 3 -o tsv tcp:db.example:80 every:50ms
        upon -1 tcp:db.example:80 tcp:localhost:7000 -- echo up
        upon -1 -t 300ms tcp:db.example:80 tcp:db.example:81; echo $?
        asked && echo asked
        """)
    #expect(run.lines == Array(repeating: "every:50ms\ttick\t", count: 3) + ["up", "124", "asked"], "\(run)")
    let reason = "(looking up db.example)"
    #expect(
      run.errorText
        == "upon: timed out after 300ms; still missing: tcp:db.example:80 \(reason), tcp:db.example:81 \(reason)\n"
    )
  }

  @Test func `a signal ends it while a name is looked up`() throws {
    let run = try Self.hanging.run(
      Self.servers + Self.silent + "upon tcp:db.example:80 & asked; kill -TERM $!; wait $!; echo $?",
    )
    #expect(run.lines == ["143"], "\(run)")
  }

  @Test func `a number starts no thread`() throws {
    let run = try Network().run(
      "upon tcp:127.0.0.1:7000 do : tcp:[::1]:7000 on=error do : & sleep 0.2; ls /proc/$!/task | wc -l; kill $!"
    )
    #expect(run.lines == ["1"], "\(run)")
  }

  @Test func `a port may be the name of a service`() throws {
    let run = try Network(hosts: "127.0.0.1 WEB.example").run(
      "(sleep 0.1; exec nc -l 127.0.0.1 80 < /dev/null) & upon -1 tcp:Web.Example:http | jq -r '.name,.peer'")
    #expect(run.lines == ["tcp:Web.Example:http", "127.0.0.1:80"], "\(run)")
  }
}
