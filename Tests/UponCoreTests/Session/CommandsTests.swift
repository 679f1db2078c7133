import Testing

@testable import UponCore

/// All commands of a session, with real ones that end at once.
@Suite struct CommandsTests {
  private func status(_ words: String...) throws -> Int32? {
    let stage = try Stage(words)
    stage.advance(1_000)
    try stage.runToTheEnd()
    return stage.status
  }

  @Test func `with -1 the status of the one command is upon's, else a failure is 123`() throws {
    #expect(try status("-1", "after:1s", "do", "exit 3") == 3)
    #expect(try status("after:1s", "do", "exit 3") == 123)
    #expect(try status("after:1s", "do", "exit 0") == 0)
  }

  @Test func `runs, failures and deaths by signals are counted apart`() throws {
    let stage = try Stage(
      "every:1s", "limit=3", "do", "case $UPON_NUMBER in 1) exit 1;; 2) kill -9 $$;; esac", "jobs=3")
    stage.advance(3_000)
    #expect(!stage.session.commands.isIdle)
    try stage.runToTheEnd()
    let commands = stage.session.commands
    #expect((commands.runs, commands.failed, commands.killed, commands.timedOut) == (3, 2, 1, 0))
    #expect(commands.isIdle)
  }

  @Test func `a run that takes too long is told at its timeout, and not before`() throws {
    let stage = try Stage("after:1s", "do", "exec sleep 100", "timeout=5s")
    stage.advance(1_000)
    stage.advance(4_999)
    #expect(stage.session.commands.running.count == 1)
    #expect(stage.session.commands.stopped == 0)
    stage.advance(1)
    try stage.runToTheEnd()
    let commands = stage.session.commands
    #expect((commands.runs, commands.failed, commands.timedOut) == (1, 1, 1))
    #expect(stage.status == 123)
  }

  @Test func `-e ends with the status of the first that fails, and starts nothing more`() throws {
    let stage = try Stage("-e", "every:1s", "do", "exit 6", "jobs=1")
    stage.advance(3_000)
    try stage.runToTheEnd()
    #expect(stage.status == 6)
    #expect(stage.session.commands.runs == 1)
  }

  @Test func `a command whose rule has gone is let go of when it has ended`() throws {
    let stage = try Stage("every:1s", "limit=1", "do", "exit 0", "after:1h", "limit=1", "do", "exit 0")
    stage.advance(1_000)
    weak let action = try stage.feed("after:1h").bindings[0].rule.actions.first
    #expect(action != nil)
    stage.session.remove(try stage.feed("after:1h"))
    stage.session.settle()
    #expect(action == nil)
    try stage.runToTheEnd()
    #expect(stage.session.commands.runs == 1)
    #expect(stage.status == 0)
  }
}
