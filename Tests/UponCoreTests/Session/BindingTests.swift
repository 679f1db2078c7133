import Testing

@testable import UponCore

/// A source as one rule sees it.
@Suite struct BindingTests {
  @Test func `a limit is of the rule, and the source goes when every rule has had enough`() throws {
    let stage = try Stage("every:1s", "limit=1", "print", "every:1s", "limit=3", "print")
    let feed = try stage.feed("every:1s")
    stage.advance(2_000)
    #expect(feed.bindings.map(\.remaining) == [0, 1])
    #expect(feed.state == .open)
    stage.advance(1_000)
    #expect(stage.printed.count == 4)
    #expect(stage.status == 0)
  }

  @Test func `how many more may be taken is the least that any bound leaves`() throws {
    let stage = try Stage("-n", "9", "every:1s", "limit=4", "print", "every:1s", "limit=6", "print")
    let feed = try stage.feed("every:1s")
    #expect(feed.allowance == 6)
    stage.advance(1_000)
    #expect(feed.allowance == 5)
    stage.advance(3_000)
    #expect(feed.allowance == 2)
    let one = try Stage("every:1s", "exit=0", "print")
    #expect(try one.feed("every:1s").allowance == 1)
    let unbound = try Stage("every:1s", "print")
    #expect(try unbound.feed("every:1s").allowance == nil)
  }

  @Test func `exit= ends with its status after its own event, and -a does not wait for that source`() throws {
    let stage = try Stage("-a", "after:1s", "print", "after:9s", "exit=4", "print")
    #expect(stage.session.tally.unfired == 1)
    stage.advance(1_000)
    #expect(stage.status == 0)
    let other = try Stage("after:2s", "print", "after:1s", "exit=4", "print")
    other.advance(5_000)
    #expect(other.status == 4)
    #expect(other.printed == ["after:1s timeout 1"])
  }

  @Test func `a rule that holds back counts what it has delivered, not what has come`() throws {
    let stage = try Stage("every:100ms", "throttle=1s", "limit=2", "print")
    let feed = try stage.feed("every:100ms")
    stage.advance(1_000)
    #expect(feed.delivered == 1)
    #expect(feed.bindings[0].isHolding)
    stage.advance(100)
    #expect(stage.printed == ["every:100ms tick 1", "every:100ms tick 9"])
    #expect(stage.status == 0)
  }
}
