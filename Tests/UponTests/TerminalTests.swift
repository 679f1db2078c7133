import Foundation
import Testing

/// Commands that read the terminal of upon.
@Suite struct TerminalTests {
  /// An interactive shell as a command of upon, whose prompt is `%`.
  private static let inner = "exec env PS1=\"% \" bash --norc --noprofile --noediting -i"

  @Test func `with stdin=inherit an interactive program has the terminal, as under docker run -it`() throws {
    let terminal = try Shell.terminal(["upon", "start", "do", Self.inner, "until=exit", "stdin=inherit"])
    try #require(terminal.wait(for: "% ") != nil)
    // It is in the foreground, and has jobs of its own.
    terminal.send("set -- $(ps -o pgid=,tpgid= -p $$); [ $1 = $2 ] && [ $1 != $PPID ] && echo fo''re\r")
    #expect(terminal.wait(for: "fore\r\n") != nil)
    terminal.send("sleep 100\r")
    terminal.pass(.milliseconds(50))
    terminal.send("\u{1A}")
    #expect(terminal.wait(for: "Stopped") != nil)
    terminal.send("kill -KILL %1; wait; exit 7\rexit 7\r")
    let run = terminal.finish()
    #expect(run.status == .exited(7), "\(run)")
    #expect(!run.text.contains("no job control"), "\(run)")
  }

  @Test(arguments: ["start do 'exec cat' until=exit stdin=inherit", "run:'exec cat' stdin=inherit -o data"])
  func `Ctrl-Z of the program gives the terminal back to the shell, and fg to the program`(rule: String)
    throws
  {
    let shell = try JobShell()
    shell.enter("upon \(rule)")
    for word in ["one", "two", "three"] {
      shell.enter(word)
      #expect(shell.wait(for: "\(word)\r\n") != nil, "\(shell.terminal.output.text)")
      #expect(shell.stop())
      #expect(shell.answers())
      shell.enter("fg")
      try #require(shell.wait(for: rule.hasPrefix("start") ? "stdin=inherit" : "-o data") != nil)
    }
    shell.enter("last")
    #expect(shell.wait(for: "last\r\n") != nil)
    #expect(shell.interrupt())
    #expect(shell.answers())
  }

  @Test func `the status of a program that Ctrl-C has ended is told`() throws {
    let shell = try JobShell()
    shell.enter("upon start do 'echo up; exec cat' until=exit stdin=inherit; echo status=$?=")
    try #require(shell.wait(for: "up\r\n") != nil)
    shell.terminal.send("\u{3}")
    #expect(shell.wait(for: "status=130=") != nil)
    #expect(shell.hasPrompt())
  }

  @Test(arguments: [
    // A signal, the time limit of upon, that of the run, and a kill of upon's own.
    ("start do 'stty raw; kill -TERM $$' stdin=inherit", 123),
    ("-t 300ms start do 'stty raw; exec sleep 100' stdin=inherit", 124),
    ("start do 'stty raw; exec sleep 100' stdin=inherit timeout=300ms", 123),
    ("start do 'stty raw; exec sleep 100' stdin=inherit after:300ms kill signal=KILL", 123),
    ("run:'stty raw; exec sleep 100' stdin=inherit after:300ms kill signal=KILL", 123),
  ])
  func `modes are restored when the program has not ended by itself`(rule: String, status: Int) throws {
    let shell = try JobShell()
    let before = shell.run("stty -g")
    let told = shell.run("upon -q \(rule); echo status=$?=")
    #expect(told.contains("status=\(status)="), "\(told)")
    #expect(shell.run("stty -g") == before)
    #expect(before.contains(":"))
  }

  @Test func `modes that a program has set and left stay, as in a shell`() throws {
    let shell = try JobShell()
    #expect(shell.run("stty -a").contains("\nisig "))
    #expect(shell.run("upon -q start do 'stty -isig' stdin=inherit") == "")
    #expect(shell.run("stty -a").contains("\n-isig "))
  }

  @Test func `modes of a program that was stopped come back with it`() throws {
    let shell = try JobShell()
    let before = shell.run("stty -g")
    shell.enter("upon start do 'stty -ixon; echo in; read x; stty -a; :' until=exit stdin=inherit")
    try #require(shell.wait(for: "in\r\n") != nil)
    #expect(shell.stop())
    #expect(shell.run("stty -g") == before)
    shell.enter("fg")
    try #require(shell.wait(for: "stdin=inherit") != nil)
    shell.enter("x")
    #expect(shell.wait(for: " -ixon ") != nil)
    #expect(shell.hasPrompt())
  }

  @Test func `while a program has the terminal upon rests, and reads on behind it`() throws {
    let terminal = try Shell.terminal([
      "upon", "-t", "20s", "-o", "tsv", "start", "do", "echo up; read x; echo got-$x; read y; exit 3",
      "stdin=inherit", "stdin", "name=in", "limit=2",
    ])
    try #require(terminal.wait(for: "up\r\n") != nil)
    terminal.send("one\r")
    #expect(terminal.wait(for: "got-one\r\n") != nil)
    terminal.send("two\rthree\rfour\r")
    #expect(terminal.wait(for: "in\tline\tthree\r\n") != nil)
    #expect(terminal.wait(for: "in\tline\tfour\r\n") != nil)
    #expect(terminal.finish().status == .exited(123))
  }

  @Test func `each run has the terminal in its turn`() throws {
    let terminal = try Shell.terminal([
      "upon", "-t", "20s", "every:10ms", "limit=3", "do", "read x; echo got-$x", "busy=queue",
      "stdin=inherit",
    ])
    for word in ["one", "two", "three"] {
      terminal.send("\(word)\r")
      #expect(terminal.wait(for: "got-\(word)\r\n") != nil)
    }
    #expect(terminal.finish().status == .exited(0))
  }

  @Test func `without a frame the command that reads has the terminal`() throws {
    let shell = try JobShell()
    shell.enter(
      "sh -c 'echo upon=$$=; exec \"$@\"' . upon -t 20s stdin frame=none limit=3 do 'read x; echo got-$x'")
    let upon = try shell.pid("upon")
    shell.enter("one")
    #expect(shell.wait(for: "got-one\r\n") != nil)
    shell.enter("two")
    #expect(shell.wait(for: "got-two\r\n") != nil)
    // The key would be lost on a command that is about to end.
    #expect(shell.terminal.wait { shell.foreground == upon })
    #expect(shell.stop())
    #expect(shell.answers())
    shell.enter("fg\rthree")
    #expect(shell.wait(for: "got-three\r\n") != nil)
    #expect(shell.hasPrompt())
  }

  @Test func `in the background a program waits for the terminal until upon has it`() throws {
    let shell = try JobShell()
    let command = "read x; echo got-$x; read y; echo got-$y"
    shell.enter("upon -t 20s start do '\(command)' until=exit stdin=inherit &")
    let line = "start: \(command): waits for the terminal, until upon is in the foreground\r\n"
    try #require(shell.wait(for: line) != nil)
    for _ in 1...3 { #expect(shell.answers()) }
    shell.enter("fg\rone")
    #expect(shell.wait(for: "got-one\r\n") != nil)
    #expect(shell.stop())
    #expect(shell.answers())
    shell.enter("bg")
    for _ in 1...3 { #expect(shell.answers()) }
    shell.enter("fg\rtwo")
    #expect(shell.wait(for: "got-two\r\n") != nil)
    #expect(shell.hasPrompt())
    // Twice it has had to wait.
    #expect(shell.terminal.output.text.components(separatedBy: "waits for").count == 2)
  }

  @Test(arguments: [
    ("every:50ms name=e limit=2 do 'read x < /dev/tty' busy=queue timeout=1s", "read x < /dev/tty"),
    (
      "run:'stty echo < /dev/tty' name=e restart retry=50ms timeout=1s on=exit limit=2",
      "stty echo < /dev/tty"
    ),
  ])
  func `a command that stops because it wants the terminal is told once, with what gives it`(
    rule: String, command: String
  ) throws {
    let shell = try JobShell()
    let told = shell.run("upon -q -t 10s \(rule)")
    let line =
      "upon: e: \(command): is stopped because it wants the terminal, which stdin=inherit would give it\r\n"
    #expect(told.components(separatedBy: line).count == 2, "\(told)")
    #expect(told.components(separatedBy: "wants the terminal").count == 2, "\(told)")
  }

  @Test func `a command that is stopped otherwise does not want the terminal`() throws {
    let shell = try JobShell()
    #expect(
      shell.run(
        "upon -q start do 'kill -STOP $$; exit 3' until=exit after:50ms every:50ms kill signal=CONT; echo $?")
        == "upon: start: kill -STOP $$; exit 3: exit status 3\r\n3\r\n")
  }

  @Test func `where no terminal controls the session, standard input is inherited as it is`() throws {
    let terminal = try Shell.terminal([
      "setsid", "-w", "upon", "-t", "20s", "start", "do", "read x; echo got-$x", "until=exit",
      "stdin=inherit",
    ])
    terminal.send("one\r")
    #expect(terminal.wait(for: "got-one\r\n") != nil)
    #expect(terminal.finish().status == .exited(0))
  }

  @Test func `the program behind a wait has the terminal again`() throws {
    let terminal = try Shell.terminal([
      "upon", "-1", "-q", "start", "do", "read x; echo got-$x", "stdin=inherit", "--", "sh", "-c",
      "read y; echo then-$y",
    ])
    terminal.send("one\rtwo\r")
    #expect(terminal.wait(for: "got-one\r\n") != nil)
    #expect(terminal.wait(for: "then-two\r\n") != nil)
    #expect(terminal.finish().status == .exited(0))
  }

  @Test func `a program that goes on without upon does not keep the terminal`() throws {
    let shell = try JobShell()
    shell.enter(
      "upon -1 -q start do 'echo up=$$=; exec sleep 100' detach stdin=inherit -- sh -c 'read x; echo got-$x'")
    let pid = try shell.pid("up")
    shell.enter("one")
    #expect(shell.wait(for: "got-one\r\n") != nil)
    #expect(shell.hasPrompt())
    #expect(shell.run("kill \(pid)") == "")
  }
}
