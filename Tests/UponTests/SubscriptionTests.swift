import Glibc
import Testing

/// `subscribe` of the control protocol, and `uponctl watch`.
@Suite struct SubscriptionTests {
  /// `Watcher` subscribes on a connection of its own; `next` gives a record.
  private static let client = """
    class Watcher(Client):
        def __init__(self, what=True): super().__init__(); self.said = self.ask(subscribe=what)
        def next(self): line = self.f.readline(); return json.loads(line) if line else None
        def events(self): return [(r["name"], r["event"]) for r in iter(self.next, None)]
    c = Client()
    def pid(): return int.from_bytes(c.s.getsockopt(1, 17, 12)[:4], "little")

    """

  private func run(_ script: String, _ arguments: String, setup: String = "") throws -> Finished {
    try Controlled.run(Self.client + script, arguments, setup: setup)
  }

  @Test func `records come whole and in their order, whatever their rules do`() throws {
    let run = try run(
      """
      w = Watcher(); assert w.said == {"ok": True, "id": 1}
      for name in ["printed", "ran", "ignored", "filed", "printed"]: c.ok(trigger=name)
      records = [w.next() for _ in range(5)]
      assert [(r["seq"], r["name"], r["kind"], r["event"], r["triggered"]) for r in records] == \\
          [(n + 1, name, "every", "tick", True) for n, name in enumerate(["printed", "ran", "ignored", "filed", "printed"])], records
      # Others than in standard output, which has columns and fields of its own.
      assert all(list(r)[:6] == ["seq", "time", "name", "kind", "event", "count"] for r in records)
      # What is asked is answered between them.
      w.send(list=True, id=2); c.ok(trigger="ran"); c.ok(trigger="ran")
      lines = [w.next() for _ in range(3)]
      assert sorted(r["name"] for r in lines if "seq" in r) == ["ran", "ran"] and [r["id"] for r in lines if "id" in r] == [2]
      c.send(exit=0)
      assert w.next() is None
      """,
      "-o tsv=name every:1h name=printed every:2h name=ran do true every:3h name=ignored ignore every:4h name=filed print file=f"
    )
    #expect(run.lines == ["printed", "printed", "0 0"], "\(run)")
  }

  @Test func `of chosen sources, and of the last that were chosen`() throws {
    let run = try run(
      """
      all, some = Watcher(), Watcher(["b", "c"])
      for name in "abcab": c.ok(trigger=name)
      assert [some.next()["name"] for _ in range(3)] == ["b", "c", "b"]
      assert [all.next()["name"] for _ in range(5)] == list("abcab")
      some.ok(subscribe=["a"])
      c.ok(remove="a"); c.ok(add=["every:9h", "name=a"]); c.ok(trigger="b"); c.ok(trigger="a")
      record = some.next()
      assert (record["name"], record["seq"]) == ("a", 7), record
      for what in [["no"], [], ["a", "no"], [""], [1], False, 1, "a", {}, None]:
          answer = some.ask(subscribe=what); assert not answer["ok"], what
      assert some.ask(subscribe=["n"])["error"] == "no source has the name 'n'", some
      c.ok(trigger="a"); assert some.next()["seq"] == 8
      c.send(exit=0)
      """, "every:1h name=a every:2h name=b every:3h name=c")
    #expect(run.lines.last == "0 0", "\(run)")
  }

  @Test func `done records come too, and lines that no rule prints, but not what is held back`() throws {
    let run = try run(
      """
      w = Watcher()
      c.ok(trigger="r"); r, done = w.next(), w.next()
      assert (r["event"], done["event"], done["seq"], done["status"], done["out"]) == ("tick", "done", 1, 3, "hi\\n"), (r, done)
      for _ in range(3): c.ok(trigger="d")
      c.ok(remove="d"); d = w.next()
      assert (d["name"], d["count"], d["seq"]) == ("d", 3, 2), d
      c.ok(trigger="r"); assert w.next()["seq"] == 3
      c.send(exit=0)
      """, "every:1h name=r do 'echo hi; exit 3' report=output every:2h name=d debounce=1h ignore")
    #expect(run.records.amounts(of: \.event) == ["done": 2], "\(run)")
    #expect(run.lines.last == "0 0")
  }

  @Test func `the last records come before the end, of commands that are stopped and of finish`() throws {
    let run = try run(
      """
      w = Watcher()
      c.ok(trigger="held"); c.send(exit=0)
      until(lambda: not os.path.exists("s"))
      seen = w.events(); assert seen == [("held", "tick"), ("run", "exit"), ("finish", "finish")], seen
      """, "every:1h name=held debounce=1h ignore run:'exec sleep 100' name=run finish ignore")
    #expect(run.records.map(\.event) == ["exit"], "\(run)")
    #expect(run.lines.last == "0 0")
  }

  @Test func `on standard input it is refused, on a socket that was given it is carried out`() throws {
    let run = try Shell.run(
      """
      echo '{"subscribe":true,"id":1}' | upon --control stdin every:1h
      cat > pair.py <<'end'
      import json, socket, subprocess
      ours, theirs = socket.socketpair()
      upon = subprocess.Popen(["upon", "-q", "--control", f"fd:{theirs.fileno()}", "every:1h", "name=t"], pass_fds=[theirs.fileno()])
      theirs.close(); f = ours.makefile("rw")
      for request in [{"subscribe": True, "id": 1}, {"trigger": "t"}, {"trigger": "t"}]: f.write(json.dumps(request) + "\\n")
      f.flush(); lines = [json.loads(f.readline()) for _ in range(3)]; print([line.get("ok", line.get("seq")) for line in lines])
      ours.shutdown(socket.SHUT_WR); print(upon.wait())
      end
      python3 pair.py
      """)
    #expect(run.records.map(\.error) == ["records go to standard output; subscribe on a socket"], "\(run)")
    #expect(run.lines.suffix(2) == ["[True, 1, 2]", "0"])
  }

  // MARK: Slow readers

  /// 200,000 records are some 30 MiB, of which a socket and 8 MiB take a part.
  @Test func `a reader that does not read is cut off with a count, and others lose nothing`() throws {
    let run = try run(
      """
      import threading
      number = 200000
      slow, gone, good = Watcher(), Watcher(), Watcher(["fifo:p"])
      seen = []
      t = threading.Thread(target=lambda: [seen.append(good.next()["data"]) for _ in range(number)]); t.start()
      gone.s.close(); gone.f.close()
      size = lambda what: next(int(l.split()[1]) for l in open(f"/proc/{pid()}/status") if l.startswith(what))
      # No faster than the good one reads.
      with open("p", "w") as p:
          for n in range(0, number, 5000):
              p.writelines(f"{i}\\n" for i in range(n, n + 5000)); p.flush()
              until(lambda: len(seen) >= n - 15000)
      until(lambda: c.source("fifo:p")["events"] == number)
      t.join()
      assert seen == [str(n) for n in range(number)]
      lines = slow.f.read().split(b"\\n")
      assert lines.pop() == b""
      last = json.loads(lines.pop())
      records = [json.loads(line)["data"] for line in lines]
      assert records == [str(n) for n in range(len(records))], len(records)
      assert last == {"ok": False, "error": f"too slow: {last['lost']} records were not sent", "lost": last["lost"]}, last
      # What it has not got begins behind what it has; more came when it had been cut off.
      print("got", 0 < len(records) < number, "lost", 8 << 20 > last["lost"] * 60 > 1 << 20, "peak", size("VmHWM") < 120000)
      assert "too slow and cut off; %d records were not sent to it" % last["lost"] in open("log").read()
      c.send(exit=0)
      """, "-q fifo:p ignore 2> log")
    #expect(run.lines.first == "got True lost True peak True", "\(run)")
  }

  @Test func `one that has finished asking is still sent records, until it has gone`() throws {
    let run = try run(
      """
      w = Watcher(); w.s.shutdown(socket.SHUT_WR)
      c.ok(trigger="t"); assert w.next()["seq"] == 1
      descriptors = lambda: len(os.listdir(f"/proc/{pid()}/fd"))
      before = descriptors()
      w.f.close(); w.s.close()
      until(lambda: descriptors() < before)
      for _ in range(20):
          x = Watcher(); x.f.close(); x.s.close()
      until(lambda: descriptors() <= before - 2)
      c.ok(trigger="t"); c.send(exit=0)
      """, "-q every:1h name=t")
    #expect(run.lines == ["0 0"], "\(run)")
  }

  // MARK: uponctl

  @Test func `uponctl watch prints records until upon ends, or nobody reads them`() throws {
    let run = try Shell.run(
      """
      upon -q --control unix:s every:1h name=a every:2h name=b finish & upon -1q -t 20s unix:s
      uponctl s watch > all & all=$!; uponctl s watch b finish > some & some=$!; uponctl s watch a | head -n 1 > first & first=$!
      until [ -e started ]; do uponctl s trigger a b; sleep 0.01; [ -s all ] && [ -s some ] && [ -s first ] && touch started; done
      wait $first; uponctl s trigger b; uponctl s exit; wait $all; echo $?; wait $some; echo $?
      jq -r .name some | uniq; tail -n 2 all | jq -r .name; wc -l < first
      uponctl s watch; echo $?
      """)
    #expect(run.lines == ["0", "0", "b", "finish", "b", "finish", "1", "125"], "\(run)")
    #expect(run.errorText == "uponctl: nobody answers at s: No such file or directory\n")
  }

  @Test func `uponctl watch says what is wrong`() throws {
    let run = try Shell.run(
      """
      upon -q --control unix:s fifo:in name=beat ignore 2> log & upon=$!; upon -1q -t 20s unix:s
      uponctl s watch bea; echo $?; uponctl s watch beat bea; echo $?
      mkfifo out; uponctl s watch > out & watch=$!; exec 3< out
      seq 200000 > in; until grep -q 'cut off' log; do sleep 0.01; done; cat <&3 > got; wait $watch; echo $?
      uponctl s exit; wait $upon
      tail -n 1 got | jq .seq > /dev/null && [ $(wc -l < got) -lt 200000 ] && echo whole
      """)
    #expect(run.lines == ["1", "1", "1", "whole"], "\(run)")
    let told = run.errorText.split(separator: "\n")
    let missing = "uponctl: no source has the name 'bea'; did you mean beat?"
    #expect(told.prefix(2) == [missing[...], missing[...]])
    #expect(
      told.count { $0.hasPrefix("uponctl: s: too slow: ") && $0.hasSuffix(" records were not sent") } == 1,
      "\(run)")
  }
}
