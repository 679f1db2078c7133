/// upon with a control socket, and a client of it that is written in Python.
enum Controlled {
  /// What every client begins with: `ask` sends a request and gives its answer, `ok` wants a good one, `until` waits.
  static let client = """
    import json, os, socket, subprocess, sys, time
    def connect(path="s"):
        for _ in range(1500):
            try:
                s = socket.socket(socket.AF_UNIX); s.connect(path); return s
            except (FileNotFoundError, ConnectionRefusedError): time.sleep(0.01)
        raise SystemExit("nobody there")
    def until(condition):
        for _ in range(3000):
            value = condition()
            if value: return value
            time.sleep(0.005)
        raise SystemExit("it has not come to that")
    class Client:
        def __init__(self, path="s"): self.s = connect(path); self.f = self.s.makefile("rb"); self.n = 0
        def send(self, **request): self.s.sendall((json.dumps(request) + "\\n").encode())
        def answer(self): return json.loads(self.f.readline())
        def ask(self, **request):
            self.n += 1; self.send(id=self.n, **request); answer = self.answer()
            assert answer.get("id") == self.n, answer
            return answer
        def ok(self, **request):
            answer = self.ask(**request); assert answer["ok"], answer; return answer
        def connections(self): return self.ok(list=True)["connections"]
        def source(self, name): return [x for x in self.ok(list=True)["sources"] if x["name"] == name][0]

    """

  /// Runs upon with the control socket `s`, and a client against it, behind which upon is ended where it has failed;
  /// the last line has the statuses of both.
  static func run(_ script: String, _ arguments: String = "", setup: String = "", network: Network? = nil)
    throws -> Finished
  {
    let directory = try TemporaryDirectory()
    try directory.write((client + script).utf8, to: "client.py")
    let line = """
      \(setup)
      upon --control unix:s \(arguments) & upon=$!
      python3 client.py; status=$?
      test $status = 0 || kill $upon
      wait $upon; echo "$status $?"
      """
    return try Shell.run(network?.script(line) ?? line, directory: directory)
  }
}
