import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct TurnTests {
    @Test(arguments: [LoopQueue.urgent, .data]) func `does not starve timers`(queue: LoopQueue) throws {
      let loop = try EventLoop.tested()
      var turns = 0
      var turn: Turn?
      turn = Turn(loop: loop, queue: queue) {
        turns += 1
        turn?.schedule()
      }
      var ticks = 0
      var timer: Timer?
      timer = Timer(loop: loop) { now in
        ticks += 1
        if ticks == 20 { return loop.stop() }
        timer?.arm(at: now + millisecond)
      }
      turn?.schedule()
      timer?.arm(at: Clock.monotonic())
      let start = Clock.monotonic()
      try run(loop)
      #expect(Clock.monotonic() - start < 500 * millisecond)
      #expect(turns > 20)
      (turn, timer) = (nil, nil)
    }

    @Test func `comes once however often it is scheduled`() throws {
      let loop = try EventLoop.tested()
      var calls = 0
      let turn = Turn(loop: loop, queue: .urgent) { calls += 1 }
      turn.schedule()
      turn.schedule()
      #expect(turn.isScheduled)
      let taken = Turn(loop: loop, queue: .urgent) { Issue.record("called after it was taken back") }
      taken.schedule()
      taken.cancel()
      let end = Timer(loop: loop) { _ in loop.stop() }
      end.arm(at: Clock.monotonic() + 3 * millisecond)
      try run(loop)
      #expect(calls == 1)
      #expect(!turn.isScheduled)
    }
  }
}
