import Testing

@testable import UponCore

/// What a session does with the events of one source, and with its end.
@Suite struct FeedTests {
  @Test func `a source is counted, ends by its limit, and the session with the last one`() throws {
    let stage = try Stage("every:1s", "limit=2", "print", "after:5s", "print")
    let every = try stage.feed("every:1s")
    stage.advance(999)
    #expect(every.delivered == 0)
    stage.advance(1)
    #expect(every.delivered == 1)
    #expect(every.state == .open)
    stage.advance(3_000)
    #expect(every.delivered == 2)
    #expect(every.state == .ended)
    #expect(stage.session.tally.alive == 1)
    #expect(stage.status == nil)
    stage.advance(1_000)
    #expect(stage.status == 0)
    #expect(stage.printed == ["every:1s tick 1", "every:1s tick 1", "after:5s timeout 1"])
  }

  @Test func `a source is held until each of its holds has been released`() throws {
    let stage = try Stage("every:1s", "print")
    let feed = try stage.feed("every:1s")
    feed.hold(.commands)
    feed.hold(.commands)
    feed.hold(.request)
    #expect(!feed.canTake)
    feed.release(.commands)
    feed.release(.request)
    #expect(feed.isHeld && !feed.isPaused)
    feed.release(.commands)
    #expect(feed.canTake)
    feed.hold(.request)
    feed.release(.request)
    #expect(feed.canTake, "a second time")
  }

  @Test func `ticks of a pause are missed, and the next one lies on the grid`() throws {
    let stage = try Stage("every:1s", "print")
    let feed = try stage.feed("every:1s")
    feed.hold(.request)
    stage.advance(2_500)
    #expect(feed.delivered == 0)
    feed.release(.request)
    stage.advance(499)
    #expect(feed.delivered == 0)
    stage.advance(1)
    #expect(feed.delivered == 1)
    feed.hold(.request)
    stage.advance(1_200)
    feed.release(.request)
    stage.advance(799)
    #expect(feed.delivered == 1)
    stage.advance(1)
    #expect(feed.delivered == 2)
  }

  @Test func `-a closes each source as it fires, and is satisfied by the last`() throws {
    let stage = try Stage("-a", "every:1s", "print", "after:2500ms", "print")
    let every = try stage.feed("every:1s")
    stage.advance(2_400)
    #expect(every.delivered == 1)
    #expect(stage.session.tally.unfired == 1)
    #expect(stage.status == nil)
    stage.advance(100)
    #expect(stage.status == 0)
    #expect(stage.session.ending.cause == .satisfied)
  }

  @Test func `-n counts what all sources have delivered, and takes no more`() throws {
    let stage = try Stage("-n", "3", "every:1s", "print", "every:1500ms", "print")
    stage.advance(10_000)
    #expect(stage.printed == ["every:1s tick 1", "every:1500ms tick 1", "every:1s tick 1"])
    #expect(stage.status == 0)
  }

  @Test func `each rule that names a source takes its event`() throws {
    let stage = try Stage("every:1s", "print", "every:1s", "or", "after:9s", "print")
    let feed = try stage.feed("every:1s")
    #expect(feed.bindings.count == 2)
    stage.advance(2_000)
    #expect(feed.delivered == 2)
    #expect(stage.printed == Array(repeating: "every:1s tick 1", count: 4))
  }

  @Test func `a rule goes with the last of its sources, and no sooner`() throws {
    let stage = try Stage("after:1s", "or", "after:2s", "print")
    weak let rule = try stage.feed("after:1s").bindings[0].rule
    stage.advance(1_500)
    #expect(rule?.openBindings == 1)
    stage.advance(1_000)
    #expect(stage.status == 0)
    #expect(stage.session.feeds.count == 0)
    #expect(rule == nil)
  }

  @Test func `what is held back comes when a source is removed, and its name is free again`() throws {
    let stage = try Stage("every:1s", "debounce=10s", "print", "after:1h", "print")
    let feed = try stage.feed("every:1s")
    stage.advance(3_000)
    #expect(stage.printed == [])
    stage.session.remove(feed)
    #expect(stage.printed == ["every:1s tick 3"])
    #expect(stage.session.feeds[Array("every:1s".utf8)] == nil)
    let again = try Parser.parse([Word("every:1s"), Word("ignore")])
    try stage.session.add(again)
    #expect(throws: SourceFailure.self) { try stage.session.add(again) }
    #expect(stage.session.tally.alive == 2)
  }

  @Test func `nothing is taken once the end has been decided`() throws {
    let stage = try Stage("every:1s", "print", "after:1500ms", "exit=7", "print")
    stage.advance(10_000)
    #expect(stage.printed == ["every:1s tick 1", "after:1500ms timeout 1"])
    #expect(stage.status == 7)
  }
}
