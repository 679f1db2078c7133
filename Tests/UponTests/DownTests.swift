import Testing

/// The opposite wait: until nobody answers.
@Suite struct DownTests {
  private static let muteServer = Network.servers + "mute 7000; "

  @Test func `fires when the last listener has gone`() throws {
    let run = try Network().start(
      Self.muteServer + """
        upon -v -1 tcp:localhost:7000 down retry=20ms -- echo gone & upon=$!
        read go; kill $server; wait $upon
        """)
    #expect(run.wait { run.errors.text.contains("armed") })
    run.pass(.milliseconds(300))
    #expect(run.output.isEmpty)
    run.send("go\n")
    let end = run.finish()
    #expect(end.lines == ["gone"], "\(end)")
  }

  @Test func `tells what it found`() throws {
    let run = try Network().run("upon tcp:127.0.0.1:7000 down; upon unix:nowhere down")
    #expect(run.records.map(\.event) == ["down", "down"], "\(run)")
    #expect(run.records.map { $0.text("error") } == ["Connection refused", "No such file or directory"])
    #expect(run.records.allSatisfy { $0.number("attempts") == 1 })
    #expect(run.status == .exited(0))
  }

  @Test func `a stale socket file is down`() throws {
    let run = try Shell.run(
      """
      python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("stale")'
      upon -1 unix:stale down | jq -r .error
      """)
    #expect(run.lines == ["Connection refused"], "\(run)")
  }

  @Test func `a name that does not resolve is not down`() throws {
    let run = try Network().run("upon -1 -t 600ms tcp:nowhere:7000 down retry=10ms")
    #expect(run.status == .exited(124))
    #expect(run.errorText.contains("still missing: tcp:nowhere:7000 ("), "\(run)")
  }

  @Test func `something that answers is told as the reason for waiting`() throws {
    let run = try Network().run(
      Self.muteServer
        + "upon -1 -t 300ms tcp:localhost:7000 down; upon -1 tcp:localhost:7000 down retry=no; echo $?")
    #expect(
      run.errorText
        == "upon: timed out after 300ms; still missing: tcp:localhost:7000 (127.0.0.1:7000 answers)\n",
      "\(run)")
    #expect(run.lines == ["1"])
  }

  @Test func `a network that is not there is not down, beside an address that refuses it is`() throws {
    let network = Network(hosts: "2001:db8::1 six\n2001:db8::1 both\n127.0.0.1 both")
    let run = try network.run(
      "upon -1 -t 300ms tcp:six:7000 down; upon -1 tcp:both:7000 down | jq -r .error")
    #expect(run.errorText.contains("tcp:six:7000 (Network is unreachable)"), "\(run)")
    #expect(run.lines.count == 1)
    #expect(run.lines.first?.contains("127.0.0.1:7000: Connection refused") == true)
  }

  @Test func `a server that greets is asked once a second`() throws {
    let run = try Network().run(
      """
      cat > greeter <<'end'
      import socket, time
      l = socket.create_server(("127.0.0.1", 7000))
      l.settimeout(3)
      asked, began = 0, time.time()
      while time.time() - began < 2.5:
          try: s, _ = l.accept()
          except OSError: break
          asked += 1
          s.sendall(b"220 hello\\r\\n")
          s.close()
      print(asked)
      end
      python3 greeter & greeter=$!; while ! ss -Hltn 'sport = :7000' | grep -q .; do sleep 0.02; done
      upon -1 tcp:127.0.0.1:7000 down -- echo gone; wait $greeter
      """)
    let asked = try #require(run.lines.first.flatMap { Int($0) })
    // Every quarter of a second it would be ten times.
    #expect(2...6 ~= asked && run.lines.last == "gone", "\(run)")
  }
}
