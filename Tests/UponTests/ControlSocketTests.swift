import Foundation
import Testing

/// `--control unix:PATH`, with clients written in Python.
@Suite(.everyBackend) struct ControlSocketTests {
  /// Runs upon with a control socket, and a client against it; both must end well.
  private func run(_ script: String, _ arguments: String = "", setup: String = "") throws -> Finished {
    let run = try Controlled.run(script, arguments, setup: setup)
    #expect(run.lines.last == "0 0", "\(run)")
    return run
  }

  @Test func `a socket has mode 600, keeps upon alive, and goes with it`() throws {
    let run = try run(
      """
      c = Client()
      assert os.stat("s").st_mode & 0o777 == 0o600
      assert c.ok(list=True)["sources"] == []
      c.ok(add=["after:0"])
      while c.ok(list=True)["sources"]: pass
      c.send(exit=0)
      assert c.f.read() == b""
      while os.path.exists("s"): pass
      """, "-q")
    #expect(run.lines == ["0 0"])
  }

  @Test func `a path that is served is refused, and one that is left over replaced`() throws {
    _ = try run(
      """
      c = Client()
      second = subprocess.run(["upon", "--control", "unix:s", "after:0"], capture_output=True, text=True)
      assert second.returncode == 125, second
      assert second.stderr == "upon: --control unix:s: s: is being served by another process\\n", second
      c.ok(list=True)
      c.send(exit=0)
      """,
      setup: #"python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("s")'"#)
  }

  @Test func `an abstract name needs no file`() throws {
    _ = try run(
      """
      c = Client()
      name = "\\0upon-test-%d" % os.getpid()
      upon = subprocess.Popen(["upon", "--control", "unix:@" + name[1:]])
      d = Client(name)
      d.ok(list=True)
      d.send(exit=0)
      assert upon.wait() == 0
      c.send(exit=0)
      """)
  }

  @Test func `only the same user and root are heard`() throws {
    guard getuid() == 0 else { return }
    _ = try run(
      """
      name = "upon-test-%d" % os.getpid()
      errors = open("errors", "w")
      upon = subprocess.Popen(["upon", "--control", "unix:@" + name], stderr=errors)
      mine = Client("\\0" + name)
      mine.ok(list=True)
      pid = os.fork()
      if pid == 0:
          os.setuid(65534)
          other = Client("\\0" + name)
          try: other.s.sendall(b'{"exit":9}\\n')
          except (BrokenPipeError, ConnectionResetError): pass
          os._exit(0)
      os.waitpid(pid, 0)
      mine.ok(list=True)
      mine.send(exit=0)
      assert upon.wait() == 0
      assert "refused user 65534" in open("errors").read()
      c = Client(); c.send(exit=0)
      """)
  }

  @Test func `many clients are served beside each other`() throws {
    _ = try run(
      """
      clients = [Client() for _ in range(200)]
      for i, c in enumerate(clients): c.send(add=["every:1h", "name=t%d" % i], id=i)
      for i, c in enumerate(clients): assert c.answer() == {"ok": True, "id": i, "names": ["t%d" % i]}
      # Many requests in one piece are answered in their order.
      c = clients[0]
      c.s.sendall(b"".join(b'{"trigger":"t%d","id":%d}\\n' % (i % 200, i) for i in range(2000)))
      assert [c.answer()["id"] for _ in range(2000)] == list(range(2000))
      # A client that goes in the middle of a request is no trouble.
      for c in clients[1:100]: c.s.sendall(b'{"remove":"t0"'); c.s.close(); c.f.close()
      assert len(clients[150].ok(list=True)["sources"]) == 200
      # One that ends its input is answered to the end.
      d = clients[151]; d.s.sendall(b'{"list":true,"id":1}\\n{"stats":true,"id":2}'); d.s.shutdown(socket.SHUT_WR)
      assert [json.loads(line)["id"] for line in d.f] == [1, 2]
      clients[150].send(exit=0)
      """, "-q", setup: "ulimit -n 1024")
  }

  @Test func `a client that never reads holds up nobody and is disconnected`() throws {
    let run = try run(
      """
      slow, quick = Client(), Client()
      for i in range(200): quick.ok(add=["every:1h", "name=" + "x" * 200 + str(i)])
      slow.s.settimeout(15)
      try:
          for i in range(5000):
              slow.s.sendall(b'{"list":true,"id":1}\\n' * 10)
              if i % 10 == 0: quick.ok(stats=True)
          raise SystemExit("not disconnected")
      except (BrokenPipeError, ConnectionResetError): pass
      quick.ok(stats=True)
      quick.send(exit=0)
      """)
    #expect(run.errorText.contains("a client leaves more than 8 MiB unread; disconnected"), "\(run)")
  }

  @Test func `thousands of additions and removals leave nothing behind`() throws {
    _ = try run(
      """
      c = Client()
      def descriptors(): return len(os.listdir("/proc/%d/fd" % pid))
      pid = int(subprocess.check_output(["pgrep", "-n", "-P", str(os.getppid()), "upon"]))
      rules = [
          ["every:1h", "name=NAME"], ["every:1h", "name=NAME", "debounce=1s", "do", "true", "print"],
          ["signal:USR1", "name=NAME", "throttle=1h", "print", "file=fileNAME"], ["start", "name=NAME"],
          ["fd:3", "name=NAME", "match=a+b", "idle=1h"], ["after:9h", "name=NAME", "or", "unix-listen:uNAME"],
          ["unix:nowhere", "name=NAME", "retry=1h"],
      ]
      def round(n):
          batch = []
          for i in range(n):
              name = "n%d" % i
              words = [w.replace("NAME", name) for w in rules[i % len(rules)]]
              batch.append({"add": words, "replace": i % 3 == 0})
              if i % 5 == 0: batch.append({"trigger": name})
              batch.append({"remove": words[0] if "name=" + name not in words else name})
              if "or" in words: batch.append({"remove": "unix-listen:u" + name})
          c.s.sendall("".join(json.dumps(r) + "\\n" for r in batch).encode())
          # Of a start nothing is left to be removed; everything else is.
          answers = []
          c.send(list=True, id="end")
          while True:
              a = c.answer()
              if a.get("id") == "end": break
              answers.append(a["error"])
          assert all(e.startswith("no source has the name") for e in answers), answers
          assert a["sources"] == [], a
          while c.ok(list=True)["commands"]: pass
          return c.ok(stats=True)["resident"], descriptors()
      for _ in range(2): memory, open_before = round(1000)
      for _ in range(4): after, open_after = round(1000)
      assert open_after == open_before, (open_before, open_after)
      assert after < memory + (1 << 19), (memory, after)
      c.send(exit=0)
      """, "-q 3<>fifo", setup: "mkfifo fifo")
  }

  @Test func `a control may stand on a socket that was inherited`() throws {
    let run = try Shell.run(
      #"""
      python3 -c '
      import socket, subprocess
      ours, theirs = socket.socketpair()
      upon = subprocess.Popen(["upon", "--control", "fd:%d" % theirs.fileno(), "--control", "unix:s"], pass_fds=[theirs.fileno()])
      theirs.close()
      ours.sendall(b"{\"list\":true,\"id\":1}\n{\"x\":1}\n")
      ours.shutdown(socket.SHUT_WR)
      print(ours.makefile().read(), end="")
      print(upon.wait())'
      """#)
    #expect(run.lines.count == 3 && run.lines[0].hasPrefix(#"{"ok":true,"id":1"#), "\(run)")
    #expect(run.lines.last == "0")
  }

  @Test func `text is sent to connections, and connections are closed`() throws {
    _ = try run(
      """
      c = Client()
      def join():
          s = connect("web"); return s, s.makefile("rb")
      a, b = join(), join()
      while len(c.ok(list=True)["connections"]) < 2: pass
      first, second = [x["conn"] for x in c.ok(list=True)["connections"]]
      assert c.ok(send="to all\\n", to="unix-listen:web")["connections"] == 2
      assert c.ok(send="é", to=first)["connections"] == 1
      assert c.ok(send_base64="AP8K", to=first)["connections"] == 1
      assert a[1].readline() == b"to all\\n" and b[1].readline() == b"to all\\n"
      assert a[1].readline() == b"\\xc3\\xa9\\x00\\xff\\n"
      assert not c.ask(send="x", to=999)["ok"]
      c.ok(close=first)
      assert a[1].read() == b""
      assert not c.ask(send="x", to=first)["ok"]
      # The listener is replaced while its clients are connected: they stay, and so does the path.
      c.ok(add=["unix-listen:web", "limit=9"], replace=True)
      assert c.ok(send="still here\\n", to=second)["connections"] == 1
      assert b[1].readline() == b"still here\\n"
      d = join()
      while len(c.ok(list=True)["connections"]) < 2: pass
      # What nobody reads is kept up to 8 MiB.
      answer = {"ok": True}
      for _ in range(20):
          answer = c.ask(send="x" * 1000000, to=second)
          if not answer["ok"]: break
      assert answer.get("error") == "connection %d takes no more" % second, answer
      b[0].settimeout(15)
      while b[0].recv(1 << 16): pass
      [left] = c.ok(list=True)["connections"]
      assert left["conn"] not in (first, second), left
      assert c.ok(close="unix-listen:web")["connections"] == 1
      assert d[1].read() == b""
      assert c.ok(list=True)["connections"] == []
      assert c.ok(close="unix-listen:web")["connections"] == 0
      c.ok(remove="unix-listen:web")
      assert not os.path.exists("web")
      c.send(exit=0)
      """, "-q unix-listen:web")
  }
}
