import Testing

@testable import EventLoop

/// A loop that goes by a clock of its own.
@Suite struct ManualClockTests {
  @Test func `timers fire by advancing alone, in order and each at its time`() throws {
    let clock = ManualClock(now: 1_000)
    let loop = try EventLoop(verbose: false, clock: clock)
    var fired: [Int64] = []
    let late = Timer(loop: loop) { fired.append($0) }
    var early: Timer?
    early = Timer(loop: loop) { now in
      fired.append(now)
      if fired.count < 2 { early?.arm(at: now + 100) }
    }
    late.arm(at: 1_250)
    early?.arm(at: 1_100)
    loop.advance(by: 99)
    #expect(fired == [])
    loop.advance(by: 1)
    #expect(fired == [1_100])
    loop.advance(by: 1_000)
    #expect(fired == [1_100, 1_200, 1_250])
    #expect(loop.now == 2_100)
    #expect(loop.nextDeadline == .max)
  }

  @Test func `a handler that stops the loop keeps later timers from firing`() throws {
    let loop = try EventLoop(verbose: false, clock: ManualClock())
    var fired = 0
    let first = Timer(loop: loop) { _ in
      fired += 1
      loop.stop()
    }
    let second = Timer(loop: loop) { _ in fired += 1 }
    first.arm(at: loop.now + 1)
    second.arm(at: loop.now + 2)
    loop.advance(by: 10)
    #expect(fired == 1)
  }
}
