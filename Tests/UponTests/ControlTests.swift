import Foundation
import Testing

/// Requests and answers on standard input and output.
@Suite(.everyBackend) struct ControlTests {
  /// Runs upon with these requests as its standard input.
  private func run(_ requests: [String], _ arguments: String = "", setup: String = "") throws -> Finished {
    let text = requests.map { $0 + "\n" }.joined()
    return try Shell.run("\(setup)\nexec upon --control stdin \(arguments)", input: Array(text.utf8))
  }

  @Test func `requests with an id are answered in order, and those that fail`() throws {
    let run = try run([
      #"{"list":true,"id":1}"#, #"{"add":["every:1h","name=a"]}"#, #"{"remove":"b"}"#,
      #"{"remove":"a","id":"x"}"#,
    ])
    #expect(run.replies.map(\.isOK) == [true, false, true], "\(run)")
    #expect(run.replies.map { $0.has("id") } == [true, false, true])
    #expect(run.replies[1].error == "no source has the name 'b'")
    #expect(
      run.lines[1].hasSuffix(
        #""name":"stdin","kind":"control","event":"reply","count":1,"ok":false,"error":"no source has the name 'b'"}"#
      ))
    #expect(run.replies.allSatisfy { $0.number("seq") == 0 && $0.has("time") })
    #expect(run.status == .exited(0))
  }

  @Test(arguments: [
    "1", "-1.5", "1e+20", "null", "true", #""""#, #""ü\"""#, "[]", "{}", #"[1,[2,{"a":null}],"x"]"#,
  ])
  func `an id may be any value and comes back`(id: String) throws {
    let run = try run([#"{"list":true,"id":\#(id)}"#])
    #expect(run.lines.first?.contains(#""ok":true,"id":\#(id),"#) ?? false, "\(run)")
  }

  @Test func `answers have the form of the other records`() throws {
    let requests = [#"{"exit":300}"#]
    let error = "'exit': expected a status from 0 to 255"
    #expect(
      try run(requests, "-o tsv").text == #"stdin\#treply\#t{"ok":false,"error":"\#(error)"}\#n"#)
    #expect(try run(requests, "-o data -q").text == #"{"ok":false,"error":"\#(error)"}\#n"#)
    #expect(try run(requests, "-q").replies.first?.error == error)
  }

  @Test func `add takes the words of a rule and tells what is wrong in the same words`() throws {
    let run = try run([
      #"{"add":["every:1h","or","after:2h","name=b","do","true"],"id":1}"#, #"{"add":["evry:5s"]}"#,
      #"{"add":["every:1h"]}"#, #"{"add":["-q","every:1s"]}"#, #"{"add":["every:1s","jobs=2"]}"#,
      #"{"add":["stdin"]}"#, #"{"add":["fd:9"]}"#, #"{"add":["every:1s","do","x","stdin=inherit"]}"#,
      #"{"add":["start","print","file=/nowhere/x"]}"#, #"{"list":true,"id":2}"#,
    ])
    #expect(run.replies[0].texts("names") == ["every:1h", "b"])
    #expect(
      run.replies.dropFirst().dropLast().map(\.error) == [
        "'evry:5s': unknown kind 'evry'; did you mean every:5s?",
        "'every:1h': a source has that name already",
        "'-q': options belong to the command line of upon, not to a rule",
        "'jobs=2': a setting of a command; put it after do COMMAND",
        "'stdin': requests come from there, by --control", "fd:9: descriptor 9 is closed",
        "'stdin=inherit': requests come from standard input, by --control",
        "/nowhere/x: No such file or directory",
      ], "\(run)")
    #expect(run.replies.last?.list("sources").map { $0["name"] as? String } == ["every:1h", "b"])
  }

  /// A descriptor of upon's own must not be taken for one of the caller.
  @Test func `no descriptor but those of the caller can be watched`() throws {
    let requests = (3...12).map { #"{"add":["fd:\#($0)","frame=none"],"id":"\#($0)"}"# }
    let run = try run(requests, setup: "exec 5<>fifo", fifo: true)
    #expect(run.replies.filter(\.isOK).map { $0.text("id") } == ["5"], "\(run)")
  }

  private func run(_ requests: [String], setup: String, fifo: Bool) throws -> Finished {
    try run(requests, "", setup: "mkfifo fifo\n" + setup)
  }

  @Test func `an event can be fired by hand, on the way of all others`() throws {
    let run = try run(
      [
        #"{"trigger":"in","data":"a b"}"#, #"{"trigger":"in","data":"x"}"#,
        #"{"trigger":"in","data_base64":"YSAA/w=="}"#, #"{"trigger":"every:1h"}"#, #"{"trigger":"every:1h"}"#,
        #"{"trigger":"signal:USR1"}"#, #"{"trigger":"every:1h","data":"x"}"#, #"{"trigger":"late"}"#,
        #"{"list":true,"id":1}"#,
      ],
      "fd:3 name=in match=^a print do 'cat; echo \"$UPON_TRIGGERED\"' "
        + "every:1h limit=1 signal:USR1 after:9h name=late 3<>fifo", setup: "mkfifo fifo")
    let events = run.records.filter { $0.bool("triggered") == true }
    #expect(events.map(\.event) == ["line", "line", "tick", "signal", "timeout"], "\(run)")
    #expect(events.map(\.data) == ["a b", "a \0\u{FFFD}", "", "", ""])
    #expect(events[2].number("number") == 0)
    #expect(events[3].text("signal") == "USR1")
    #expect(run.lines.filter { $0 == "true" }.count == 2 && run.lines.contains("a b"))
    // The second tick has come too late: the limit was reached.
    #expect(
      run.replies.map(\.error) == [
        "no source has the name 'every:1h'", "no source has the name 'every:1h'", "",
      ])
    #expect(run.replies.last?.list("sources").map { $0["name"] as? String } == ["in", "signal:USR1", "late"])
  }

  @Test func `a paused source rests, and what it stands for waits`() throws {
    let upon = try Shell.start(
      "mkfifo fifo; exec upon --control stdin fd:3 name=in signal:USR1 every:50ms now name=t 3<>fifo")
    #expect(upon.wait(for: #""number":1,"#) != nil)
    for name in ["t", "in", "signal:USR1"] {
      #expect(upon.ask(#"{"pause":"\#(name)","id":"p\#(name)"}"#, id: "p\(name)")?.isOK ?? false)
    }
    #expect(upon.ask(#"{"pause":"t","id":"again"}"#, id: "again")?.isOK ?? false)
    for _ in 0..<2 { upon.raise(SIGUSR1) }
    let write = try Shell.run("printf 'a\\nb\\n' >fifo", directory: upon.directory)
    #expect(write.status == .exited(0))
    let before = upon.records.filter { $0.event != "reply" }.count
    let clock = ContinuousClock()
    let until = clock.now + .milliseconds(200)
    #expect(upon.wait { clock.now > until })
    let list = try #require(upon.ask(#"{"list":true,"id":"l"}"#, id: "l"))
    #expect(list.list("sources").map { $0["state"] as? String } == ["paused", "paused", "paused"])
    #expect(list.list("sources").last?["due"] == nil)
    #expect(upon.records.filter { $0.event != "reply" }.count == before)
    let rested = upon.records.count { $0.event == "tick" }
    for name in ["in", "signal:USR1", "t"] { upon.send("{\"resume\":\"\(name)\"}\n") }
    #expect(upon.wait { upon.records.filter { $0.event == "line" }.map(\.data) == ["a", "b"] })
    #expect(upon.wait(forRecords: 1) { $0.event == "signal" })
    let ticks = { upon.records.filter { $0.event == "tick" } }
    #expect(upon.wait { ticks().count >= rested + 3 })
    upon.closeInput()
    let run = upon.finish()
    #expect(run.status == .exited(0))
    // Each once, though a pause was asked for twice; the kernel merges signals of one number.
    #expect(run.records.amounts(of: \.event)["signal"] == 1 && run.records.amounts(of: \.event)["line"] == 2)
    #expect(run.records.first { $0.event == "signal" }.map { (1...2).contains($0.count) } == true)
    // What passed in the pause is missed by the first tick behind it, and no point of the grid stands twice.
    let all = run.records.filter { $0.event == "tick" }
    #expect(all[rested].number("missed") >= 3, "\(run)")
    #expect(
      zip(all, all.dropFirst()).allSatisfy {
        $1.number("number") == $0.number("number") + 1 + $1.number("missed")
      })
  }

  @Test func `replacing a source loses nothing that has come`() throws {
    let upon = try Shell.start(
      "mkfifo fifo; exec upon --control stdin fd:3 name=in do 'sleep 0.2; cat' every:1h name=t 3<>fifo")
    #expect(upon.ask(#"{"list":true,"id":"up"}"#, id: "up") != nil)
    // All lines but the first are in upon's own buffer while the first is worked on.
    let write = try Shell.run("test -p fifo && seq 1 20 >fifo", directory: upon.directory)
    #expect(write.status == .exited(0))
    #expect(upon.wait(for: "1\n") != nil)
    #expect(upon.ask(#"{"add":["fd:3","name=in"],"id":"no"}"#, id: "no")?.isOK == false)
    #expect(upon.ask(#"{"add":["fd:3","name=in"],"replace":true,"id":"yes"}"#, id: "yes")?.isOK ?? false)
    #expect(upon.wait { upon.records.filter { $0.event == "line" }.last?.data == "20" })
    upon.closeInput()
    let lines = upon.finish().lines
    let numbers = lines.compactMap(Int.init) + lines.compactMap { Record($0) }.compactMap { Int($0.data) }
    #expect(numbers.sorted() == Array(1...20))
  }

  @Test func `a timer that replaces one of its period goes on with the grid`() throws {
    let upon = try Shell.start("exec upon --control stdin every:100ms name=t")
    #expect(upon.wait(for: #""number":2,"#) != nil)
    upon.send(#"{"add":["every:100ms","name=t","limit=3"],"replace":true}"# + "\n")
    #expect(upon.wait { upon.records.count >= 5 })
    upon.closeInput()
    let numbers = upon.finish().records.map { $0.number("number") }
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    #expect(numbers.last ?? 0 >= 5)
  }

  @Test func `the end of input ends upon in order`() throws {
    let run = try run(
      [#"{"add":["start","do","sleep 0.1; echo done"]}"#], "every:1h finish do 'echo finished'")
    #expect(run.text == "done\nfinished\n")
    #expect(run.status == .exited(0))
    #expect(try Shell.run("printf '{\"list\":true,\"id\":1}' | upon --control stdin").replies.count == 1)
    #expect(try Shell.run("upon --control stdin </dev/null").status == .exited(0))
    #expect(try Shell.run("upon -1 --control stdin every:1h </dev/null").status == .exited(1))
    #expect(try Shell.run(">x; upon --control stdin <x").status == .exited(0))
  }

  @Test func `exit ends with its status, and what follows is not done`() throws {
    let run = try run([#"{"exit":7,"id":1}"#, #"{"list":true,"id":2}"#], "every:1h")
    #expect(run.status == .exited(7))
    #expect(run.replies.count == 1)
  }

  @Test func `a request may come in parts`() throws {
    let upon = try Shell.start("exec upon --control stdin")
    for part in [#"{"li"#, #"st":tr"#, "ue,\"id\":\"a\"}", "\r", "\n{\"list\":true,"] {
      upon.send(part)
      _ = upon.wait(within: .milliseconds(30)) { false }
    }
    #expect(upon.wait { upon.replies.count == 1 })
    upon.closeInput()
    let run = upon.finish()
    #expect(run.replies.map(\.isOK) == [true, false])
  }

  @Test(arguments: ["stdin stdin", "fd:0 stdin", "unix:x unix:x"])
  func `an address stands once`(addresses: String) throws {
    let options = addresses.split(separator: " ").map { "--control \($0)" }.joined(separator: " ")
    let run = try Shell.run("upon \(options)")
    #expect(run.status == .exited(64))
    #expect(run.errorText.hasSuffix("stands twice\n"), "\(run)")
  }

  @Test(arguments: [
    ("--control x", 64, "'--control x': expected stdin, fd:N or unix:PATH"),
    ("--control unix:", 64, "'--control unix:': expected stdin, fd:N or unix:PATH"),
    ("--control stdin stdin", 64, "'stdin': requests come from there, by --control"),
    ("--control fd:9", 125, "--control fd:9: descriptor 9 is closed"),
    ("--control unix:/nowhere/s", 125, "--control unix:/nowhere/s: /nowhere/s: No such file or directory"),
    (
      "--control unix:/etc/passwd", 125, "--control unix:/etc/passwd: /etc/passwd: exists and is not a socket"
    ),
  ])
  func `an address that is none is refused`(arguments: String, status: Int32, reason: String) throws {
    let run = try Shell.run("upon \(arguments)")
    #expect(run.status == .exited(status))
    #expect(run.errorText == "upon: \(reason)\n")
  }

  @Test func `--check shows where requests come from`() throws {
    #expect(
      try Shell.run("upon --check --control stdin --control unix:s every:1s -q").lines.first?
        .hasSuffix("--control stdin --control unix:s") ?? false)
  }
}
