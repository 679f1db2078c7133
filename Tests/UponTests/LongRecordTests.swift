import Testing

/// Records of exactly the longest length, and one byte more, wherever they are read.
@Suite struct LongRecordTests {
  /// Reads `lines` by each kind; `feed ADDRESS` is a server that sends them, `give ADDRESS` a client.
  static let ways = [
    "upon stdin < lines", "cat lines | upon stdin", "cat lines | upon -n 3 stdin", "upon fd:3 3< lines",
    "feed TCP-LISTEN:7000,reuseaddr; upon tcp:127.0.0.1:7000 on=line",
    "feed UNIX-LISTEN:web; upon unix:web on=line", "feed ABSTRACT-LISTEN:upon-$$; upon unix:@upon-$$ on=line",
    "upon tcp-listen:7000 on=line limit=1 & give TCP:127.0.0.1:7000",
    "upon unix-listen:web on=line limit=1 & give UNIX-CONNECT:web",
    "upon unix-listen:@upon-$$ on=line limit=1 & give ABSTRACT-CONNECT:upon-$$",
    "exec 5>&1; python3 accept.py & give TCP:127.0.0.1:7000",
  ]

  @Test(arguments: ways)
  func `a line of a megabyte is one record without max=, and one byte more is not`(way: String) throws {
    let run = try Network().run(
      """
      { head -c 1M /dev/zero | tr '\\0' x; echo; head -c 1M /dev/zero | tr '\\0' y; echo y; } > lines
      cat > accept.py <<'end'
      import socket, subprocess
      subprocess.run(["upon", "accept:0", "on=line", "limit=1"], stdin=socket.create_server(("127.0.0.1", 7000)))
      end
      feed() { socat -u OPEN:lines $1 & }
      give() { while ! socat -u OPEN:lines $1 2>/dev/null; do sleep 0.02; done; wait; }
      { \(way)
      } | jq -c '[.event, (.data | length), (.data | .[0:1]), .partial, .last]'
      """)
    #expect(
      run.lines == [
        #"["line",1048576,"x",null,null]"#, #"["line",1048576,"y",true,null]"#, #"["line",1,"y",true,true]"#,
      ], "\(run)")
  }

  /// The longest record and a CR: whether that belongs to the line end is not known before the next byte.
  @Test(arguments: ["tcp-listen:7000", "unix-listen:web", "tcp:127.0.0.1:7000", "unix:web"])
  func `the CR LF behind a line of exactly max= may be torn between two packets`(source: String) throws {
    let run = try Controlled.run(
      """
      source = "\(source)"
      kind, address = source.split(":", 1)
      family = socket.AF_UNIX if "unix" in kind else socket.AF_INET
      place = "web" if family == socket.AF_UNIX else ("127.0.0.1", 7000)
      c = Client()
      other = socket.socket(family)
      if "listen" in kind:
          c.ok(add=[source, "max=4"])
          other.connect(place)
      else:
          other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          other.bind(place); other.listen()
          c.ok(add=[source, "max=4"])
          other = other.accept()[0]
      sent = 0
      for packet in b"abcd\\r", b"\\nefgh\\r", b"\\r\\nijkl", b"\\r\\nmnop\\r", b"x\\nqrst\\r":
          other.sendall(packet)
          sent += len(packet)
          until(lambda: [x["bytes_in"] for x in c.connections()] == [sent])
      other.close()
      until(lambda: not c.connections())
      c.send(exit=0)
      """, network: Network())
    let lines = run.records.filter { $0.event == "line" }
    #expect(
      lines.map { $0.data + ($0.bool("partial") == true ? "+" : "") + ($0.bool("last") == true ? "." : "") }
        == [
          "abcd", "efgh+", "\r+.", "ijkl", "mnop+", "\rx+.", "qrst+", "\r+.",
        ], "\(run)")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `the CR LF behind a line of exactly max= may be torn on standard input`() throws {
    let upon = try Shell.start("exec upon stdin max=4 idle=20ms,20ms")
    for (packet, line) in [("abcd\r", "\n"), ("efgh\r", "\n")] {
      // After a byte the silence counts from 1 again: that tells that the packet has been read.
      let told = upon.records.count
      #expect(upon.wait { upon.records[told...].contains { $0.event == "idle" && $0.count > 1 } })
      upon.send(packet)
      let before = upon.records.count
      #expect(upon.wait { upon.records[before...].contains { $0.event == "idle" && $0.count == 1 } })
      upon.send(line)
    }
    let lines = upon.finish().records.filter { $0.event == "line" }
    #expect(lines.map(\.data) == ["abcd", "efgh"])
    #expect(lines.allSatisfy { !$0.has("partial") })
  }

  @Test func `commands are told of each part which it is, and behind the last all begins anew`() throws {
    let run = try Shell.run(
      "printf 'abcdefghij\\nk\\nlmnop' | upon stdin max=4 do 'echo \"$UPON_DATA:$UPON_PARTIAL:$UPON_LAST\"'")
    #expect(run.lines == ["abcd:true:", "efgh:true:", "ij:true:true", "k::", "lmno:true:", "p:true:true"])
  }

  @Test func `parts that are batched are the whole again`() throws {
    let run = try Shell.run(
      "printf 'abcdefghij\\nk\\n' | upon stdin max=4 batch=100ms | jq -c '[.data, .count]'")
    #expect(run.lines == [#"["abcdefghij\nk",4]"#], "\(run)")
  }

  @Test(arguments: ["run:'printf abcdef; printf \"gh\\nk\\n\"' max=4", "tail:log from=start max=4 limit=3"])
  func `the last part is told of commands and of logs too`(source: String) throws {
    let run = try Shell.run(
      "printf 'abcdefgh\\nk\\n' > log; upon \(source) on=line | jq -c '[.data, .partial, .last]'")
    #expect(run.lines == [#"["abcd",true,null]"#, #"["efgh",true,true]"#, #"["k",null,null]"#], "\(run)")
  }

  /// Each packet is read alone: what a part has left of its record is told of nothing that upon keeps.
  @Test func `a part that ends with what has come is followed by its last`() throws {
    let run = try Controlled.run(
      """
      c = Client()
      c.ok(add=["unix-listen:web", "max=4"])
      other = connect("web")
      sent = 0
      for packet in b"abcdef", b"gh", b"i", b"\\n", b"k\\n":
          other.sendall(packet)
          sent += len(packet)
          until(lambda: [x["bytes_in"] for x in c.connections()] == [sent])
      other.close()
      until(lambda: not c.connections())
      c.send(exit=0)
      """)
    let lines = run.records.filter { $0.event == "line" }
    #expect(lines.map(\.data) == ["abcd", "efgh", "i", "k"], "\(run)")
    #expect(lines.map { $0.bool("partial") } == [true, true, true, nil])
    #expect(lines.map { $0.bool("last") } == [nil, nil, true, nil])
  }
}
