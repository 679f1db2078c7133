import Foundation
import Testing

/// upon as a job of a shell: in the background, stopped, and brought back.
@Suite struct JobControlTests {
  @Test(arguments: JobShell.Kind.allCases)
  func `in the background a terminal rests, and in the foreground it is read again`(kind: JobShell.Kind)
    throws
  {
    let shell = try JobShell(kind)
    shell.enter("upon -v -t 20s -o tsv stdin name=in &")
    try #require(shell.wait(for: "in: armed") != nil)
    // Each key that is typed is offered to upon too.
    for _ in 1...6 { #expect(shell.answers()) }
    shell.enter("fg")
    try #require(shell.wait(for: "stdin name=in") != nil)
    shell.enter("first")
    #expect(shell.wait(for: "in\tline\tfirst") != nil)
    #expect(shell.stop())
    for _ in 1...3 { #expect(shell.answers()) }
    shell.enter("bg")
    for _ in 1...3 { #expect(shell.answers()) }
    if kind == .bash || kind == .zsh {
      shell.enter("fg")
      try #require(shell.wait(for: "stdin name=in") != nil)
      shell.enter("second")
    } else {
      // Typed ahead, it is there before upon is in the foreground; a line editor would have changed it.
      shell.enter("fg\rsecond")
    }
    #expect(shell.wait(for: "in\tline\tsecond") != nil)
    #expect(shell.interrupt())
    #expect(shell.answers())
    let lines = shell.terminal.output.text.components(separatedBy: "in\tline\t").count - 1
    #expect(lines == 2, "\(shell.terminal.output.text)")
    #expect(!shell.terminal.output.text.contains("Input/output"))
  }

  @Test func `who only looks at a terminal rests too, and takes nothing`() throws {
    let shell = try JobShell()
    shell.enter("upon -v -t 20s -o tsv stdin name=in frame=none & echo upon=$!=")
    let upon = try shell.pid("upon")
    try #require(shell.wait(for: "in: armed") != nil)
    for _ in 1...4 { #expect(shell.answers()) }
    #expect(!shell.terminal.output.text.contains("readable\t"))
    shell.enter("fg\recho le''ft")
    #expect(shell.wait(for: "in\treadable\t") != nil)
    // The key that interrupts would throw away what is there.
    _ = kill(pid_t(upon), SIGINT)
    #expect(shell.wait(for: "left\r\n") != nil)
  }

  @Test func `requests wait for the foreground`() throws {
    let shell = try JobShell()
    shell.enter("upon -v -t 20s --control stdin every:10s &")
    try #require(shell.wait(for: ": armed") != nil)
    for _ in 1...4 { #expect(shell.answers()) }
    shell.enter(#"fg\#r{"id":1,"stats":true}"#)
    #expect(shell.wait(for: #""ok":true,"id":1,"#) != nil)
    #expect(shell.interrupt())
    #expect(!shell.terminal.output.text.contains("Input/output"))
  }

  @Test func `a list of names waits for the foreground, and can be stopped and interrupted`() throws {
    let shell = try JobShell()
    shell.enter("upon -1 -t 20s paths:- & echo upon=$!=")
    let upon = try shell.pid("upon")
    for _ in 1...3 { #expect(shell.answers()) }
    #expect(shell.bringBack(upon))
    #expect(shell.stop())
    #expect(shell.bringBack(upon))
    #expect(shell.interrupt())
    #expect(!shell.terminal.output.text.contains("upon: "))
    #expect(shell.run("mkdir d; : > d/x") == "")
    shell.enter("upon -t 20s paths:- do 'cat > got; kill $PPID' &")
    #expect(shell.answers())
    shell.enter("fg\rd/x\r\u{4}")
    let directory = shell.terminal.directory
    #expect(
      shell.terminal.wait {
        try? directory.write([], to: "d/x")
        return directory.contents("got") == Array("d/x\n".utf8)
      })
  }

  @Test func `nothing is asked for while nobody types, and little while something waits`() throws {
    let shell = try JobShell()
    shell.enter("upon -v -t 20s stdin name=in & echo upon=$!=")
    let upon = try shell.pid("upon")
    #expect(shell.wait(for: "in: armed") != nil)
    #expect(shell.answers())
    // It looks once more whether something is left that was there.
    shell.terminal.pass(.milliseconds(500))
    let before = try #require(JobShell.sleeps(of: upon))
    shell.terminal.pass(.milliseconds(700))
    #expect(JobShell.sleeps(of: upon) == before)
    // What is typed stays in the terminal while the job in the foreground does not read it.
    shell.enter("sleep 1\recho an''other")
    shell.terminal.pass(.milliseconds(800))
    let during = try #require(JobShell.sleeps(of: upon)) - before
    #expect((1...12).contains(during), "\(during)")
    #expect(shell.wait(for: "another\r\n") != nil)
    shell.enter("kill %1")
    #expect(shell.answers())
  }

  @Test func `a background job writes to its terminal, also with tostop`() throws {
    let shell = try JobShell()
    #expect(shell.run("stty tostop") == "")
    let output = shell.run("upon -t 20s -o tsv every:20ms name=e limit=3 & wait; echo status=$?=")
    #expect(output.components(separatedBy: "e\ttick\t").count == 4, "\(output)")
    #expect(output.contains("status=0="))
  }

  @Test(arguments: JobShell.Kind.allCases)
  func `Ctrl-Z stops the commands that run and then upon, and all go on together`(kind: JobShell.Kind) throws
  {
    let shell = try JobShell(kind)
    shell.enter(
      "upon -t 20s start do 'sleep 100 & echo upon=$PPID=; echo one=$$=; wait' "
        + "run:'echo two=$$= >&2; exec sleep 100' on=exit")
    let (upon, commands) = (try shell.pid("upon"), [try shell.pid("one"), try shell.pid("two")])
    #expect(shell.wait(until: false, commands))
    #expect(shell.stop())
    #expect(shell.answers())
    #expect(shell.wait(until: true, commands + [upon]))
    shell.enter("bg")
    #expect(shell.wait(until: false, commands + [upon]))
    #expect(shell.answers())
    #expect(shell.bringBack(upon))
    #expect(shell.stop())
    #expect(shell.answers())
    #expect(shell.wait(until: true, commands + [upon]))
    #expect(shell.bringBack(upon))
    #expect(shell.wait(until: false, commands + [upon]))
    #expect(shell.interrupt())
    #expect(shell.answers())
    #expect(shell.terminal.wait { (commands + [upon]).allSatisfy { JobShell.state(of: $0) == nil } })
  }

  @Test func `TSTP that is watched is an event and stops nothing`() throws {
    let shell = try JobShell()
    shell.enter("upon -v -t 20s -o tsv signal:TSTP name=s limit=2")
    try #require(shell.wait(for: "s: armed") != nil)
    shell.terminal.send("\u{1A}")
    #expect(shell.wait(for: "s\tsignal\t") != nil)
    shell.terminal.send("\u{1A}")
    #expect(shell.wait(for: "s\tsignal\t") != nil)
    #expect(shell.hasPrompt())
  }

  @Test func `where nobody could continue it, TSTP stops nothing`() throws {
    let upon = try Shell.start(
      "setsid upon -t 20s -o tsv start do 'echo $PPID $$; exec sleep 100' signal:USR1 do 'echo here' every:20ms name=e"
    )
    try #require(upon.wait(for: "\n") != nil)
    let pids = upon.output.text.split(separator: "\n")[0].split(separator: " ").compactMap { Int($0) }
    try #require(pids.count == 2)
    for _ in 1...3 {
      _ = kill(pid_t(pids[0]), SIGTSTP)
      let ticks = upon.output.count
      #expect(upon.wait { upon.output.count > ticks + 20 })
      #expect(upon.wait { JobShell.state(of: pids[1]) == "S" })
    }
    _ = kill(pid_t(pids[0]), SIGUSR1)
    #expect(upon.wait(for: "here\n") != nil)
    _ = kill(pid_t(pids[0]), SIGTERM)
    #expect(upon.wait { JobShell.state(of: pids[1]) == nil })
  }

  @Test func `TSTP that was ignored at the start is left alone`() throws {
    let upon = try Shell.start("trap '' TSTP; exec upon -o tsv every:20ms name=e limit=9")
    #expect(upon.wait(for: "e\ttick\t") != nil)
    upon.raise(SIGTSTP)
    let run = upon.finish()
    #expect(run.lines.count == 9 && run.status == .exited(0), "\(run)")
  }

  @Test func `what nohup has closed is told, and what was left runs on`() throws {
    let refused = try Shell.terminal(["nohup", "upon", "stdin"]).finish()
    #expect(refused.status == .exited(125))
    let directory = try TemporaryDirectory()
    let run = try Shell.terminal(
      ["nohup", "upon", "-o", "tsv", "every:20ms", "name=e", "limit=3"], directory: directory
    ).finish()
    #expect(run.status == .exited(0))
    #expect(directory.contents("nohup.out")?.text == String(repeating: "e\ttick\t\n", count: 3))
  }

  @Test func `in a script without job control a terminal is read as any other`() throws {
    let terminal = try Shell.terminal([
      "sh", "-c", "stty -echo; exec 3<&0; upon -1 -o data stdin <&3 3<&- & wait $!; echo =$?=",
    ])
    terminal.send("typed\r")
    #expect(terminal.wait(for: "typed\r\n=0=") != nil, "\(terminal.output.text)")
  }

  @Test func `when its terminal has gone a source that rests ends`() throws {
    let directory = try TemporaryDirectory()
    let told = { directory.contents("told")?.text ?? "" }
    var shell: Running? = try Shell.terminal(
      ["bash", "--norc", "-i"], directory: directory, environment: ["PS1": "@ ", "TERM": "dumb"])
    try #require(shell?.wait(for: "@ ") != nil)
    shell?.send("upon -v -t 19s stdin every:20ms name=e on=tick 2> told > records & disown -h\r")
    #expect(shell?.wait { told().contains("e: armed") } == true)
    shell?.send("echo an''swer\r")
    try #require(shell?.wait(for: "answer\r\n") != nil)
    // The shell is killed, and the other end of the terminal is closed.
    shell = nil
    let watching = try Shell.start(":", directory: directory)
    #expect(watching.wait { told().contains("stdin: ended") })
    let count = directory.contents("records")?.count ?? 0
    #expect(watching.wait { directory.contents("records")?.count ?? 0 > count })
    #expect(!told().contains("error"))
  }
}
