import Testing

/// Waiting for services, then becoming the next program.
@Suite struct WaitTests {
  private static let servers = Network.servers

  @Test func `waits for Redis, then becomes its client`() throws {
    let run = try Network().run(
      """
      (sleep 0.3; exec redis-server --port 7000 --bind 127.0.0.1 --save '' --daemonize no >redis.log) & redis=$!
      upon -1 -t 50s tcp:localhost:7000 -- redis-cli -p 7000 ping; kill $redis; wait $redis
      """)
    #expect(run.lines == ["PONG"], "\(run)")
    #expect(run.errorText == "")
  }

  @Test func `waits for the socket of PostgreSQL, then until it is ready`() throws {
    let run = try Shell.run(
      """
      PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
      as() { if [ $(id -u) = 0 ]; then chown postgres data; setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi; }
      chmod 711 .; mkdir -m 700 data
      as initdb -D data -U test -A trust -N > initdb.log || cat initdb.log
      (sleep 0.3; as postgres -D data -h '' -k "$PWD/data" -F > postgres.log 2>&1) &
      upon -1 -t 50s unix:data/.s.PGSQL.5432 -- \\
        upon -q -t 50s every:50ms now do 'pg_isready -q -h "$PWD/data"' until=ok &&
      psql -h "$PWD/data" -U test -Atc 'select 40 + 2' postgres
      kill $(head -1 data/postmaster.pid); wait
      """)
    #expect(run.lines == ["42"], "\(run)")
  }

  @Test func `the first of several decides`() throws {
    let run = try Network().run(
      Self.servers + """
        upon -1 tcp:localhost:7000 signal:TERM,INT exit=1 after:100ms exit=3 -- echo never; echo $?
        mute 7000
        upon -1 tcp:localhost:7000 signal:TERM,INT exit=1 after:50s exit=3 -- sh -c 'echo $UPON_NAME $UPON_EVENT'
        upon -1 tcp:localhost:7001 tcp:localhost:7000 | jq -r .name
        """)
    #expect(run.lines.first == "3")
    #expect(run.records.isEmpty)
    #expect(Array(run.lines.dropFirst()) == ["tcp:localhost:7000 connect", "tcp:localhost:7000"], "\(run)")
  }

  @Test func `waits for all, and names what is missing with its last error`() throws {
    let run = try Network().run(
      Self.servers + """
        mute 7000; socat UNIX-LISTEN:s,fork PIPE & ends $!; while [ ! -S s ]; do sleep 0.02; done
        upon -a tcp:localhost:7000 unix:s -- sh -c 'echo all'
        upon -a -t 700ms tcp:localhost:7000 unix:s unix:nowhere tcp:127.0.0.1:1 tcp:no.where:80; echo $?
        """)
    #expect(run.lines.first == "all", "\(run)")
    #expect(run.lines.last == "124")
    #expect(run.records.map(\.event) == ["connect", "connect"])
    #expect(
      run.errorText.hasPrefix(
        "upon: timed out after 700ms; still missing: unix:nowhere (No such file or directory), "
          + "tcp:127.0.0.1:1 (Connection refused), tcp:no.where:80 ("), "\(run)")
  }

  @Test func `closes a connection as soon as it has counted`() throws {
    let run = try Network().run(
      Self.servers + """
        serve 7000 'cat; echo closed >> log'
        mkfifo go; upon -a -q tcp:localhost:7000 stdin -- cat log < go & upon=$!
        exec 9> go
        while [ ! -s log ]; do sleep 0.02; done
        echo go >&9; wait $upon
        """)
    #expect(run.lines == ["closed"], "\(run)")
  }

  @Test func `PROGRAM gets what upon was given, and no connection`() throws {
    let run = try Network().run(
      Self.servers + """
        mute 7000
        echo input | upon -1 tcp:localhost:7000 tcp:nowhere:80 -- \\
          sh -c 'echo $UPON_EVENT $UPON_ATTEMPTS; cat; echo /proc/$$/fd/*'
        """)
    #expect(run.lines.prefix(2) == ["connect 1", "input"], "\(run)")
    // Descriptor 3 is the folder that the shell lists; any that had leaked would push it up.
    #expect(
      run.lines.last?.split(separator: " ").map { $0.split(separator: "/").last } == ["0", "1", "2", "3"],
      "\(run)"
    )
  }

  @Test func `a line that is waited for keeps the connection until it has come`() throws {
    let run = try Network().run(
      Self.servers
        + "serve 7000 'echo no; echo ready'; upon -1 -o data tcp:localhost:7000 on=line match=ready")
    #expect(run.lines == ["ready"], "\(run)")
  }
}
