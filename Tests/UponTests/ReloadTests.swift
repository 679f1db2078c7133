import Glibc
import Testing

/// The files of `-f` are read again while upon runs.
@Suite struct ReloadTests {
  /// `write` makes the file anew, `reload` has it read again and gives the names that were added and removed.
  private static let client = """
    def write(text, name="rules"):
        with open(name + ".new", "w") as f: f.write(text)
        os.rename(name + ".new", name)
    def reload(text=None):
        if text is not None: write(text)
        answer = c.ok(reload=True)
        return answer["added"], answer["removed"]
    def refused(text=None):
        if text is not None: write(text)
        before = state()
        answer = c.ask(reload=True)
        assert not answer["ok"] and state() == before, answer
        return answer["error"]
    def state(): return {x["name"]: (x["armed"], x["events"]) for x in c.ok(list=True)["sources"]}
    def ran(): return open("out").read().split() if os.path.exists("out") else []
    c = Client()

    """

  private func run(
    _ script: String, rules: String, _ arguments: String = "", end: String = "c.send(exit=0)"
  ) throws -> Finished {
    try Controlled.run(
      Self.client + script + "\n" + end, "-f rules \(arguments) 2> log",
      setup: "cat > rules <<'end of rules'\n\(rules)\nend of rules")
  }

  @Test func `what says the same is not touched, wherever it stands`() throws {
    let run = try run(
      """
      before = state()
      assert reload() == ([], [])
      assert reload("# moved\\nsignal:USR1 name=s\\nevery:1h   name='t' limit=5 do './a b' jobs=2 \\\\\\n"
          "\\nunix-listen:web on=+line,idle idle=1h\\n'signal:USR2' do \\"./x\\"") == ([], [])
      assert state() == before
      """,
      rules: """
        every:1h limit=5 name=t do './a b' jobs=2
        unix-listen:web idle=1h on=+line,idle
        signal:USR1 name=s
        signal:USR2 do ./x
        """)
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `a rule that has changed is replaced, and its source goes on where that is the same`() throws {
    let run = try run(
      """
      before = state()
      assert reload("every:1h name=a do 'echo two >> out'\\nevery:2h name=b do 'echo b >> out'\\nevery:3h name=d") == (["a", "d"], ["c"])
      after = state()
      assert list(after) == ["a", "b", "d"] and after["a"] == before["a"] and after["b"] == before["b"]
      c.ok(trigger="a"); until(lambda: ran() == ["two"])
      # The period is the source's own.
      assert reload("every:90m name=a do 'echo two >> out'\\nevery:2h name=b do 'echo b >> out'\\nevery:3h name=d") == (["a"], [])
      after, last = state(), after
      assert after["a"][1] == 0 and after["a"][0] > last["a"][0] and after["b"] == last["b"] and after["d"] == last["d"]
      """,
      rules: """
        every:1h name=a do 'echo one >> out'
        every:2h name=b do 'echo b >> out'
        every:3h name=c
        """)
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `a command that runs goes on, and one that is new does not wait for it`() throws {
    let run = try run(
      """
      c.ok(trigger="a"); until(ran)
      assert reload("every:1h name=a do 'echo new >> out'") == (["a"], [])
      c.ok(trigger="a"); until(lambda: ran() == ["old", "new"])
      open("go", "w"); until(lambda: ran() == ["old", "new", "over"])
      """,
      rules: "every:1h name=a do 'echo old >> out; until test -e go; do sleep 0.01; done; echo over >> out'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `of one source rules come and go while the others stay`() throws {
    let run = try run(
      """
      before = state()
      p = os.open("p", os.O_WRONLY)
      def say(text, *lines):
          os.write(p, text); n = len(ran()); until(lambda: len(ran()) >= n + len(lines)); assert sorted(ran()[n:]) == sorted(lines), ran()
      say(b"a1\\nb1\\n", "A:a1", "B:b1")
      assert reload("fifo:p match=a do 'sed s/^/A:/ >> out'\\nfifo:p match=c do 'sed s/^/C:/ >> out'") == (["fifo:p"], [])
      say(b"a2\\nb2\\nc2\\n", "A:a2", "C:c2")
      assert reload("fifo:p match=a do 'sed s/^/A:/ >> out'") == ([], ["fifo:p"])
      say(b"a3\\nb3\\nc3\\na4\\n", "A:a3", "A:a4")
      assert state()["fifo:p"] == (before["fifo:p"][0], 6)
      """,
      rules: "fifo:p match=a do 'sed s/^/A:/ >> out'\nfifo:p match=b do 'sed s/^/B:/ >> out'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  /// What such a source asked its rules when it was opened is not the same any more, so another takes its place.
  @Test func `a source that is opened anew for one rule keeps what another has counted, and its run`() throws
  {
    let run = try run(
      """
      p = os.open("p", os.O_WRONLY)
      os.write(p, b"1\\n"); until(ran)
      before = state()
      assert reload("fifo:p limit=3 do 'cat >> out; until test -e go; do sleep 0.01; done'\\nfifo:p on=error") == (["fifo:p"], [])
      assert state()["fifo:p"][0] > before["fifo:p"][0]
      os.write(p, b"2\\n3\\n4\\n")
      until(lambda: c.source("fifo:p")["events"] >= 1)
      # Its one run is not over yet.
      assert ran() == ["1"], ran()
      open("go", "w"); until(lambda: len(ran()) >= 3)
      os.write(p, b"5\\n")
      assert ran() == ["1", "2", "3"] and c.source("fifo:p")["events"] == 2
      """, rules: "fifo:p limit=3 do 'cat >> out; until test -e go; do sleep 0.01; done'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `what a rule holds back is delivered when it goes`() throws {
    let run = try run(
      """
      c.ok(trigger="u"); c.ok(trigger="u")
      assert ran() == []
      assert reload("signal:USR1 name=u do 'echo $UPON_COUNT new >> out'") == (["u"], [])
      until(lambda: ran() == ["2"])
      """, rules: "signal:USR1 name=u debounce=1h do 'echo $UPON_COUNT >> out'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `connections go on when their listener is untouched, renamed or given other rules`() throws {
    let run = try run(
      """
      s = connect("web"); s.sendall(b"half ")
      until(lambda: c.connections())
      for text, names in [("unix-listen:web name=w on=line do 'cat >> out'", (["w"], [])),
              ("unix-listen:web name=v on=line do 'cat >> out'", (["v"], ["w"])),
              ("unix-listen:web name=v on=line,close do 'cat >> out'\\nevery:1h", (["v", "every:1h"], []))]:
          assert reload(text) == names
          connection, = c.connections()
          assert connection["conn"] == 1 and connection["name"] == names[0][0], connection
      s.sendall(b"line\\n"); until(lambda: ran() == ["half", "line"])
      t = connect("web"); t.sendall(b"more\\n"); until(lambda: ran() == ["half", "line", "more"])
      """, rules: "unix-listen:web name=w on=line ignore")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `the next connection goes to the new command, and the listener stays`() throws {
    let run = try run(
      """
      def ask(): s = connect("web"); s.sendall(b"x"); s.shutdown(1); return s.makefile("rb").read()
      first = connect("web"); until(lambda: c.ok(list=True)["commands"])
      before = state()
      assert reload("unix-listen:web do 'echo new; cat'") == (["unix-listen:web"], [])
      assert state() == before and ask() == b"new\\nx"
      first.sendall(b"y"); first.shutdown(1); assert first.makefile("rb").read() == b"old\\ny"
      """, rules: "unix-listen:web do 'echo old; cat'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `a mistake changes nothing: of words, of files, and of what cannot be opened`() throws {
    let run = try run(
      """
      good = open("rules").read()
      c.ok(add=["every:1h", "name=mine"])
      for text, error in [
              ("every:1h name=b\\nevry:1s", "rules:2: 'evry:1s': unknown kind 'evry'; did you mean every:1s?"),
              ("every:1h name=b do '", "rules:1: the quote ' that opens here is not closed"),
              ("every:1h name=b\\nunix-listen:/nowhere/s", "unix-listen:/nowhere/s: /nowhere/s: No such file or directory"),
              ("every:1h name=b do x dir=/nowhere", "dir=/nowhere: No such file or directory"),
              ("every:1h name=b print file=/nowhere/x", "/nowhere/x: No such file or directory"),
              ("every:1h name=b\\nfd:77", "fd:77: descriptor 77 is closed"),
              ("every:1h name=b\\nevery:2h name=mine", "'mine': a request has added a source of that name"),
              ("every:1h name=b\\nevery:9h name=typed", "'name=typed': 'every:9h' has that name already; names are unique"),
              ("", "-f rules: is empty"), ("every:1h\\n-f none", "rules:2: -f none: No such file or directory"),
              ("#" * 8388609, "-f rules: is longer than 8 MiB")]:
          said = refused(text)
          assert said == error, said
      os.unlink("rules"); assert refused() == "-f rules: No such file or directory"
      os.mkdir("rules"); assert refused() == "-f rules: Is a directory"
      os.rmdir("rules"); os.mkfifo("rules"); assert refused() == "-f rules: is not a file that can be read a second time"
      os.unlink("rules"); assert reload(good) == ([], [])
      c.ok(trigger="a"); until(lambda: ran() == ["a"])
      """, rules: "every:1h name=a do 'echo a >> out'\nunix-listen:web", "every:3h name=typed")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `rules that were typed, and those that a request has added, stay`() throws {
    let run = try run(
      """
      c.ok(add=["every:4h", "name=mine"])
      assert reload("every:2h name=two") == (["two"], ["one", "both"])
      assert list(state()) == ["typed", "mine", "two"], state()
      # A request that removes what was typed is not taken back, one that removes what a file says is.
      c.ok(remove="typed"); c.ok(remove="two")
      assert reload() == (["two"], [])
      assert list(state()) == ["mine", "two"]
      # What a request has put in the place of a rule stays there, until it is removed.
      c.ok(add=["every:7h", "name=two"], replace=True)
      before = state()
      assert reload() == ([], []) and state() == before
      assert refused("every:8h name=two") == "'two': a request has added a source of that name"
      assert reload("every:2h name=three") == (["three"], ["two"])
      assert state()["two"] == before["two"]
      c.ok(remove="two"); assert reload("every:2h name=two") == (["two"], ["three"])
      assert list(state()) == ["mine", "two"]
      """,
      rules: "every:1h name=one\nsignal:USR1 name=both".replacing(
        " or every:5h name=typed2", with: ""),
      "every:3h name=typed")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `start fires once, and what has ended by itself stays over until it is another`() throws {
    let run = try run(
      """
      until(lambda: sorted(ran()) == ["once", "start"])
      assert reload() == ([], [])
      assert reload("start do 'echo start2 >> out'\\nafter:10ms name=once do 'echo once >> out'\\nstart or every:1h name=e do 'echo e >> out'") \\
          == (["start", "e"], [])
      c.ok(trigger="e"); until(lambda: len(ran()) == 3)
      assert list(state()) == ["e"]
      assert reload("after:10ms name=once do 'echo again >> out'\\nevery:1h name=e") == (["once", "e"], ["start"])
      until(lambda: len(ran()) == 4)
      assert sorted(ran()) == ["again", "e", "once", "start"], ran()
      """, rules: "start do 'echo start >> out'\nafter:10ms name=once do 'echo once >> out'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `of rules that are the same there are as many as are written`() throws {
    let run = try run(
      """
      one = "every:1h name=a do 'echo a >> out'\\n"
      def fire(number):
          n = len(ran()); c.ok(trigger="a"); until(lambda: not c.ok(list=True)["commands"])
          assert ran()[n:] == ["a"] * number, ran()
      before = state()
      fire(2)
      for number, names in [(2, ([], [])), (3, (["a"], [])), (1, ([], ["a"])), (2, (["a"], []))]:
          assert reload(one * number) == names
          fire(number)
      assert state()["a"][0] == before["a"][0]
      """, rules: "every:1h name=a do 'echo a >> out'\nevery:1h name=a do 'echo a >> out'")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `options stay, which is told, and a program is taken over`() throws {
    let run = try run(
      """
      answer = (write("-1 -t 5s -v --control unix:s2 every:1h name=a -- echo new"), c.ok(reload=True))[1]
      assert answer["options"] == ["-t", "-v", "--control", "-o"] and answer["added"] == [] == answer["removed"], answer
      assert not os.path.exists("s2")
      assert open("log").read() == "upon: options stay as they were at the start: -t, -v, --control, -o\\n"
      c.ok(trigger="a")
      """, rules: "-1 -o tsv every:1h name=a -- echo old", end: "")
    #expect(run.lines == ["new", "0 0"], "\(run)")
  }

  @Test func `a command that upon runs is kept, or replaced when it is over`() throws {
    let run = try run(
      """
      pid = lambda: int(open("pid").read() or 0) if os.path.exists("pid") else 0
      until(pid); first = pid()
      assert reload("run:'echo $$ > pid; exec sleep 100' name=r on=exit do 'echo over >> out'") == (["r"], [])
      assert pid() == first
      os.unlink("pid")
      assert reload("run:'echo $$ > pid; exec sleep 200' name=r on=exit do 'echo over >> out'") == (["r"], [])
      until(pid); assert pid() != first and not os.path.exists(f"/proc/{first}")
      assert reload("every:1h") == (["every:1h"], ["r"])
      until(lambda: not os.path.exists(f"/proc/{pid()}"))
      """, rules: "run:'echo $$ > pid; exec sleep 100' name=r on=exit")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `a file that a file names is read again too`() throws {
    let run = try run(
      """
      write("every:2h name=inner", "more"); assert reload("every:1h name=outer -f more") == (["inner"], [])
      write("every:2h name=other", "more"); assert reload() == (["other"], ["inner"])
      write("every:2h name", "more"); assert refused() == "more:1: 'name': expected a value, name=TEXT"
      assert reload("every:1h name=outer") == ([], ["other"])
      """, rules: "every:1h name=outer")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  // MARK: Who asks

  @Test func `without files there is nothing to read again, and standard input is read once`() throws {
    let run = try Shell.run(
      """
      upon --control stdin every:1h < <(echo '{"reload":true,"id":1}')
      echo every:1h | upon --control unix:s -f - & upon -1q -t 20s unix:s; uponctl s reload; uponctl s exit; wait
      """, in: "bash")
    #expect(run.records.map(\.error) == ["no rules were read from a file, by -f"], "\(run)")
    #expect(run.errorText == "uponctl: -f -: standard input cannot be read a second time\n")
  }

  @Test func `a hang-up has the file read again, and tells a mistake`() throws {
    let upon = try Shell.start("echo 'start name=a' > rules; exec upon -o tsv -v -f rules every:1h")
    #expect(upon.wait(for: "a\tstart\t\n") != nil)
    for (text, told) in [
      ("after:0 name=b", "upon: reloaded; added b; removed a\n"), ("after:0 name=b", "upon: reloaded\n"),
      (
        "after:0 nam=c",
        "upon: rules:1: 'nam=c': unknown setting 'nam'; did you mean name=c?; nothing has been changed\n"
      ),
    ] {
      try upon.directory.write(text.utf8, to: "rules")
      let before = upon.errors.count
      upon.raise(SIGHUP)
      #expect(upon.wait { Array(upon.errors[before...]).text.contains(told) }, "\(upon.errors.text)")
    }
    upon.raise(SIGTERM)
    let run = upon.finish()
    #expect(run.status == .killed(by: SIGTERM), "\(run)")
    #expect(run.lines == ["a\tstart\t", "b\ttimeout\t"])
  }

  @Test func `a hang-up that is watched is an event, and without a file it ends`() throws {
    let watched = try Shell.start("echo 'every:1h' > rules; exec upon -v -o tsv -f rules signal:HUP")
    #expect(watched.wait { watched.errors.text.contains("signal:HUP: armed") })
    watched.raise(SIGHUP)
    #expect(watched.wait(for: "signal:HUP\tsignal\t\n") != nil)
    watched.raise(SIGTERM)
    #expect(!watched.finish().errorText.contains("reloaded"))
    let bare = try Shell.start("exec upon -v every:1h")
    #expect(bare.wait { bare.errors.text.contains("armed") })
    bare.raise(SIGHUP)
    #expect(bare.finish().status == .killed(by: SIGHUP))
  }

  @Test func `a hang-up of the terminal ends, a signal on a terminal reloads`() throws {
    let upon = try Shell.terminal(["sh", "-c", "echo every:1h > rules; exec upon -v -f rules > out 2> log"])
    let log = { (try? Shell.run("cat log", directory: upon.directory).text) ?? "" }
    #expect(upon.wait { log().contains("armed") })
    upon.raise(SIGHUP)
    #expect(upon.wait { log().contains("upon: reloaded") })
    upon.hangUp()
    #expect(upon.wait { upon.isOver })
    #expect(upon.finish().status == .killed(by: SIGHUP))
    #expect(log().components(separatedBy: "reloaded").count == 2)
  }

  @Test func `the service manager is told when a reload begins and when it is over, also in vain`() throws {
    let run = try Shell.run(
      """
      cat > manager.py <<'end'
      import os, signal, socket, subprocess, time
      manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); manager.bind("notify"); manager.settimeout(15)
      open("rules", "w").write("every:1h")
      upon = subprocess.Popen(["upon", "-f", "rules"], env={**os.environ, "NOTIFY_SOCKET": os.getcwd() + "/notify"})
      print(manager.recv(1000))
      for text in ["every:2h", "evry:1s"]:
          open("rules", "w").write(text)
          before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
          upon.send_signal(signal.SIGHUP)
          first, moment = manager.recv(1000).decode().split("\\n")
          after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
          name, value = moment.split("=")
          print(first, name, before <= int(value) <= after, manager.recv(1000))
      upon.terminate(); upon.wait()
      manager.settimeout(0.1)
      try: print(manager.recv(1000))
      except TimeoutError: print("no more")
      end
      python3 manager.py
      """)
    #expect(
      run.lines == [
        "b'READY=1'", "RELOADING=1 MONOTONIC_USEC True b'READY=1'",
        "RELOADING=1 MONOTONIC_USEC True b'READY=1'", "no more",
      ], "\(run)")
  }

  // MARK: Load

  @Test func `no line is lost or doubled while the file is read again two hundred times`() throws {
    let run = try run(
      """
      import threading
      number, clients = 3000, 8
      def client(n):
          s = connect("web")
          for i in range(number): s.sendall(b"%d.%d\\n" % (n, i)); time.sleep(0.0002) if i % 50 == 0 else None
          s.close()
      threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
      for t in threads: t.start()
      listener = "unix-listen:web name=web on=line print file=lines as=data\\n"
      for i in range(200):
          rest = f"every:1h name=e{i} do 'echo {i}'\\nsignal:USR1 name=s{i % 3}\\n" + ("unix-listen:other\\n" if i % 2 else "")
          added, removed = reload(rest + listener if i % 5 else listener + rest)
          assert f"e{i}" in added and "web" not in added + removed, (added, removed)
      for t in threads: t.join()
      lines = lambda: open("lines").read().split()
      until(lambda: len(lines()) >= number * clients)
      assert sorted(lines()) == sorted(f"{n}.{i}" for n in range(clients) for i in range(number))
      for n in range(clients):
          own = [line for line in lines() if line.startswith(f"{n}.")]
          assert own == [f"{n}.{i}" for i in range(number)]
      assert list(sorted(state())) == ["e199", "s1", "unix-listen:other", "web"], state()
      """, rules: "unix-listen:web name=web on=line print file=lines as=data")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `nor where the rules of the listener itself change each time`() throws {
    let run = try run(
      """
      import threading
      number, clients = 2000, 6
      def client(n):
          s = connect("web")
          for i in range(number): s.sendall(b"%d.%d\\n" % (n, i)); time.sleep(0.0002) if i % 50 == 0 else None
          s.close()
      threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
      for t in threads: t.start()
      for i in range(200):
          # The same source with another rule beside it, another name, another rule, and another setting.
          name = "web" if i % 4 else "renamed"
          text = f"unix-listen:web name={name} on=line print file=lines as=data"
          if i % 3 == 0: text += f"\\nunix-listen:web on=listening{',close' if i % 2 else ''} ignore"
          if i % 5 == 0: text = text.replace("on=line", "idle=1h on=line,idle", 1)
          reload(text)
      for t in threads: t.join()
      lines = lambda: open("lines").read().split()
      until(lambda: len(lines()) >= number * clients)
      for n in range(clients):
          own = [line for line in lines() if line.startswith(f"{n}.")]
          assert own == [f"{n}.{i}" for i in range(number)], len(own)
      assert len(lines()) == number * clients
      """, rules: "unix-listen:web name=web on=line print file=lines as=data")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test(arguments: [1, 2])
  func `random texts leave what they say, and nothing of a text that is refused`(seed: Int) throws {
    let run = try run(
      """
      import random
      random.seed(\(seed))
      pool = [f"every:{h}h name=n{n} do 'echo n{n}'" for n in range(4) for h in (1, 2)]
      pool += [f"every:{n}h name=n{n}" for n in range(4)] + ["unix-listen:w name=w", "unix-listen:w name=v on=line", "signal:USR1 name=u",
          "signal:USR1 name=u match=x", "signal:USR1,USR2 name=u throttle=1s", "fifo:p name=p", "fifo:p name=p match=a do cat",
          "every:5h name=m or signal:USR2 name=o do x", "unix-listen:/nowhere/x name=bad", "fd:77 name=fd", "evry:1s"]
      counts = {"good": 0, "bad": 0}
      texts = {}
      for _ in range(300):
          rules = random.sample(pool, random.randint(1, 6))
          before = state()
          write("\\n".join(rules)); answer = c.ask(reload=True)
          if not answer["ok"]:
              counts["bad"] += 1
              assert state() == before, answer
              continue
          counts["good"] += 1
          names = {word[5:] for rule in rules for word in rule.split() if word.startswith("name=")}
          after = state()
          assert set(after) == names, (after, names)
          new = {name: sorted(r for r in rules if f"name={name} " in r + " ") for name in names}
          for name in names:
              if texts.get(name) == new[name] and name in before: assert after[name] == before[name], name
              assert (name in answer["added"]) == (texts.get(name) != new[name]) or name in answer["removed"], (name, answer)
          assert set(answer["removed"]) >= set(texts) - names, answer
          texts = new
      assert counts["good"] > 50 and counts["bad"] > 50, counts
      """, rules: "every:1h name=begin")
    #expect(run.lines.last == "0 0", "\(run)")
  }
}
