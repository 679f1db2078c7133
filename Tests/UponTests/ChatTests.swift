import Testing

/// The chat servers of the manual, with clients.
@Suite struct ChatTests {
  private static let servers =
    Manual.shared?.examples.filter { $0.script.contains("tcp-listen:") && $0.script.contains("joins") } ?? []

  @Test func `the manual has one in bash, of at most 25 lines, and one in Python`() {
    #expect(Self.servers.map(\.shell) == ["bash", "python3"])
    let lines = Self.servers.first?.script.split(separator: "\n") ?? []
    #expect(lines.count <= 25)
    #expect(lines.first?.hasPrefix("coproc upon --control stdin tcp-listen:") ?? false)
  }

  @Test(arguments: servers)
  func `what one says the others hear, whatever it is`(server: Manual.Example) throws {
    let directory = try TemporaryDirectory()
    try directory.write(server.script.utf8, to: "server")
    let client = #"""
      import os, signal, socket, subprocess
      server = subprocess.Popen(
          ["\#(server.shell)", "server", "0"], stdout=subprocess.PIPE, text=True, start_new_session=True)
      port = int(server.stdout.readline().rsplit(":", 1)[1])
      class Client:
          def __init__(self, name):
              self.socket = socket.create_connection(("127.0.0.1", port))
              self.lines = self.socket.makefile("r")
              self.hears("What is your name?")
              self.says(name)
          def says(self, text): self.socket.sendall((text + "\n").encode())
          def hears(self, text):
              line = self.lines.readline()
              assert line == text + "\n", (line, text)
      try:
          ann = Client("ann")
          bob = Client('bob "the \\ builder"')
          ann.hears('* bob "the \\ builder" joins')
          cid = Client("cid")
          for other in (ann, bob): other.hears("* cid joins")
          for text in ("hello", 'h\u00e9 "x" \\n $HOME `id` $(id) %s', "{}", "'", "\u2028 \U0001f600"):
              ann.says(text)
              for other in (bob, cid): other.hears("ann: " + text)
          # Many at once arrive in the order of each.
          for i in range(50): ann.says("a%d" % i)
          for i in range(50): bob.hears("ann: a%d" % i)
          for i in range(50): cid.hears("ann: a%d" % i)
          bob.socket.shutdown(socket.SHUT_RDWR)
          for other in (ann, cid): other.hears('* bob "the \\ builder" leaves')
          cid.says("bye")
          ann.hears("cid: bye")
      finally:
          os.killpg(server.pid, signal.SIGTERM)
      """#
    try directory.write(client.utf8, to: "client.py")
    let run = try Shell.run("python3 client.py", directory: directory)
    #expect(run.status == .exited(0), "\(run)")
  }
}
