import Testing

/// What `stdin` and `fd:N` make of bytes.
@Suite(.everyBackend) struct InputTests {
  /// Event and data of each record.
  static func records(of input: String, _ settings: String = "") throws -> [String] {
    let run = try Shell.run(
      "upon stdin \(settings) | jq -c '[.event, .data, .partial // empty, if .last then \"last\" else empty end]'",
      input: Array(input.utf8))
    #expect(run.errorText == "")
    return run.lines
  }

  @Test func `a line ends at LF, with a CR before it dropped, and the last needs no end`() throws {
    #expect(
      try Self.records(of: "a\r\n\nb\rc\n\r\nlast") == [
        #"["line","a"]"#, #"["line",""]"#, #"["line","b\rc"]"#, #"["line",""]"#, #"["line","last"]"#,
      ])
    #expect(try Self.records(of: "") == [])
    #expect(try Self.records(of: "\n") == [#"["line",""]"#])
  }

  @Test func `NUL ends records where asked, and is data elsewhere`() throws {
    #expect(
      try Self.records(of: "a\0b\n\0\0c", "frame=nul") == [
        #"["line","a"]"#, #"["line","b\n"]"#, #"["line",""]"#, #"["line","c"]"#,
      ])
    #expect(try Self.records(of: "a\0b\n") == [#"["line","a\u0000b"]"#])
  }

  @Test func `chunks are bytes as they came`() throws {
    #expect(try Self.records(of: "a\nb\r\nc", "frame=chunk") == [#"["data","a\nb\r\nc"]"#])
  }

  @Test func `a record longer than max comes in parts, all marked, and the last of them too`() throws {
    #expect(
      try Self.records(of: "abcdefgh\nabc\nabcdef\nx", "max=3") == [
        #"["line","abc",true]"#, #"["line","def",true]"#, #"["line","gh",true,"last"]"#,
        #"["line","abc"]"#, #"["line","abc",true]"#, #"["line","def",true,"last"]"#, #"["line","x"]"#,
      ])
    #expect(
      try Self.records(of: "abcdef", "max=3") == [#"["line","abc",true]"#, #"["line","def",true,"last"]"#])
  }

  @Test func `parts and line ends come out as data as they went in`() throws {
    for input in ["abcdefgh\nabc\r\nabcdef\r\nx\n", "ab\r\nabc\r\nabcd\r\n\r\n\n\r", "abc\r"] {
      let run = try Shell.run("upon stdin max=3 -o data", input: Array(input.utf8))
      #expect(run.text == input)
    }
  }

  @Test func `data that is no UTF-8 stands beside its bytes`() throws {
    let run = try Shell.run("upon stdin", input: [0x61, 0xFF, 0xE2, 0x82, 0x62, 0x0A, 0xC3, 0xA9, 0x0A])
    #expect(run.records.map(\.data) == ["a\u{FFFD}\u{FFFD}b", "é"])
    #expect(run.records.first?.text("data_base64") == "Yf/igmI=")
    #expect(run.records.last?.has("data_base64") == false)
  }

  @Test func `an empty datagram is not the end of its socket`() throws {
    let run = try Shell.run(
      """
      import socket, subprocess
      here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
      for datagram in (b"one\\n", b"", b"two\\n"): here.send(datagram)
      subprocess.run(["upon", "stdin", "limit=2", "-o", "data"], stdin=there)
      """, in: "python3")
    #expect(run.lines == ["one", "two"])
  }

  @Test func `a line of 100 MB passes in bounded memory`() throws {
    let run = try Shell.run(
      """
      { head -c 100000000 /dev/zero | tr '\\0' x; echo; } |
        upon stdin -o data finish do 'grep VmHWM /proc/$PPID/status >&2' | sha256sum
      { head -c 100000000 /dev/zero | tr '\\0' x; echo; } | sha256sum
      """)
    #expect(run.lines.count == 2 && run.lines.first == run.lines.last, "\(run)")
    let peak = run.errorText.split(separator: " ").compactMap { Int($0) }.first
    #expect(try #require(peak) < 24_000, "\(run)")
  }

  @Test func `match and unmatch let through by pattern, on bytes`() throws {
    #expect(
      try Self.records(of: "one\ntwo\nthree\n", "match=o unmatch='^t'") == [#"["line","one"]"#])
    #expect(try Self.records(of: "a1\nb2\n", "match='[[:digit:]]$' unmatch=1") == [#"["line","b2"]"#])
    let run = try Shell.run("upon stdin match='^a.b$' -o data", input: [0x61, 0xFF, 0x62, 0x0A, 0x61, 0x0A])
    #expect(run.output == [0x61, 0xFF, 0x62, 0x0A])
  }

  @Test func `a source typed twice is opened once and has two rules`() throws {
    let run = try Shell.run("printf 'a\\nab\\nb\\n' | upon -o tsv stdin match=a stdin match=b name=x")
    #expect(run.text == "x\tline\ta\nx\tline\tab\nx\tline\tab\nx\tline\tb\n")
    let numbers = try Shell.run(
      "printf 'a\\nb\\n' | upon stdin print fd:0 match=b print | jq -c '[.seq,.name]'")
    #expect(numbers.text == "[1,\"stdin\"]\n[2,\"stdin\"]\n[2,\"stdin\"]\n")
  }

  @Test func `regular files and null devices are read to their end`() throws {
    let run = try Shell.run("printf 'a\\nb' > f; upon stdin fd:3 on=+end -o tsv < f 3< /dev/null")
    #expect(run.lines.sorted() == ["fd:3\tend\t", "stdin\tline\ta", "stdin\tline\tb"])
    #expect(run.status == .exited(0))
  }

  @Test func `silence is counted until there is a byte`() throws {
    let upon = try Shell.start("exec upon stdin idle=60ms,60ms")
    #expect(upon.wait { upon.records.contains { $0.event == "idle" && $0.count == 2 } })
    upon.send("hello\n")
    let before = { upon.records.firstIndex { $0.event == "line" } }
    #expect(upon.wait { before() != nil })
    #expect(upon.wait { upon.records.count > before()! + 2 })
    let run = upon.finish()
    let line = try #require(run.records.firstIndex { $0.event == "line" })
    #expect(run.records[..<line].map(\.count) == Array(1...line))
    #expect(run.records[(line + 1)...].prefix(2).map(\.count) == [1, 2])
    #expect(run.status == .exited(0))
  }

  @Test func `a silence is told once, its end where it is named`() throws {
    let upon = try Shell.start("exec upon stdin idle=40ms on=+active every:200ms name=t on=tick")
    let told = { upon.records.filter { $0.text("name") == "stdin" } }
    // Five times the span has passed with the first tick.
    #expect(upon.wait { told().count == 1 && upon.records.contains { $0.event == "tick" } })
    upon.send("hel")
    #expect(upon.wait { told().count == 3 })
    upon.send("lo\n")
    #expect(upon.wait { told().count == 6 })
    #expect(told().map(\.event).prefix(5) == ["idle", "active", "idle", "active", "line"])
    #expect(told().filter { $0.event == "idle" }.allSatisfy { $0.count == 1 })
  }

  @Test func `what is further behind is told by its own span`() throws {
    let run = try Shell.run("sleep 1 | upon stdin idle=40ms,10s")
    #expect(run.records.map(\.event) == ["idle"], "\(run)")
  }

  @Test func `a byte without a line end breaks the silence too`() throws {
    let upon = try Shell.start("exec upon stdin idle=300ms,300ms on=idle,end -o json")
    #expect(upon.wait { upon.records.count == 2 })
    upon.send("x")
    #expect(upon.wait { upon.records.count == 4 })
    #expect(upon.records.map(\.count).prefix(4) == [1, 2, 1, 2])
  }

  @Test(arguments: ["stdin < /", "stdin <&-", "fd:9", "stdin 0> written", "fd:1 | cat"])
  func `what cannot be read is told, with status 125`(rule: String) throws {
    let run = try Shell.run("set -o pipefail; upon \(rule)", in: "bash")
    #expect(run.status == .exited(125), "\(run)")
    #expect(run.text == "")
    #expect(run.errorText.hasPrefix("upon: "))
    #expect(run.errorText.split(separator: "\n").count == 1)
  }

  @Test func `flags of descriptors are never changed`() throws {
    let run = try Shell.run(
      """
      import fcntl, os, socket, subprocess
      pair = socket.socketpair()
      ends = [os.pipe(), [one.fileno() for one in pair]]
      for read, write in ends:
        for extra in 0, os.O_NONBLOCK:
          fcntl.fcntl(read, fcntl.F_SETFL, fcntl.fcntl(read, fcntl.F_GETFL) & ~os.O_NONBLOCK | extra)
          out, into = os.pipe()
          flags = lambda: [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (read, into)]
          before = flags()
          upon = subprocess.Popen(["upon", "stdin", "limit=2"], stdin=read, stdout=into)
          os.write(write, b"one\\n")
          os.read(out, 4096)
          during = flags()
          os.write(write, b"two\\n")
          status = upon.wait()
          print(before == during == flags(), status)
      """, in: "python3")
    #expect(run.text == "True 0\nTrue 0\nTrue 0\nTrue 0\n", "\(run)")
  }

  @Test func `without a frame a command reads the descriptor`() throws {
    let piped = try Shell.start("exec upon stdin frame=none limit=2 do 'read -r x; echo \"got $x\"'")
    piped.send("one\n")
    #expect(piped.wait(for: "got one\n") != nil)
    piped.send("two\n")
    #expect(piped.finish().text == "got one\ngot two\n")
  }

  @Test func `without a frame print reports each arrival once`() throws {
    let upon = try Shell.start("exec upon stdin frame=none every:200ms on=tick")
    let arrivals = { upon.records.filter { $0.event == "readable" }.count }
    let ticks = { upon.records.filter { $0.event == "tick" }.count }
    for arrival in 1...3 {
      upon.send("x")
      #expect(upon.wait { arrivals() == arrival })
      let tick = ticks()
      #expect(upon.wait { ticks() > tick })
      #expect(arrivals() == arrival)
    }
  }

  @Test func `room to write is told`() throws {
    let run = try Shell.run(
      """
      import os, subprocess
      read, write = os.pipe()
      os.set_blocking(write, False)
      try:
        while True: os.write(write, bytes(4096))
      except BlockingIOError: pass
      os.set_inheritable(write, True)
      upon = subprocess.Popen(
        ["upon", "-1", "-o", "tsv", f"fd:{write}", "write", "name=w"], close_fds=False, stdout=subprocess.PIPE)
      try: print(upon.wait(0.3))
      except subprocess.TimeoutExpired: print("waits")
      os.read(read, 65536)
      print(upon.wait(), upon.stdout.read())
      """, in: "python3")
    #expect(run.text == "waits\n0 b'w\\twritable\\t\\n'\n", "\(run)")
  }

  @Test func `a record whose pattern gave up is not delivered, with match= or with unmatch=`() throws {
    let hard = String(repeating: "a", count: 60) + "b"
    for setting in ["match='^(a+)+$'", "unmatch='^(a+)+$'"] {
      let run = try Shell.run(
        "upon stdin \(setting) -o data", input: Array("\(hard)\nother\naa\n\(hard)\n".utf8))
      #expect(run.text == (setting.hasPrefix("match") ? "aa\n" : "other\n"), "\(setting): \(run)")
      #expect(
        run.errorText
          == "upon: stdin: the pattern took too many steps on a record, which is not delivered\n", "\(run)")
    }
  }
}
