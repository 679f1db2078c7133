import Foundation
import Testing

/// uponctl with a running upon, as a user would use it.
@Suite struct UponctlTests {
  /// Runs `script` beside an upon with the socket `ctl`, which is ended behind it and whose output comes last.
  private static func run(_ script: String, upon: String = "", input: [UInt8] = []) throws -> Finished {
    try Shell.run(
      """
      exec 3<&0
      mkfifo pipe
      upon --control unix:ctl \(upon) > records 2>&1 &
      upon -1q -t 60s unix:ctl || exit
      { \(script)
      } <&3
      uponctl ctl exit 2> /dev/null
      wait
      cat records
      """, in: "bash", input: input)
  }

  // MARK: Rules

  @Test func `a rule is added and does its work`() throws {
    let run = try Self.run(
      "uponctl ctl add start do 'echo started; echo $UPON_NAME' name= 2>&1; uponctl ctl add start do 'echo started'"
    )
    #expect(run.lines.last == "started", "\(run)")
    #expect(run.text.hasPrefix("uponctl: "), "\(run)")
  }

  @Test func `words pass as they are`() throws {
    let run = try Self.run(
      #"""
      uponctl ctl add every:1h name=$'a "b" \\ \t\x01 é\u2028' do 'printf %s "-t"' jobs=2
      uponctl ctl add --replace -- every:1h name=-t
      uponctl ctl list | jq -c '.sources[].name'
      """#)
    #expect(run.lines.prefix(2) == [#""a \"b\" \\ \t\u0001 é\#u{2028}""#, #""-t""#], "\(run)")
  }

  /// The words were read by uponctl's own parser, which took -t for its timeout.
  @Test func `words of add that uponctl has too are upon's`() throws {
    let run = try Self.run("uponctl ctl add -t 5s every:1h; echo $?")
    #expect(
      run.errorText == "uponctl: '-t': options belong to the command line of upon, not to a rule\n", "\(run)")
    #expect(run.lines.first == "1", "\(run)")
  }

  @Test(arguments: [
    ("ctl ls", "unknown command 'ls'; did you mean list?"),
    ("ctl rm x", "unknown command 'rm'; did you mean remove?"),
    ("ctl stop", "unknown command 'stop'; did you mean exit?"),
    ("ctl lst", "unknown command 'lst'; did you mean list?"),
    ("list", "'list': PATH comes first, uponctl PATH list"),
    ("-t 5s list", "'list': PATH comes first, uponctl PATH list"),
    ("list ctl", "'list': PATH comes first, uponctl ctl list"),
  ])
  func `what was meant is told`(words: String, message: String) throws {
    let run = try Shell.run("uponctl \(words)")
    #expect(run.status == .exited(64), "\(run)")
    #expect(run.errorText == "uponctl: \(message)\n", "\(run)")
  }

  @Test func `-V prints the version`() throws {
    let run = try Shell.run("uponctl -V; uponctl --version")
    #expect(run.lines.count == 2 && run.lines[0] == run.lines[1], "\(run)")
    #expect(run.lines[0].hasPrefix("uponctl "), "\(run)")
  }

  @Test func `a name that is nearly right is answered with the one that was meant`() throws {
    let run = try Self.run(
      "uponctl ctl add every:1h name=beat; uponctl ctl trigger bea; uponctl ctl trigger nothing")
    #expect(
      run.errorText == """
        uponctl: no source has the name 'bea'; did you mean beat?
        uponctl: no source has the name 'nothing'

        """, "\(run)")
  }

  @Test func `a word that is no UTF-8 is refused`() throws {
    let run = try Shell.run(#"uponctl ctl add $'every:1s\xff'"#, in: "bash")
    #expect(run.status == .exited(64), "\(run)")
    #expect(run.errorText == "uponctl: 'every:1s\u{FFFD}': an argument that is not UTF-8 cannot be sent\n")
  }

  @Test func `what upon says of a rule is told in one line, with status 1`() throws {
    let run = try Self.run(
      "uponctl ctl add evry:1s 2>&1; echo $?; uponctl ctl add every:1s --frob 2>&1; echo $?")
    #expect(run.lines.count == 4, "\(run)")
    #expect(try run.lines[0].wholeMatch(of: Regex("uponctl: 'evry:1s': .*every.*")) != nil, "\(run)")
    #expect(try run.lines[2].wholeMatch(of: Regex("uponctl: '--frob'.*")) != nil, "\(run)")
    #expect([run.lines[1], run.lines[3]] == ["1", "1"], "\(run)")
  }

  @Test func `a name in use is refused and can be replaced`() throws {
    let run = try Self.run(
      """
      uponctl ctl add every:1h name=beat; echo $?
      uponctl ctl add every:2h name=beat 2> /dev/null; echo $?
      uponctl ctl add --replace every:2h name=beat; echo $?
      uponctl ctl list | jq -r '.sources | length'
      """)
    #expect(run.lines == ["0", "1", "0", "1"], "\(run)")
  }

  @Test func `several names are asked for one after the other`() throws {
    let run = try Self.run(
      """
      uponctl ctl remove a nobody c 2>&1; echo $?
      uponctl ctl list | jq -r '.sources[].name'
      """, upon: "every:1h name=a every:2h name=b every:3h name=c")
    #expect(run.lines.count == 3, "\(run)")
    #expect(run.lines.first?.contains("nobody") == true, "\(run)")
    #expect(run.lines.suffix(2) == ["1", "b"], "\(run)")
  }

  @Test func `sources are paused and resumed`() throws {
    let run = try Self.run(
      """
      uponctl ctl pause beat; uponctl ctl list | jq -r '.sources[].state'
      uponctl ctl resume beat; uponctl ctl list | jq -r '.sources[].state'
      """, upon: "every:1h name=beat")
    #expect(run.lines == ["paused", "armed"], "\(run)")
  }

  @Test func `an event is fired by hand, with data`() throws {
    let run = try Self.run(
      "uponctl ctl trigger beat; uponctl ctl trigger --data='-t é' fd:4",
      upon: "every:1h name=beat fd:4 4<> pipe")
    #expect(run.records.map(\.event) == ["tick", "line"], "\(run)")
    #expect(run.records.last?.data == "-t é")
    #expect(run.lines.allSatisfy { $0.contains(#""triggered":true"#) })
  }

  // MARK: Answers

  @Test func `list is JSON where standard output is no terminal, and a table on request`() throws {
    let run = try Self.run(
      """
      uponctl ctl list | jq -c 'keys_unsorted'
      uponctl ctl list --json | jq -r '.sources[0] | keys_unsorted[:3] | join(" ")'
      uponctl unix:ctl list --table | sed 's/  *[^ ]*Z.*//'
      """, upon: "every:1h 'name=two words' signal:USR1")
    #expect(run.lines[0] == #"["sources","commands","connections"]"#, "\(run)")
    #expect(run.lines[1] == "name kind state", "\(run)")
    #expect(run.lines[2].hasPrefix("NAME         KIND    STATE  EVENTS  ARMED"), "\(run)")
    #expect(
      run.lines[3...] == ["two words    every   armed       0", "signal:USR1  signal  armed       0"],
      "\(run)")
  }

  @Test func `list is a table on a terminal`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start(
      "upon -q --control unix:ctl every:1h & upon -1q unix:ctl && echo up; wait", directory: directory)
    try #require(upon.wait(for: "up\n") != nil)
    let table = try Shell.terminal(["uponctl", "ctl", "list"], directory: directory)
    #expect(table.wait(for: "NAME      KIND") != nil)
    let json = try Shell.terminal(["uponctl", "ctl", "list", "--json"], directory: directory)
    #expect(json.wait(for: #"{"sources":[{"name":"every:1h""#) != nil)
  }

  @Test func `stats are JSON, or lines of key and value`() throws {
    let run = try Self.run("uponctl ctl stats | jq -e 'type'; uponctl ctl stats --table | head -n 1")
    #expect(run.lines.first == #""object""#, "\(run)")
    #expect(try run.lines[1].wholeMatch(of: Regex("[a-z_.]+  +[^ ].*")) != nil, "\(run)")
  }

  @Test func `exit ends upon with its status`() throws {
    let run = try Shell.run(
      "upon --control unix:@upon-test-$$ & while ! uponctl @upon-test-$$ exit 7 2> errors; do sleep 0.1; done; wait $!",
      in: "bash")
    #expect(run.status == .exited(7), "\(run)")
  }

  /// A server as anybody could put it where others can write; it notes what it is sent.
  private static let stranger = """
    import os, socket, sys
    s = socket.socket(socket.AF_UNIX)
    if len(sys.argv) > 1: os.setgroups([]); os.setresgid(*[int(sys.argv[1])] * 3); os.setresuid(*[int(sys.argv[1])] * 3)
    s.bind("ctl"); s.listen()
    print("up", flush=True)
    client = s.accept()[0]; received = client.recv(100)
    print("sent", len(received), flush=True)
    client.sendall(b'{"ok":true,"id":1,"sources":[],"commands":[],"connections":[]}\\n')
    """

  @Test(arguments: [("", "0", 0, true), ("65534", "65534", 125, false)])
  func `a server of another user than one's own or root is refused before anything is sent`(
    user: String, uid: String, status: Int32, isTold: Bool
  ) throws {
    let directory = try TemporaryDirectory()
    try directory.write(Self.stranger.utf8, to: "server.py")
    let server = try Shell.start("chmod 777 .; exec python3 server.py \(user)", directory: directory)
    try #require(server.wait(for: "up\n") != nil)
    let run = try Shell.run("uponctl ctl list --json", directory: directory)
    #expect(run.status == .exited(status), "\(run)")
    #expect(
      run.errorText
        == (isTold
          ? "" : "uponctl: ctl: it is served by user 65534, and not by you or root; nothing was sent\n"))
    #expect(server.wait(for: isTold ? "sent 21\n" : "sent 0\n") != nil, "\(server.output.text)")
  }

  // MARK: Connections

  @Test func `a line or standard input goes to a connection, and it is closed`() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let run = try Self.run(
      """
      upon -o data unix:door frame=chunk > got &
      until uponctl ctl list | jq -e '.connections[0]' > connected; do sleep 0.1; done
      uponctl ctl send 1 -- '-t é'; uponctl ctl send -n unix-listen:door 'two '; uponctl ctl send 1
      uponctl ctl close 1; uponctl ctl close 9 2>&1; echo $?
      wait $!
      cksum < got
      """, upon: "-q unix-listen:door", input: bytes)
    #expect(run.lines.count == 3, "\(run)")
    #expect(run.lines[0].hasPrefix("uponctl: ") && run.lines[1] == "1", "\(run)")
    let sum = try Shell.run("cksum", input: Array("-t é\ntwo ".utf8) + bytes)
    #expect(run.lines[2] + "\n" == sum.text, "\(run)")
  }

  // MARK: Requests as they are

  @Test func `requests pass from standard input, with or without a last line end`() throws {
    let run = try Self.run(
      """
      printf '{"add":["every:1h"],"id":"a"}\\n{"list":true,"id":2}' | uponctl ctl -; echo $?
      printf '{"add":["every:1h"]}\\nnonsense\\n' | uponctl ctl -; echo $?
      """)
    let answers = run.records
    #expect(answers.map { $0.text("id") } == ["a", "", "", ""], "\(run)")
    #expect(run.lines[2] == "0" && run.lines[5] == "1", "\(run)")
    #expect(answers.suffix(2).allSatisfy { $0.has("error") }, "\(run)")
  }

  @Test func `answers come while standard input is open`() throws {
    let directory = try TemporaryDirectory()
    let upon = try Shell.start(
      "upon -q --control unix:ctl & upon -1q unix:ctl && uponctl ctl -; wait", directory: directory)
    upon.send("{\"list\":true,\"id\":1}\n")
    #expect(upon.wait(for: "\"id\":1") != nil)
    upon.send("{\"exit\":0,\"id\":2}\n")
    #expect(upon.wait { upon.isOver }, "the end of upon ends it too")
    #expect(upon.finish().status == .exited(0))
  }

  @Test func `a megabyte of requests passes`() throws {
    let run = try Self.run(
      """
      yes '{"list":true,"id":1}' | head -n 50000 | uponctl ctl - | wc -l
      """)
    #expect(run.lines == ["50000"], "\(run)")
  }

  // MARK: What goes wrong

  @Test(arguments: [
    ("uponctl", "missing expected argument '<PATH>'"),
    ("uponctl ctl", "a command is missing behind 'ctl'; uponctl --help lists them"),
    ("uponctl ctl lisst", "unknown command 'lisst'; did you mean list?"),
    ("uponctl ctl add", "missing expected argument '<WORD> ...'"),
    ("uponctl ctl list x", "unexpected argument 'x'"),
    ("uponctl ctl list --jso", "unknown option '--jso'. Did you mean '--json'?"),
    ("uponctl ctl list --json --table", "--json and --table exclude each other"),
    ("uponctl -t 5x ctl list", "--timeout '5x': expected a duration such as 500ms, 5s or 2m"),
    ("uponctl -t 0 ctl list", "--timeout '0': expected a duration such as 500ms, 5s or 2m"),
    ("uponctl '' list", "'': expected the path of a socket"),
    ("uponctl unix: list", "'unix:': expected the path of a socket"),
    (
      "uponctl $(printf %0120d 0) list",
      "'\(String(repeating: "0", count: 77))...': a socket's address holds 107 bytes, not 120"
    ),
    ("uponctl ctl exit 256", "'256': expected a status from 0 to 255"),
    ("uponctl ctl send 1 -n", "-n is for TEXT; standard input is sent as it is"),
  ])
  func `wrong arguments are told in one line, with status 64`(command: String, message: String) throws {
    let run = try Shell.run(command)
    #expect(run.status == .exited(64), "\(run)")
    #expect(run.errorText == "uponctl: \(message)\n")
    #expect(run.text == "")
  }

  @Test(arguments: [
    ("uponctl nobody list", "nobody answers at nobody: No such file or directory"),
    ("uponctl unix:nobody -", "nobody answers at unix:nobody: No such file or directory"),
    ("uponctl @upon-test-nobody list", "nobody answers at @upon-test-nobody: Connection refused"),
    ("> file; uponctl file list", "nobody answers at file: Connection refused"),
  ])
  func `nobody there is status 125`(command: String, message: String) throws {
    let run = try Shell.run(command)
    #expect(run.status == .exited(125), "\(run)")
    #expect(run.errorText == "uponctl: \(message)\n")
  }

  /// Starts a server that is no upon, and then runs uponctl.
  private static func meet(_ server: String, _ command: String) throws -> Finished {
    try Shell.run(
      "upon -q unix-listen:other \(server) & upon -1q unix:other; \(command); kill $!", in: "bash")
  }

  @Test func `no answer in time is status 124`() throws {
    let run = try Self.meet("", "uponctl -t 200ms other list; echo $?")
    #expect(run.text == "124\n", "\(run)")
    #expect(run.errorText == "uponctl: other: no answer within 200ms\n")
  }

  @Test func `a socket that takes no more clients is status 124`() throws {
    let server = """
      import socket, time
      full = socket.socket(socket.AF_UNIX); full.bind("full"); full.listen(0)
      client = socket.socket(socket.AF_UNIX); client.connect("full")
      print("full", flush=True); time.sleep(120)
      """
    let run = try Shell.run(
      "exec 3< <(exec python3 -c '\(server)'); read -r -u 3; uponctl -t 200ms full list; echo $?; kill $!",
      in: "bash")
    #expect(run.text == "124\n", "\(run)")
    #expect(run.errorText == "uponctl: full: no answer within 200ms\n")
  }

  @Test func `a connection that is lost and an answer that is none are status 125`() throws {
    let lost = try Self.meet("do true", "uponctl other list; echo $?")
    #expect(lost.text == "125\n", "\(lost)")
    #expect(lost.errorText.hasPrefix("uponctl: other: "), "\(lost)")
    let strange = try Self.meet("do 'head -n 1; cat'", "uponctl other list; echo $?")
    #expect(strange.text == "125\n", "\(strange)")
    #expect(strange.errorText == "uponctl: other: what came is no answer of upon\n")
  }

  @Test func `options of the parser among the words of a rule are words`() throws {
    let run = try Self.run(
      "uponctl ctl add start do true --help --generate-completion-script bash 2>&1; uponctl ctl add -h | head -n 1"
    )
    #expect(run.lines.first?.hasPrefix("uponctl: '--help'") == true, "\(run)")
    #expect(run.lines.last?.hasPrefix("OVERVIEW: ") == true, "\(run)")
  }
}
