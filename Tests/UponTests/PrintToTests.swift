import Testing

/// `print to=`: records on connections, and on the standard input of commands.
@Suite(.everyBackend) struct PrintToTests {
  @Test func `a connection is waited for, written whole, and ended with the last that prints to it`() throws {
    let run = try Shell.run(
      """
      (sleep 0.3; exec socat UNIX-LISTEN:s SYSTEM:'cat; echo end') &
      printf 'one\\ntwo\\n' | upon -q -o data stdin print to=db unix:s name=db on=line print file=out; cat out; wait
      """)
    #expect(run.lines == ["one", "two", "end"], "\(run)")
    #expect(run.errorText == "")
  }

  @Test func `a command reads what is printed to it, all of it and no more`() throws {
    let run = try Shell.run(
      "seq 300000 | upon -o data stdin print to=c run:'sleep 0.2; cksum' name=c; seq 300000 | cksum")
    #expect(run.lines.count == 2 && run.lines[0] == run.lines[1], "\(run)")
  }

  @Test func `a restarted command gets what was printed meanwhile`() throws {
    let run = try Shell.run(
      "{ echo a; sleep 0.2; echo b; } | upon -o data -n 2 stdin print to=c run:'read x; echo got $x' name=c restart retry=300ms on=line"
    )
    #expect(run.lines.filter { $0.hasPrefix("got") }.first == "got a", "\(run)")
  }

  @Test func `all clients of a listener hear what one says`() throws {
    let run = try Shell.run(
      """
      upon -q unix-listen:s name=room on=line print to=room & until test -S s; do sleep 0.01; done
      (sleep 0.8) | nc -NU s >a & (sleep 0.4; echo hello; sleep 0.4) | nc -NU s >b; kill %1; wait; cat a b
      """, in: "bash")
    #expect(run.lines == ["hello", "hello"], "\(run)")
  }

  /// Fields were taken for `to=`, and the whole record was written.
  @Test func `what is written has the fields that were asked for and no other`() throws {
    let run = try Shell.run(
      """
      upon every:10ms name=tick limit=2 print as=tsv fields=event,name to=a,b print as=json fields=number to=b \\
        run:'cat >a' name=a ignore run:'cat >b' name=b ignore
      cat a b
      """)
    #expect(
      run.lines == [
        "tick\ttick", "tick\ttick", "tick\ttick", #"{"number":1}"#, "tick\ttick", #"{"number":2}"#,
      ], "\(run)")
  }

  @Test(arguments: [
    ("stdin print to=nix", "'to=nix': no source has the name 'nix'"),
    (
      "stdin print to=rom tcp-listen:0 name=room",
      "'to=rom': no source has the name 'rom'; did you mean room?"
    ),
    ("stdin print to=t every:1s name=t", "'to=t': 't' has no connections"),
    ("every:1s print to=c run:cat name=c", "'to=c': 'tick' of 'every:1s' has no data"),
    ("stdin print to=c run:cat name=c stdin=none", "'stdin=none': print to=c writes"),
    ("stdin print to=c file=x run:cat name=c", "'file=x': has no effect beside 'to=c'"),
    ("stdin print to=a,,b", "'to=a,,b': expected names"),
    ("stdin print to=c fields=data run:cat name=c", "'fields=data': has no effect with as=data"),
  ])
  func `bad input is told`(words: String, message: String) throws {
    let run = try Shell.run("upon \(words)")
    #expect(run.status == .exited(64), "\(run)")
    #expect(run.errorText.hasPrefix("upon: \(message)"), "\(run)")
  }
}

/// `kill`: signals to the commands that run.
@Suite(.everyBackend) struct KillTests {
  static let server =
    #"trap "echo hup" HUP; trap "echo usr1" USR1; trap "echo term; exit 7" TERM; echo up; while :; do sleep 0.02; done"#

  @Test func `passes the event's own signal on, and is no end`() throws {
    let run = try Shell.start("exec upon start do '\(Self.server)' until=exit signal:HUP,USR1,TERM kill")
    for (number, text) in [(1, "hup"), (10, "usr1"), (1, "hup"), (15, "term")] {
      if number == 1, !run.output.text.contains("hup") { try #require(run.wait(for: "up\n") != nil) }
      run.raise(Int32(number))
      try #require(run.wait(for: text + "\n") != nil)
    }
    let end = run.finish()
    #expect(end.lines == ["up", "hup", "usr1", "hup", "term"], "\(end)")
    #expect(end.status == .exited(7))
  }

  @Test func `signal= is sent whatever signal the event is about`() throws {
    let run = try Shell.start("exec upon start do '\(Self.server)' until=exit signal:USR1 kill signal=TERM")
    try #require(run.wait(for: "up\n") != nil)
    run.raise(10)
    let end = run.finish()
    #expect(end.lines == ["up", "term"], "\(end)")
    #expect(end.status == .exited(7))
  }

  @Test func `to= chooses, signal= says which, and a restarted command comes back`() throws {
    let run = try Shell.run(
      """
      upon run:'exec sleep 1000' name=a restart retry=1ms on=exit run:'exec sleep 1001' name=b on=exit \
        every:50ms limit=2 kill to=a signal=USR1 after:300ms exit=0 ignore | jq -r '.name + " " + (.signal // "-")'
      """)
    #expect(run.lines.prefix(2) == ["a USR1", "a USR1"], "\(run)")
    #expect(run.lines.filter { $0 == "b USR1" } == [])
  }

  @Test(arguments: [
    ("every:1s kill", "'kill': nothing here runs a command"),
    ("start do true every:1s kill to=nobody", "'to=nobody': no source has the name 'nobody'"),
    ("start do true every:1s name=b kill to=b", "'to=b': no command runs for 'b'"),
    ("start do true every:1s kill signal=FOO", "'signal=FOO': expected a signal"),
  ])
  func `bad input is told`(words: String, message: String) throws {
    let run = try Shell.run("upon \(words)")
    #expect(run.status == .exited(64), "\(run)")
    #expect(run.errorText.hasPrefix("upon: \(message)"), "\(run)")
  }
}

/// `user=`, and what the kernel does not take as it stands.
@Suite struct CommandFileTests {
  @Test func `user= changes ids, groups and the environment`() throws {
    let run = try Shell.run(
      "upon start do 'id -u; id -G; echo $HOME $USER $LOGNAME' user=nobody dir=/; id -u")
    guard run.lines.last == "0" else {
      #expect(run.status == .exited(0))
      return
    }
    let expected = try Shell.run("id -u nobody; id -G nobody; getent passwd nobody | cut -d: -f6")
    #expect(run.lines.prefix(2) == expected.lines.prefix(2), "\(run)")
    #expect(run.lines[2] == "\(expected.lines[2]) nobody nobody")
  }

  @Test(arguments: [
    ("start do 'echo ran' do 'echo ran' user=no-such", "'user=no-such': there is no user 'no-such'"),
    ("start do 'echo ran' user=root:no-such", "'user=root:no-such': there is no group 'no-such'"),
    ("run:'echo ran' user=4294967296", "'user=4294967296': there is no user '4294967296'"),
  ])
  func `an unknown user or group is a usage error, and nothing runs`(words: String, message: String) throws {
    let run = try Shell.run("upon \(words)")
    #expect(run.status == .exited(64) && run.text == "", "\(run)")
    #expect(run.errorText == "upon: \(message)\n")
  }

  @Test func `who may not become the user gets 125 and nothing runs`() throws {
    let plain = try Shell.run(
      "chmod 755 .; cp \"$UPON\" /tmp/upon-user-$$ && chmod 755 /tmp/upon-user-$$; setpriv --reuid 65534 --regid 65534 --clear-groups /tmp/upon-user-$$ start do 'echo ran' user=root; s=$?; rm /tmp/upon-user-$$; exit $s"
    )
    #expect(plain.status == .exited(125), "\(plain)")
    #expect(plain.errorText == "upon: user=root: Operation not permitted\n")
  }

  @Test func `what is too long for the kernel is tried again without the data`() throws {
    let run = try Shell.run(
      #"ulimit -s 256; A=$(head -c 60000 /dev/zero | tr '\0' y); export A; B=$A upon stdin do 'echo "${UPON_DATA-none} $UPON_TRUNCATED"; wc -c' <big"#,
      directory: try Self.big())
    #expect(run.lines.map(\.folded) == ["none 1", "60001"], "\(run)")
  }

  private static func big() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(Array(repeating: UInt8(ascii: "x"), count: 60000) + [10], to: "big")
    return directory
  }

  @Test func `a program that names no interpreter is read by the shell`() throws {
    let run = try Shell.run(
      "printf 'echo script $1\\n' >p; chmod +x p; upon start -- ./p a; upon -q -1 start -- ./p b")
    #expect(run.lines == ["script a", "script b"], "\(run)")
  }

  @Test func `a program of a request that is not there is refused, and ends nothing`() throws {
    let run = try Shell.run(
      "upon --control unix:s & until test -S s; do sleep 0.01; done; uponctl s add start -- no-such-prog; echo $?; uponctl s list | jq -c .sources; uponctl s exit 3; wait $!; echo $?",
      in: "bash")
    #expect(run.lines == ["1", "[]", "3"] || run.lines.last == "3", "\(run)")
    #expect(run.errorText.contains("no-such-prog: No such file or directory"))
  }
}
