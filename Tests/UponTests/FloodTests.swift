import Testing

/// Control, signals and timers come before data, however much of it there is.
@Suite(.everyBackend) struct FloodTests {
  /// upon is stopped in the middle of a flood. When it goes on, a signal, a request and a due timer wait for it: as
  /// `seq` counts every record of the flood, it tells how many of those came between them.
  @Test func `no more than one batch of a flood stands before a signal, a request or a tick`() throws {
    let directory = try TemporaryDirectory()
    let script = """
      import re
      yes = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
      upon = subprocess.Popen(
          ["upon", "--control", "unix:s", "stdin", "ignore", "signal:USR1", "every:1h", "name=t",
           "every:50ms", "name=tick"], stdin=yes.stdout, stdout=subprocess.PIPE, text=True)
      yes.stdout.close()
      c = Client()
      def stopped():
          return re.search(r"State:\\s+T", open("/proc/%d/status" % upon.pid).read())
      # One batch is 256 KiB, of lines of two bytes.
      batch = (1 << 18) // 2
      for round in range(4):
          c.ok(list=True)
          os.kill(upon.pid, 19)
          while not stopped(): time.sleep(0.001)
          time.sleep(0.06)
          os.kill(upon.pid, 10)
          c.send(trigger="t", id="t%d" % round)
          os.kill(upon.pid, 18)
          assert c.answer()["ok"]
          found, ticks = {}, []
          while len(found) < 2 or not ticks or ticks[-1] < found["signal"] - batch:
              record = json.loads(upon.stdout.readline())
              if record["name"] == "tick": ticks.append(record["seq"])
              else: found[record["event"]] = record["seq"]
          assert abs(found["signal"] - found["tick"]) <= batch, found
          # The one that was due is the first behind the stop.
          assert min(abs(found["signal"] - tick) for tick in ticks) <= batch, (found, ticks)
      events = c.ok(stats=True)["events"]
      # The flood itself goes on.
      while c.ok(stats=True)["events"] < events + batch: pass
      c.send(exit=0)
      upon.communicate()
      assert upon.returncode == 0
      yes.wait()
      """
    try directory.write((Controlled.client + script).utf8, to: "client.py")
    let run = try Shell.run("python3 client.py", directory: directory)
    #expect(run.status == .exited(0), "\(run)")
  }

  /// Requests without a pause leave the data its turns.
  @Test func `a flood of requests starves neither data nor other clients`() throws {
    let directory = try TemporaryDirectory()
    let script = """
      import threading
      upon = subprocess.Popen(
          ["upon", "--control", "unix:s", "stdin", "exit=3"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
      flood, other = Client(), Client()
      done = False
      def send():
          try:
              while not done: flood.s.sendall(b'{"pause":"x"}\\n' * 1000)
          except OSError: pass
      def read():
          try:
              while flood.s.recv(1 << 16): pass
          except OSError: pass
      threads = [threading.Thread(target=f) for f in (send, read)]
      for t in threads: t.start()
      for _ in range(100): other.ok(stats=True)
      upon.stdin.write(b"x\\n"); upon.stdin.flush()
      assert upon.wait() == 3
      done = True
      """
    try directory.write((Controlled.client + script).utf8, to: "client.py")
    let run = try Shell.run("python3 client.py", directory: directory)
    #expect(run.status == .exited(0), "\(run)")
  }
}
