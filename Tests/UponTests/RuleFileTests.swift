import Foundation
import Testing

/// `-f FILE`: rules and options that are read from files.
@Suite struct RuleFileTests {
  @Test func `words of a file stand where its option stands, options and a program among them`() throws {
    let run = try Shell.run(
      #"""
      cat > rules <<'end'
      # three ticks, as columns
      -o tsv -n 3
      every:10ms name='a b' \
        on=tick
      -- sh -c "echo \"\$0\" \$UPON_SEQ $*" 'it'"'s"
      end
      printf 'after:0 name=%s ignore\n' first > first
      upon -f first -f rules more words
      """#)
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.lines == ["it's 3 more words"])
    let check = try Shell.run(
      """
      printf 'every:1s\\n' > a; printf 'do date\\n' > b; printf -- '-f a -f b\\n-q' > c
      upon --check -f c; upon --check -f a -f b -q; upon --check every:1s -f b -q; upon --check -fc
      upon --check --file=c; upon --check --file c; printf 'every:1s' | upon --check -q -f - -f b
      """)
    #expect(check.errorText == "")
    let line = "every:1s name=every:1s on=tick do date jobs=1 grace=5s stop=TERM shell=/bin/sh stdin=data"
    #expect(check.lines == (1...7).flatMap { _ in ["-q", line] }, "\(check)")
  }

  @Test func `a script begins with env -S upon -f, and takes arguments for its program`() throws {
    let run = try Shell.run(
      """
      printf '#!/usr/bin/env -S upon -f\\n-1 after:10ms -- printf "%%s.\\\\n"' > wait; chmod +x wait
      ./wait 'a b' -t c
      printf '#!/usr/bin/env -S upon -f\\nevery:1h do date\\nafter:0 do "echo \\$UPON_NAME"\\n' > run; chmod +x run
      ./run -1 -t 5s; ./run --check -q | head -n 1
      """)
    #expect(run.lines == ["a b.", "-t.", "c.", "after:0", "-q"], "\(run)")
    #expect(run.errorText == "")
  }

  @Test func `behind a file options may stand again, and nothing is an argument of its last command`() throws
  {
    let run = try Shell.run(
      """
      printf 'every:1s do ./a' > a; printf 'every:2s do ./b\\n' > b
      upon -f a -t 1s -f b -q --check | cut -d ' ' -f 1-4
      upon -f a word; upon -f a start --check; upon --check -f a jobs=3 | grep -o 'jobs=.'
      printf 'every:1s do ./a -q' > c; upon -f c -q; printf 'every:1s do ./a start' > d; upon -f d every:2s
      """)
    #expect(
      run.lines.prefix(3) == [
        "-t 1s -q", "every:1s name=every:1s on=tick do", "every:2s name=every:2s on=tick do",
      ])
    #expect(run.lines.last == "jobs=3", "\(run)")
    #expect(
      run.errorText == """
        upon: 'word': unknown word; upon --help shows the grammar
        upon: c:1: '-q' stands after do: quote the whole command, do './a -q'
        upon: d:1: 'start' stands after do ./a: quote the whole command, do './a start', or give the source start an action

        """)
  }

  @Test(arguments: [
    ("every:5s\nevry:5s\n", "rules:2: 'evry:5s': unknown kind 'evry'; did you mean every:5s?"),
    ("\n\nevery:5s do 'a\nb\n", "rules:3: the quote ' that opens here is not closed"),
    (
      "every:5s name=a\nevery:6s\nname=a",
      "rules:3: 'name=a': 'every:5s' has that name already; names are unique"
    ),
    ("-t\n5x every:1s", "rules:1: '-t 5x': unknown unit 'x'; expected us, ms, s, m, h, d or w"),
    ("# nothing\n", "rules:1: expected a source, such as every:5s or stdin; upon --help shows the grammar"),
    ("-q\n-q every:1s", "rules:2: '-q': -q stands twice"),
    ("every:1s\n--", "rules:2: '--': expected PROGRAM after it"),
    ("every:1s\n-e", "rules:2: '-e': has no effect without a command"),
    ("\n-o\ntsv=no every:1s", "rules:2: '-o tsv=no': no source here has a field 'no'"),
    (
      "every:1s do x\n--\ny",
      "rules:3: 'y': has no effect: every rule has an action, and there is no -1, -n or -a"
    ),
    ("every:1s\n-f rules", "rules:2: '-f rules': stands twice"),
    ("every:1s\n-f no", "rules:2: -f no: No such file or directory"),
    ("--control unix:s\nstdin or -q", "rules:2: 'or': expected a source after it"),
  ])
  func `a mistake is told with its file and line, and nothing is run`(text: String, expected: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write(text.utf8, to: "rules")
    for line in ["upon --check -f rules", "upon -f rules", "upon --next 2 -f rules"] {
      let run = try Shell.run(line, directory: directory)
      #expect(run.status == .exited(64), "\(run)")
      #expect(run.errorText.hasPrefix("upon: \(expected)"), "\(run)")
      #expect(run.errorText.utf8.count { $0 == 10 } == 1 && run.output.isEmpty, "\(run)")
    }
  }

  @Test func `a file that cannot be read is told with the reason`() throws {
    let run = try Shell.run(
      """
      mkdir dir; upon -f no; upon -f dir; upon -f /proc/self/mem; upon -f; upon -f ''; upon -f /dev/null
      upon -f no/dir -f x; upon --check -f no; upon --next 1 -f no; upon -f dir --help | head -n 1
      """)
    #expect(
      run.errorText == """
        upon: -f no: No such file or directory
        upon: -f dir: Is a directory
        upon: -f /proc/self/mem: Input/output error
        upon: '-f': expected a value after it: a file, or - for standard input
        upon: '-f ': expected a file, or - for standard input
        upon: /dev/null:1: expected a source, such as every:5s or stdin; upon --help shows the grammar
        upon: -f no/dir: No such file or directory
        upon: -f no: No such file or directory
        upon: -f no: No such file or directory
        upon: -f dir: Is a directory

        """, "\(run)")
  }

  @Test func `eight megabytes are read, and not a byte more`() throws {
    let run = try Shell.run(
      """
      { printf 'after:0 do "echo fired"\\n#'; head -c 8388583 /dev/zero | tr '\\0' x; } > most
      wc -c < most; upon -f most; printf x >> most; upon -f most; echo $?; upon -f /dev/zero
      """)
    #expect(run.lines == ["8388608", "fired", "64"], "\(run)")
    #expect(
      run.errorText == "upon: -f most: is longer than 8 MiB\nupon: -f /dev/zero: is longer than 8 MiB\n")
  }

  @Test func `a pipe is read to its end, and so is standard input that is not taken by anything else`() throws
  {
    let run = try Shell.run(
      """
      mkfifo pipe; upon -o data -f pipe < <(echo line) & { echo 'stdin'; sleep 0.1; echo 'match=li'; } > pipe; wait
      upon -o data -f <(echo stdin) < <(echo other)
      { sleep 0.1; echo 'after:0 do "echo hi"'; } | upon -f -
      for rest in stdin fd:0 paths:- '--control stdin start' 'start do cat stdin=inherit' 'run:cat stdin=inherit'; do
        echo after:0 | upon -f - $rest
      done; echo after:0 | upon -f - -f -; echo after:0 | upon --control unix:s -f - stdin
      """, in: "bash")
    #expect(run.lines == ["line", "other", "hi"], "\(run)")
    #expect(
      run.errorText == """
        upon: 'stdin': rules come from there, by -f -
        upon: 'fd:0': rules come from there, by -f -
        upon: 'paths:-': rules come from there, by -f -
        upon: '--control stdin': rules come from there, by -f -
        upon: 'stdin=inherit': rules come from standard input, by -f -
        upon: 'stdin=inherit': rules come from standard input, by -f -
        upon: '-f -': stands twice
        upon: 'stdin': rules come from there, by -f -

        """)
  }

  @Test func `a time that has passed is told, and no mistake of a file`() throws {
    let run = try Shell.run(
      """
      printf 'at:2020-01-01T10:00Z name=past\\nafter:0 name=now' > rules; upon -o tsv -f rules; echo $?
      upon --next 1 -f rules -o tsv | cut -f 2; upon at:2020-01-01T10:00Z; echo $?
      """)
    #expect(run.lines == ["now\ttimeout\t", "0", "now", "64"], "\(run)")
    let told = run.errorText.split(separator: "\n")
    #expect(told.first?.hasPrefix("upon: past: it has passed: it is ") == true)
    #expect(told.count == 2 && told.last?.hasPrefix("upon: 'at:2020-01-01T10:00Z': it has passed") == true)
  }

  @Test func `what comes with an event is not read as words`() throws {
    let run = try Shell.run(
      """
      printf 'stdin do "cat; echo \\\\"\\$UPON_DATA\\\\""' > rules
      printf '%s\\n' '-f /etc/passwd' "'" 'do $(touch ran)' | upon -f rules; ls
      """)
    #expect(
      run.lines == [
        "-f /etc/passwd", "-f /etc/passwd", "'", "'", "do $(touch ran)", "do $(touch ran)", "rules",
      ], "\(run)")
  }
}

/// What the manual shows of files of rules.
@Suite struct RuleFileManualTests {
  /// The literal blocks of the section, in their order.
  private func blocks() throws -> [String] {
    let page = Shell.repository.appendingPathComponent("man/upon.1")
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = text.components(separatedBy: ".Sh RULES IN FILES\n").last?.components(separatedBy: "\n.Sh ")
      .first
    return (section ?? "").components(separatedBy: ".Bd -literal -offset indent\n").dropFirst().map {
      $0.components(separatedBy: ".Ed").first?.replacing("\\e", with: "\\") ?? ""
    }
  }

  @Test func `the script is one`() throws {
    let directory = try TemporaryDirectory()
    try directory.write(try blocks()[0].replacing("/run/upon.sock", with: "ctl").utf8, to: "script")
    let run = try Shell.run(
      "chmod +x script; ./script --check; ./script --next 1 -o tsv", directory: directory)
    #expect(run.errorText == "", "\(run)")
    #expect(run.lines.count == 4 && run.lines.first == "--control unix:ctl", "\(run)")
    #expect(
      run.lines[1].contains(" do './backup --all' ")
        && run.lines[3].contains("T04:30:00") && run.lines[3].hasSuffix("\tbackup"))
    #expect(run.lines[2].contains(#" do 'mail -s "login on $(hostname)" root' "#))
  }

  @Test func `a mistake is told as it is shown`() throws {
    let run = try Shell.run("{ seq 6 | sed 's/^/#/'; echo evry:5s; } > upon.rules; upon -f upon.rules")
    #expect(try run.errorText == blocks()[1])
  }

  /// Whether a manager knows notify-reload is its own affair.
  @Test func `the unit before version 253 is one that systemd takes`() throws {
    let directory = try TemporaryDirectory()
    let unit = try blocks()[3].replacing("/usr/local/bin/upon", with: Shell.binary.path)
    try directory.write(unit.utf8, to: "upon.service")
    let run = try Shell.run(
      "systemd-analyze verify ./upon.service 2>&1 | grep upon.service", directory: directory)
    #expect(run.output.isEmpty, "\(run)")
    #expect(
      try blocks()[2] == blocks()[3].replacing("notify", with: "notify-reload").split(separator: "\n")
        .dropLast()
        .joined(separator: "\n") + "\n")
  }

  /// Process 1 of a namespace stands in for the container.
  @Test func `the entry point of a container reads its file again, and ends by TERM`() throws {
    #expect(try blocks()[4].contains(#"ENTRYPOINT ["upon","-f","/etc/upon.rules"]"#))
    let run = try Shell.run(
      """
      echo 'start name=one' > rules; echo every:1h >> rules
      unshare -rpf --mount-proc upon -o tsv -v -f rules > out 2> log & outside=$!
      until grep -q one out; do sleep 0.01; done; inside=$(pgrep -P $outside)
      echo 'after:0 name=two' > rules; echo every:1h >> rules; kill -HUP $inside
      until grep -q two out; do sleep 0.01; done; kill -TERM $inside; wait $outside; echo $?; cat out
      grep reloaded log
      """)
    #expect(
      run.lines == ["143", "one\tstart\t", "two\ttimeout\t", "upon: reloaded; added two; removed one"],
      "\(run)")
  }
}
