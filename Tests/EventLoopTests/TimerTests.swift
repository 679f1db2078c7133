import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct TimerTests {
    @Test func `is never early when armed in a busy handler`() throws {
      let loop = try EventLoop.tested()
      var early = 0
      var fired = 0
      var deadline: Int64 = 0
      var timer: Timer?
      timer = Timer(loop: loop) { now in
        if now < deadline || Clock.monotonic() < deadline { early += 1 }
        fired += 1
        if fired == 30 { return loop.stop() }
        while Clock.monotonic() < now + 4 * millisecond {}
        deadline = Clock.monotonic() + 3 * millisecond + Int64(fired)
        timer?.arm(at: deadline)
      }
      timer?.arm(at: Clock.monotonic())
      try run(loop)
      #expect(early == 0)
      #expect(fired == 30)
    }

    @Test func `fires by deadline and equal deadlines in arming order`() throws {
      let loop = try EventLoop.tested()
      let start = Clock.monotonic() + 5 * millisecond
      let offsets: [Int64] = [3, 1, 2, 1, 3, 2, 1]
      var order: [Int] = []
      var timers: [Timer] = []
      for (index, offset) in offsets.enumerated() {
        let timer = Timer(loop: loop) { _ in
          order.append(index)
          if order.count == offsets.count { loop.stop() }
        }
        timer.arm(at: start + offset)
        timers.append(timer)
      }
      try run(loop)
      #expect(order == [1, 3, 6, 2, 5, 0, 4])
      withExtendedLifetime(timers) {}
    }

    @Test func `can be cancelled by another due in the same turn`() throws {
      let loop = try EventLoop.tested()
      let due = Clock.monotonic()
      var second: Timer? = Timer(loop: loop) { _ in Issue.record("fired after it was cancelled") }
      var third: Timer? = Timer(loop: loop) { _ in Issue.record("fired after it was gone") }
      let last = Timer(loop: loop) { _ in loop.stop() }
      let first = Timer(loop: loop) { _ in
        second?.cancel()
        third = nil
      }
      first.arm(at: due)
      second?.arm(at: due + 1)
      third?.arm(at: due + 2)
      last.arm(at: due + 3)
      #expect(second?.deadline == due + 1)
      try run(loop)
      #expect(second?.deadline == nil)
      second = nil
      #expect(third == nil)
    }

    @Test func `may go in its own handler`() throws {
      let loop = try EventLoop.tested()
      var timer: Timer?
      timer = Timer(loop: loop) { _ in
        timer = nil
        loop.stop()
      }
      timer?.arm(at: 0)
      try run(loop)
      #expect(timer == nil)
    }

    @Test func `an endless deadline is no deadline`() throws {
      let loop = try EventLoop.tested()
      let never = Timer(loop: loop) { _ in Issue.record("fired") }
      never.arm(at: 0)
      never.arm(at: .max)
      #expect(never.deadline == nil)
      let far = Timer(loop: loop) { _ in Issue.record("fired") }
      far.arm(at: .max - 1)
      let end = Timer(loop: loop) { _ in loop.stop() }
      end.arm(at: Clock.monotonic() + 5 * millisecond)
      try run(loop)
    }

    @Test func `one armed in the past lets the others through`() throws {
      let loop = try EventLoop.tested()
      var again: Timer?
      again = Timer(loop: loop) { _ in again?.arm(at: 0) }
      again?.arm(at: 0)
      let end = Timer(loop: loop) { _ in loop.stop() }
      end.arm(at: Clock.monotonic() + 2 * millisecond)
      try run(loop)
      again = nil
    }

    @Test func `hundred thousand fire in order and in time`() throws {
      let loop = try EventLoop.tested()
      let count = 100_000
      var timers: [Timer] = []
      timers.reserveCapacity(count)
      var fired = 0
      var previous: Int64 = 0
      var disorder = 0
      var early = 0
      let start = Clock.monotonic()
      var state: UInt64 = 42
      for _ in 0..<count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let deadline = start + 50 * millisecond + Int64(state >> 33) % (200 * millisecond)
        let timer = Timer(loop: loop) { now in
          fired += 1
          if now < deadline { early += 1 }
          if deadline < previous { disorder += 1 }
          previous = deadline
          if fired == count / 2 { loop.stop() }
        }
        timer.arm(at: deadline)
        timers.append(timer)
      }
      // Half of them are cancelled, from all over the heap.
      for index in stride(from: 0, to: count, by: 2) { timers[index].cancel() }
      try run(loop)
      #expect(fired == count / 2)
      #expect(early == 0)
      #expect(disorder == 0)
      withExtendedLifetime(timers) {}
    }
  }
}
