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
        _ = ending.decide(first)
        let changes = ending.decide(second)
        #expect(!changes, "\(first), then \(second)")
        #expect(ending.cause == first)
      }
      for second in [EndingCause.signal(15), .outputFailed, .vanished] {
        var ending = Ending()
        _ = ending.decide(first)
        _ = ending.decide(second)
        #expect(ending.cause == second)
        for third in [EndingCause.signal(2), .vanished, first] { _ = ending.decide(third) }
        #expect(ending.cause == second)
      }
    }
  }

  @Test func `exit= says more than that a wait is satisfied by the same event`() {
    var ending = Ending()
    _ = ending.decide(.satisfied)
    _ = ending.decide(.exit(5))
    #expect(ending.cause == .exit(5))
    var later = Ending()
    _ = later.decide(.satisfied)
    later.reach(.closing)
    _ = later.decide(.exit(5))
    #expect(later.cause == .satisfied)
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
    var satisfied: [Bool] = []
    for _ in 0..<5 { satisfied.append(tally.countDown()) }
    #expect(satisfied == [false, false, true, false, false])
    #expect(tally.isSatisfied)
    #expect(tally.remaining == 0)
  }

  @Test func `without a count nothing is satisfied`() {
    var tally = Tally(.none)
    var satisfied = 0
    for _ in 0..<1000 where tally.countDown() { satisfied += 1 }
    #expect(satisfied == 0 && !tally.isSatisfied)
    var numbers: [UInt64] = []
    for _ in 1...3 { numbers.append(tally.deliver()) }
    #expect(numbers == [1, 2, 3])
  }

  @Test func `all are satisfied when the last awaited one fires, and those with exit= are not awaited`() {
    var tally = Tally(.all)
    tally.opened(isCounted: true, isAwaited: true)
    tally.opened(isCounted: true, isAwaited: false)
    tally.opened(isCounted: true, isAwaited: true)
    tally.opened(isCounted: false, isAwaited: false)
    #expect(tally.alive == 3)
    let satisfied = [
      tally.fired(isAwaited: true), tally.fired(isAwaited: false), tally.fired(isAwaited: true),
    ]
    #expect(satisfied == [false, false, true])
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
