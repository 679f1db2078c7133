import Testing

@testable import UponCore

@Suite struct ResolutionTests {
  /// The events that each action of the first rule takes from its first source.
  private func delivered(_ line: String) throws -> [[String]] {
    let invocation = try Parser.parse(line: line)
    return invocation.rules[0].bindings[0].delivered.map { invocation.sources[0].events($0) }
  }

  @Test(arguments: [
    ("stdin", [["line"]]), ("stdin do x", [["line"]]), ("stdin idle=1s", [["line", "idle"]]),
    ("stdin idle=1s exit=idle:3 do x", [["line"]]),
    ("stdin idle=1s do x print ", [["line"], ["line", "idle"]]),
    ("stdin idle=1s ignore", [["line", "idle"]]), ("stdin frame=chunk", [["data"]]),
    ("stdin frame=none", [["readable"]]),
    ("stdin frame=nul", [["line"]]), ("stdin write", [["writable"]]), ("stdin on=end", [["end"]]),
    ("stdin on=+end", [["line", "end"]]),
    ("stdin idle=1s on=+end do x print", [["line", "end"], ["line", "idle", "end"]]),
    ("stdin idle=1s on=+idle do x print", [["line", "idle"], ["line", "idle"]]),
    ("stdin idle=1s on=idle do x print", [["idle"], ["idle"]]), ("stdin on=all", [["line", "end", "error"]]),
    ("stdin idle=1s frame=none on=all do x", [["readable", "idle", "end", "error", "active"]]),
    ("every:1s", [["tick"]]), ("signal:HUP on=signal do x", [["signal"]]),
    ("stdin idle=1s exit=idle:3 -- x", [["line"]]),
    ("-1 stdin idle=1s -- x", [["line", "idle"]]),
  ])
  func `each action takes what the table and on= say`(line: String, events: [[String]]) throws {
    #expect(try delivered(line) == events)
  }

  @Test func `on= may name an event whose setting stands in another rule`() throws {
    #expect(try delivered("stdin on=idle do x stdin idle=1s ignore") == [["idle"]])
  }

  @Test func `exit= has a status, and an event if one is named`() throws {
    let any = try Parser.parse(line: "signal:TERM exit=7").rules[0].bindings[0].exit
    #expect(any?.events == nil)
    #expect(any?.status == 7)
    let end = try Parser.parse(line: "stdin exit=end:3").rules[0].bindings[0].exit
    #expect(end?.events == EventSet(InputEvent.end))
    #expect(end?.status == 3)
  }

  @Test func `once is a limit of one`() throws {
    #expect(try Parser.parse(line: "stdin once").rules[0].bindings[0].limit == 1)
    #expect(try Parser.parse(line: "stdin limit=4").rules[0].bindings[0].limit == 4)
    #expect(try Parser.parse(line: "stdin").rules[0].bindings[0].limit == nil)
  }

  @Test func `a rule without an action prints`() throws {
    for line in ["stdin", "-1 stdin", "-a stdin"] {
      guard case .print(let print) = try Parser.parse(line: line).rules[0].actions[0] else {
        Issue.record("expected print")
        return
      }
      #expect(print.format == nil && print.file == nil)
    }
  }

  @Test func `PROGRAM is the action of every rule that names none`() throws {
    let invocation = try Parser.parse(line: "stdin every:1s do x -- y z")
    guard case .run(let first) = invocation.rules[0].actions[0], case .program(let words) = first.line,
      case .run(let second) = invocation.rules[1].actions[0], case .shell = second.line
    else {
      Issue.record("expected PROGRAM and a command")
      return
    }
    #expect(words == [Array("y".utf8), Array("z".utf8)])
  }

  @Test(arguments: ["-1", "-n3", "-a"])
  func `with a wait PROGRAM comes after it and the rule is ignore`(wait: String) throws {
    let invocation = try Parser.parse(line: wait + " stdin -- y")
    guard case .ignore = invocation.rules[0].actions[0] else {
      Issue.record("expected ignore")
      return
    }
    #expect(invocation.program == [[UInt8(ascii: "y")]])
    #expect(try Parser.parse(line: wait + " stdin do x -- y").program != nil)
  }

  @Test func `patterns are allowed where an event with data ends upon`() throws {
    #expect(try Parser.parse(line: "stdin idle=1s on=idle exit=line:2 match=x").rules.count == 1)
  }
}
