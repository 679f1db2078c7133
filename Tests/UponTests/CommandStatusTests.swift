import Testing

/// What the statuses of commands make of the status of upon.
@Suite struct CommandStatusTests {
  @Test(arguments: [
    // The command's own, with one do and -1, with -e and with until=.
    ("upon -1 start do 'exit 9'", 9),
    ("upon -1 start do 'kill -KILL $$'", 137),
    ("upon -1 start do 'kill -TERM $$'", 143),
    ("upon -1 start do ./nowhere", 127),
    ("upon -1 start do /etc/passwd", 126),
    ("upon -1 start do a shell=/nowhere", 127),
    ("upon -1 start do a shell=/etc/passwd", 126),
    ("upon -e every:1ms do 'exit 5'", 5),
    ("upon -e every:1ms do 'kill -USR1 $$'", 138),
    ("upon -e start do true every:10ms do 'exit 4'", 4),
    ("upon every:1ms do 'exit 6' until=exit", 6),
    ("upon every:1ms do 'kill -KILL $$' until=fail", 137),
    // Failures of commands, as with xargs.
    ("upon start do false", 123),
    ("upon start do ./nowhere", 123),
    ("upon start do true finish do false", 123),
    ("upon -1 start do false do true", 123),
    ("upon -a start or after:10ms do 'test $UPON_EVENT = start'", 123),
    ("upon -n 3 every:1ms do 'exit 2'", 123),
    ("upon start do 'sleep 1000' timeout=20ms", 123),
    // None.
    ("upon -n 3 every:1ms do true", 0),
    ("upon -a start or after:1ms do true", 0),
    ("upon start do 'sleep 1000' every:1h do true until=ok start do 'exit 0' until=ok", 0),
    // A program as the action, and after the wait.
    ("upon start -- ./nowhere", 127),
    ("upon start -- /etc/passwd", 126),
    ("upon -1 start -- ./nowhere", 127),
    ("upon -1 start -- /etc/passwd", 126),
    ("upon -1 start -- sh -c 'exit 3'", 3),
    ("upon start -- sh -c 'exit 3'", 123),
    ("upon -1 after:1ms or stdin -- sh -c 'exit 3' </dev/null", 3),
    ("upon -1 stdin -- sh -c 'exit 3' </dev/null", 1),
  ])
  func `are told apart`(_ script: String, _ status: Int32) throws {
    let run = try Shell.run("\(script) 2>/dev/null")
    #expect(run.status == .exited(status), "\(run)")
  }

  @Test func `a server under supervision, with a job beside it`() throws {
    let run = try Shell.run(
      """
      upon start or signal:USR1 do 'echo up; exec sleep 0.3' busy=restart until=exit every:20ms do 'echo x >>job'; echo $?
      test -s job && echo ran
      """)
    #expect(run.lines == ["up", "0", "ran"], "\(run)")
  }

  @Test(arguments: [
    "upon start or every:1h do 'echo up; sleep 1000'", "upon start -- sh -c 'echo up; exec sleep 1000'",
  ])
  func `as process 1 it exits with 128 and the number`(_ command: String) throws {
    let run = try Shell.start(
      "exec unshare -Urpf --mount-proc sh -c 'echo $$; exec \(command.replacing("'", with: "'\\''"))'")
    try #require(run.wait(for: "up\n") != nil)
    // The signal comes from outside: the process that unshare waits for.
    let kill = try Shell.run("kill -INT $(cat /proc/\(run.pid)/task/\(run.pid)/children)")
    #expect(kill.status == .exited(0))
    #expect(run.finish().status == .exited(130))
  }

  /// The kernel keeps signals without a handler from process 1, so that the second one could not kill it.
  @Test func `as process 1 it ends at once by the second signal`() throws {
    let run = try Shell.start(
      """
      exec unshare -Urpf --mount-proc sh -c \\
      'exec upon start or every:1h do "trap \\"\\" TERM; echo up; while :; do sleep 1; done" grace=1h'
      """)
    try #require(run.wait(for: "up\n") != nil)
    let again = try Shell.run(
      """
      read -r init </proc/\(run.pid)/task/\(run.pid)/children
      kill -TERM $init; while grep -q 'SigPnd:.*[1-9a-f]\\|ShdPnd:.*[1-9a-f]' /proc/$init/status; do :; done
      kill -TERM $init; while test -e /proc/$init; do :; done; echo gone
      """)
    #expect(again.lines == ["gone"])
    #expect(run.finish().status == .exited(143))
  }
}
