import Testing

@testable import UponCore

/// What decides the end of a session.
@Suite struct EndingDecisionTests {
  @Test func `the first cause holds against all that come later but a signal and lost output`() {
    let others: [EndingCause] = [
      .finished, .unsatisfied, .satisfied, .exit(3), .exitDrained(4), .commandDecided(5), .timedOut,
      .unrunnable(127),
    ]
    for first in others {
      for second in others where !(first == .satisfied && second == .exit(3)) {
        var ending = Ending()
        #expect(ending.decide(first))
        #expect(!ending.decide(second), "\(first), then \(second)")
        #expect(ending.cause == first)
      }
      for second in [EndingCause.signal(15), .outputFailed, .vanished] {
        var ending = Ending()
        _ = ending.decide(first)
        #expect(ending.decide(second))
        #expect(ending.cause == second)
        #expect(!ending.decide(.signal(2)) && !ending.decide(.vanished) && !ending.decide(first))
        #expect(ending.cause == second)
      }
    }
  }

  @Test func `exit= says more than that a wait is satisfied by the same event`() {
    var ending = Ending()
    _ = ending.decide(.satisfied)
    #expect(ending.decide(.exit(5)))
    var later = Ending()
    _ = later.decide(.satisfied)
    later.reach(.closing)
    #expect(!later.decide(.exit(5)))
  }

  @Test func `each cause drains or stops`() {
    for cause in [EndingCause.finished, .unsatisfied, .satisfied, .exitDrained(0)] {
      #expect(cause.course == .drain)
    }
    for cause in [
      EndingCause.exit(0), .commandDecided(0), .timedOut, .unrunnable(126), .outputFailed, .signal(1),
      .vanished,
    ] {
      #expect(cause.course == .stop)
    }
    #expect(Ending().course == .drain)
  }
}

/// What a session counts.
@Suite struct TallyTests {
  @Test func `a count is satisfied by its last event and by no other`() {
    var tally = Tally(.count(3))
    #expect((0..<5).map { _ in tally.countDown() } == [false, false, true, false, false])
    #expect(tally.isSatisfied)
    #expect(tally.remaining == 0)
  }

  @Test func `without a count nothing is satisfied`() {
    var tally = Tally(.none)
    for _ in 0..<1000 { #expect(!tally.countDown()) }
    #expect(!tally.isSatisfied)
    #expect((1...3).map { _ in tally.deliver() } == [1, 2, 3])
  }

  @Test func `all are satisfied when the last awaited one fires, and those with exit= are not awaited`() {
    var tally = Tally(.all)
    tally.opened(isCounted: true, isAwaited: true)
    tally.opened(isCounted: true, isAwaited: false)
    tally.opened(isCounted: true, isAwaited: true)
    tally.opened(isCounted: false, isAwaited: false)
    #expect(tally.alive == 3)
    #expect(!tally.fired(isAwaited: true))
    #expect(!tally.fired(isAwaited: false))
    #expect(tally.fired(isAwaited: true))
    tally.closed(isCounted: true, isStillAwaited: false)
    #expect(tally.alive == 2)
  }

  @Test func `taking out the last one that is missing satisfies, if anything has been delivered`() {
    var tally = Tally(.all)
    tally.opened(isCounted: true, isAwaited: true)
    tally.opened(isCounted: true, isAwaited: true)
    tally.closed(isCounted: true, isStillAwaited: true)
    #expect(!tally.waitsForNobody)
    _ = tally.deliver()
    tally.closed(isCounted: true, isStillAwaited: true)
    #expect(tally.waitsForNobody)
  }
}
