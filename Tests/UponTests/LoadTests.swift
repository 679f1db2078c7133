import Testing

/// Many clients, and clients that mean harm; all on one thread, in bounded memory and bounded time.
@Suite(.serialized) struct LoadTests {
  private static let network = Network()

  /// What the clients have in common; `upon` is the process under test, with its records in `out`.
  private static let clients = """
    import errno, json, os, resource, select, socket, struct, subprocess, sys, threading, time
    from collections import Counter

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard == resource.RLIM_INFINITY or hard > 20000: hard = 20000
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def connect():
        while True:
            try: return socket.create_connection(("127.0.0.1", 7000))
            except ConnectionRefusedError: time.sleep(0.02)

    def start(*words, limit=hard):
        global upon
        upon = subprocess.Popen(["upon", *words], stdout=open("out", "w"), stderr=open("log", "w"),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))

    def memory(what="VmRSS"):
        for line in open(f"/proc/{upon.pid}/status"):
            if line.startswith(what): return int(line.split()[1])

    def records():
        return [json.loads(line) for line in open("out").read().split("\\n")[:-1]]

    def until(condition):
        while not condition(): time.sleep(0.05)

    """

  private func run(_ script: String) throws -> Finished {
    try Self.network.run(
      """
      cat > clients.py <<'end of clients'
      \(Self.clients)
      \(script)
      end of clients
      python3 clients.py
      """)
  }

  @Test func `ten thousand connections cost a few hundred bytes each, and nothing while they are idle`()
    throws
  {
    let run = try run(
      """
      number = min(10000, hard - 300)
      start("tcp-listen:7000", f"limit={number + 1}")
      first = connect()
      until(lambda: len(records()) == 1)
      before = memory()
      clients = [connect() for _ in range(number)]
      for client in clients: client.send(b"begun ")
      until(lambda: len(records()) == number + 1)
      after = memory()
      switches = lambda: memory("voluntary_ctxt_switches")
      time.sleep(0.5)
      asleep = switches()
      time.sleep(1)
      print("each", (after - before) * 1024 // number < 800, "idle", switches() - asleep)
      for place, client in enumerate(clients): client.send(b"%d\\n" % place)
      until(lambda: open("out").read().count('"line"') == number)
      print("peak", memory("VmHWM") - before < 12288)
      for client in clients: client.close()
      first.close()
      print("status", upon.wait())
      events = Counter(record["event"] for record in records())
      lines = [record["data"] for record in records() if record["event"] == "line"]
      print(events["accept"] == events["close"] == number + 1, sorted(lines) == sorted(f"begun {n}" for n in range(number)))
      """)
    #expect(run.lines == ["each True idle 0", "peak True", "status 0", "True True"], "\(run)")
  }

  @Test func `clients that reset, that never send and that send a byte at a time`() throws {
    let run = try run(
      """
      start("tcp-listen:7000", "limit=301")
      silent = [connect() for _ in range(101)]
      for _ in range(100):
          client = connect()
          client.sendall(b"whole\\nhalf")
          client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
          client.close()
      slow = [connect() for _ in range(100)]
      for byte in b"slow line\\n":
          for client in slow: client.send(bytes([byte]))
      for client in slow + silent: client.close()
      print(upon.wait())
      reasons = Counter(record["reason"] for record in records() if record["event"] == "close")
      lines = Counter(record["data"] for record in records() if record["event"] == "line")
      print(reasons["peer"] + reasons["reset"], reasons["reset"] > 0, lines["slow line"], lines["whole"] <= 100)
      """)
    #expect(run.lines == ["0", "301 True 100 True"], "\(run)")
  }

  @Test func `a gigabyte without a line feed comes in parts`() throws {
    let run = try run(
      """
      start("tcp-listen:7000", "limit=2", "on=line", "print", "file=/dev/null", "as=data",
          "tcp-listen:7000", "on=close", "limit=2")
      client, other = connect(), connect()
      before, block, longest = memory(), b"x" * (1 << 20), 0
      began = time.time()
      for number in range(1024):
          client.sendall(block)
          if number % 64 == 0: longest = max(longest, memory())
          # Another client is served meanwhile.
          if number == 512: other.sendall(b"hello\\n"); other.close()
      client.close()
      print(upon.wait(), longest - before < 8192)
      closes = records()
      print(sorted(record["bytes_in"] for record in closes))
      """)
    #expect(run.lines == ["0 True", "[6, 1073741824]"], "\(run)")
  }

  @Test func `the parts of a record longer than max= are marked`() throws {
    let run = try run(
      """
      start("tcp-listen:7000", "limit=1", "on=line", "max=64K")
      client = connect()
      client.sendall(b"y" * (10 << 16) + b"z\\n")
      client.close()
      print(upon.wait(), [(len(record["data"]), record["partial"], record.get("last", False)) for record in records()] ==
        [(65536, True, False)] * 10 + [(1, True, True)])
      """)
    #expect(run.lines == ["0 True"], "\(run)")
  }

  @Test func `beginnings of records have a bound together`() throws {
    let run = try run(
      """
      start("tcp-listen:7000", "limit=150", "on=line", "print", "as=data", "file=/dev/null")
      clients = [connect() for _ in range(150)]
      before = memory()
      block = b"x" * 1000000
      for client in clients: client.sendall(block)
      time.sleep(0.5)
      print(memory("VmHWM") - before < 130 * 1024)
      for client in clients: client.close()
      print(upon.wait())
      """)
    #expect(run.lines == ["True", "0"], "\(run)")
  }

  @Test func `a burst of 5,000 connects`() throws {
    let run = try run(
      """
      number = min(5000, hard - 300)
      start("-q", "--stats", "tcp-listen:7000", f"limit={number + 1}")
      first = connect()
      clients = []
      for _ in range(number):
          client = socket.socket()
          client.setblocking(False)
          client.connect_ex(("127.0.0.1", 7000))
          clients.append(client)
      for client in clients:
          client.setblocking(True)
          while True:
              try: client.sendall(b"hello\\n"); break
              except (BlockingIOError, OSError) as error:
                  if error.errno not in (errno.ENOTCONN, errno.EAGAIN): raise
                  time.sleep(0.01)
      for client in clients + [first]: client.close()
      print(upon.wait(), json.loads(open("log").read())["events"] == 3 * number + 2)
      """)
    #expect(run.lines == ["0 True"], "\(run)")
  }

  @Test func `without descriptors clients wait, which is told once, and are let in by and by`() throws {
    let run = try run(
      """
      start("tcp-listen:7000", "name=a", "limit=201", limit=64)
      first = connect()
      clients = [connect() for _ in range(200)]
      for place, client in enumerate(clients): client.sendall(b"%d\\n" % place)
      until(lambda: len(records()) > 30)
      time.sleep(0.5)
      switches, before = memory("voluntary_ctxt_switches"), len(records())
      time.sleep(2)
      # It looks again four times a second and does nothing else.
      print("asleep", memory("voluntary_ctxt_switches") - switches < 30, len(records()) == before)
      for client in clients: client.close()
      first.close()
      print(upon.wait())
      lines = [record["data"] for record in records() if record["event"] == "line"]
      print(sorted(lines, key=int) == [str(n) for n in range(200)])
      print(open("log").read(), end="")
      """)
    #expect(
      run.lines == ["asleep True True", "0", "True", "upon: a: Too many open files; further clients wait"],
      "\(run)")
  }

  @Test func `handlers and commands run though there are few descriptors`() throws {
    let run = try run(
      """
      def echo(place):
          client = connect()
          client.sendall(b"%d\\n" % place)
          client.shutdown(socket.SHUT_WR)
          answer = client.makefile().read()
          if answer == f"{place}\\n": served.append(place)

      for words in [("do", "cat", "jobs=100"), ("on=line", "do", "cat", "reply", "jobs=100")]:
          served = []
          start("tcp-listen:7000", "limit=200", *words, limit=64)
          threads = [threading.Thread(target=echo, args=(n,)) for n in range(200)]
          for thread in threads: thread.start()
          for thread in threads: thread.join()
          print(upon.wait(), len(served))
      """)
    #expect(run.lines == ["0 200", "0 200"], "\(run)")
  }

  @Test func `a flood on one connection starves no other, and no timer`() throws {
    let run = try run(
      """
      start("tcp-listen:7000", "on=line", "print", "as=data", "file=/dev/null", "tcp-listen:7000", "on=close",
          "every:100ms", "name=tick")
      ended = False
      def flood():
          client = connect()
          try:
              while not ended: client.sendall(b"\\n" * 65536)
          except OSError: pass
      threads = [threading.Thread(target=flood) for _ in range(3)]
      for thread in threads: thread.start()
      until(lambda: any(record["name"] == "tick" for record in records()))
      for _ in range(20):
          closed = sum(record["event"] == "close" for record in records())
          client = connect(); client.sendall(b"hello\\n"); client.close()
          until(lambda: sum(record["event"] == "close" for record in records()) > closed)
      ended = True
      upon.terminate(); upon.wait()
      ticks = [record for record in records() if record["name"] == "tick"]
      # A tick in a hundred may be late on a busy machine.
      print(len(ticks) > 3, sum(tick["missed"] for tick in ticks) <= len(ticks) // 10 + 1)
      """)
    #expect(run.lines == ["True True"], "\(run)")
  }

  @Test func `a stopping signal ends the wait for a reader that does not read, after five seconds`() throws {
    let window = try TimeWindow()
    let upon = try Shell.start(
      "mkfifo p; sleep 60 < p > /dev/null 2>&1 & seq 60000 > in; exec upon -v -o data stdin < in > p")
    #expect(upon.wait { upon.errors.text.contains("stdin: ended") })
    let began = ContinuousClock.now
    upon.raise(15)
    let end = upon.finish()
    try window.expect(ContinuousClock.now - began, in: .seconds(5) ... .milliseconds(5200))
    #expect(end.status == .killed(by: 15), "\(end)")
    #expect(end.errorText.contains(" bytes of records could not be written"), "\(end)")
  }
}
