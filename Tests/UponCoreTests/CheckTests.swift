import Testing

@testable import UponCore

@Suite struct CheckTests {
  private func check(_ words: [Word]) throws(UsageError) -> String {
    String(decoding: Help.check(try Parser.parse(words)), as: UTF8.self)
  }

  private func check(_ line: String) throws(UsageError) -> String {
    try check(line.split(separator: " ").map { Word(String($0)) })
  }

  /// The words of a text as a POSIX shell splits it.
  private func words(_ text: [UInt8]) -> [Word] {
    var words: [Word] = []
    var word: [UInt8]?
    var isQuoted = false
    var isEscaped = false
    for byte in text {
      if isEscaped {
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if byte == UInt8(ascii: "'") {
        isQuoted.toggle()
        word = word ?? []
      } else if byte == UInt8(ascii: "\\"), !isQuoted {
        isEscaped = true
      } else if [UInt8(ascii: " "), UInt8(ascii: "\n")].contains(byte), !isQuoted {
        if let done = word { words.append(Word(done)) }
        word = nil
      } else {
        word = (word ?? []) + [byte]
      }
    }
    return words
  }

  @Test(arguments: [
    ("every:1s", "every:1s name=every:1s on=tick print as=json\n"),
    (
      "stdin idle=90 do x print every:5m now name=five ignore",
      """
      stdin name=stdin frame=line max=1M idle=1m30s do x jobs=1 grace=5s stop=TERM shell=/bin/sh stdin=data print as=json
      every:5m name=five now on=tick ignore

      """
    ),
    (
      "tcp-listen:80 connections=5 do ./h",
      "tcp-listen:80 name=tcp-listen:80 backlog=4096 connections=5 on=accept do ./h jobs=5 grace=5s stop=TERM "
        + "shell=/bin/sh stdin=data\n"
    ),
    (
      "unix-listen:s frame=chunk",
      "unix-listen:s name=unix-listen:s backlog=4096 mode=600 frame=chunk max=1M on=accept,data,close "
        + "print as=json\n"
    ),
    ("stdin frame=none", "stdin name=stdin frame=none on=readable print as=json\n"),
    ("stdin write once", "stdin name=stdin write on=writable once print as=json\n"),
    (
      "fd:3 max=65536 or start",
      "fd:3 name=fd:3 frame=line max=64K on=line or start name=start on=start print as=json\n"
    ),
    (
      "-o tsv -q -t 90 stdin", "-o tsv -t 1m30s -q\nstdin name=stdin frame=line max=1M on=line print as=tsv\n"
    ),
    ("-1 signal:HUP -- psql -h db", "-1\nsignal:HUP name=signal:HUP on=signal ignore\n-- psql -h db\n"),
    ("after:1 exit=timeout:3 -- x", "after:1 name=after:1 on=timeout exit=timeout:3\n-- x\n"),
    (
      "every:1s debounce=1,60 ",
      "every:1s name=every:1s on=tick debounce=1s,1m print as=json\n"
    ),
  ])
  func `A rule is printed with every default`(line: String, text: String) throws {
    #expect(try check(line) == text)
  }

  @Test func `Words are quoted for the shell`() throws {
    let text = try check(["every:1s", "name=it's", "do", "echo $UPON_SEQ", "print", "file=a b"])
    #expect(
      text == """
        every:1s 'name=it'\\''s' on=tick do 'echo $UPON_SEQ' jobs=1 grace=5s stop=TERM shell=/bin/sh stdin=data print as=json 'file=a b'

        """)
    #expect(Word("").shell == Array("''".utf8))
  }

  @Test(arguments: [
    "every:1s", "stdin match=ERROR do ./alert", "stdin idle=60s on=idle do ./page",
    "signal:HUP or every:1h do ./reload signal:TERM exit=0 do ./cleanup",
    "-1 -t 30s signal:USR1 -- psql -h db",
    "-1 -o tsv fd:3 after:10s", "start or signal:USR1 do ./server", "stdin idle=1s on=+end do x print",
    "stdin frame=nul max=3 limit=2 stdin on=all print as=data file=x",
    "-a -e -v --stats --ready-fd 3 stdin do x",
    "stdin match=a or stdin match=b unmatch=c", "every:0.1us jitter=1h1us debounce=1,2 now",
    "stdin idle=1s throttle=0.5 every:1s do x -- y", "-n 7 after:inf or finish",
  ])
  func `What is printed gives the same when it is read again`(line: String) throws {
    let first = Help.check(try Parser.parse(line: line))
    let again = try Parser.parse(words(first))
    #expect(Help.check(again) == first)
  }

  @Test func `Random rules survive being printed and read`() {
    let vocabulary = [
      "or", "do", "print", "ignore", "-q", "-1", "-t5", "--", "x y", "every:1s", "every:2.5s", "signal:HUP",
      "stdin", "fd:0",
      "now", "once", "limit=3", "on=+end", "on=all", "exit=3", "name=it's", "frame=none", "idle=1s", "max=1K",
      "match=a",
      "as=tsv", "stdin=none", "debounce=1s,2s", "write",
    ].map { Word($0) }
    var random = Repeatable(5)
    var count = 0
    for _ in 0..<20_000 {
      let typed = (0..<Int.random(in: 1...7, using: &random)).map { _ in
        vocabulary.randomElement(using: &random)!
      }
      guard let first = try? Parser.parse(typed) else { continue }
      let text = Help.check(first)
      guard let second = try? Parser.parse(words(text)) else {
        Issue.record("\(typed.map(\.text)) gave \(String(decoding: text, as: UTF8.self))")
        continue
      }
      #expect(Help.check(second) == text)
      #expect(second.sources.map(\.name) == first.sources.map(\.name))
      #expect(
        second.rules.map { $0.bindings.map(\.delivered) } == first.rules.map { $0.bindings.map(\.delivered) })
      count += 1
    }
    #expect(count > 500)
  }
}
