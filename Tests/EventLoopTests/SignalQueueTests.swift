import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct SignalQueueTests {
    @Test func `counts real time signals to the last`() {
      let status = inFork {
        let number = upon_sigrtmin() + 1
        let loop = try EventLoop.tested()
        var count = 0
        var turns = 0
        let turn = Turn(loop: loop, queue: .urgent) { turns += 1 }
        let signals = try SignalQueue(loop: loop) { info in
          count += 1
          turn.schedule()
          if count == 5000 { loop.stop() }
        }
        try signals.watch([number])
        for _ in 0..<5000 { try check(sigqueue(getpid(), number, sigval()) == 0) }
        try loop.run()
        try check(count == 5000)
        // At most 64 a turn, and every other turn is counted: in between it is still scheduled.
        try check(turns >= 5000 / 64 / 2 - 1)
      }
      #expect(status == 0)
    }

    @Test func `a signal that is raised stops the process until it is continued and is watched again`() {
      let status = inFork {
        let loop = try EventLoop.tested()
        var count = 0
        let signals = try SignalQueue(loop: loop) { _ in
          count += 1
          loop.stop()
        }
        try signals.watch([SIGTSTP])
        // The parent of a helper sees the stop; the process itself cannot.
        let children = Children(loop: loop, dispositions: .capture())
        let waker = Shell(
          "until grep -q '^State:.*T (stopped)' /proc/$PPID/status; do :; done; kill -CONT $PPID; exec sleep 100"
        )
        let child = try children.start(waker) { _ in }
        signals.raise(SIGTSTP)
        try check(count == 0)
        kill(getpid(), SIGTSTP)
        try loop.run()
        try check(count == 1)
        try check(child.signal(SIGKILL))
      }
      #expect(status == 0)
    }

    @Test func `what is left while a body runs takes effect and is watched behind it`() {
      let killed = inFork {
        let loop = try EventLoop.tested()
        let signals = try SignalQueue(loop: loop) { _ in }
        try signals.watch([SIGTERM])
        signals.leaving([SIGTERM]) { _ = kill(getpid(), SIGTERM) }
      }
      #expect(killed == SIGTERM)
      let status = inFork {
        let loop = try EventLoop.tested()
        let signals = try SignalQueue(loop: loop) { _ in loop.stop() }
        try signals.watch([SIGTERM, SIGHUP])
        try check(signals.leaving([SIGTERM]) { 7 } == 7)
        kill(getpid(), SIGTERM)
        try loop.run()
      }
      #expect(status == 0)
    }

    @Test func `tells who sent it`() {
      let status = inFork {
        let loop = try EventLoop.tested()
        let children = Children(loop: loop, dispositions: .capture())
        var infos: [SignalInfo] = []
        let signals = try SignalQueue(loop: loop) { info in
          infos.append(info)
          if infos.count == 2 { loop.stop() }
        }
        try signals.watch([SIGUSR1, SIGALRM])
        // The alarm that guards this process is watched here, so it is asked for by the kernel's timer.
        var time = itimerval()
        time.it_value.tv_usec = 100_000
        setitimer(ITIMER_REAL, &time, nil)
        let child = try children.start(Shell("kill -USR1 $PPID")) { _ in }
        try loop.run()
        try check(infos[0].number == SIGUSR1)
        try check(infos[0].pid == child.pid)
        try check(infos[0].uid == getuid())
        try check(infos[1].number == SIGALRM)
        try check(infos[1].pid == nil)
      }
      #expect(status == 0)
    }

    @Test func `sees what is ignored and leaves the disposition as found`() {
      let status = inFork {
        try check(upon_set_disposition(SIGHUP, 1) == 0)
        let loop = try EventLoop.tested()
        let signals = try SignalQueue(loop: loop) { _ in loop.stop() }
        try signals.watch([SIGHUP])
        kill(getpid(), SIGHUP)
        try loop.run()
        try check(upon_disposition(SIGHUP) == UPON_IGNORED.rawValue)
      }
      #expect(status == 0)
    }

    @Test func `the second after a release kills in the kernel`() {
      let status = inFork {
        let loop = try EventLoop.tested()
        var signals: SignalQueue?
        signals = try SignalQueue(loop: loop) { info in
          signals?.release(info.number, toDefault: true)
          kill(getpid(), info.number)
        }
        upon_set_disposition(SIGINT, 1)
        try signals?.watch([SIGINT, SIGTERM])
        kill(getpid(), SIGINT)
        try loop.run()
      }
      #expect(status & 0x7f == SIGINT)
    }

    @Test func `one pending at the release kills as well`() {
      let status = inFork {
        let loop = try EventLoop.tested()
        var signals: SignalQueue?
        signals = try SignalQueue(loop: loop) { info in
          kill(getpid(), info.number)
          signals?.release(info.number, toDefault: true)
        }
        try signals?.watch([SIGTERM])
        kill(getpid(), SIGTERM)
        try loop.run()
      }
      #expect(status & 0x7f == SIGTERM)
    }

    @Test func `one read together with the released one is handed back`() {
      let number = upon_sigrtmin() + 2
      let status = inFork {
        let loop = try EventLoop.tested()
        var signals: SignalQueue?
        signals = try SignalQueue(loop: loop) { info in signals?.release(info.number, toDefault: true) }
        try signals?.watch([number])
        for _ in 0..<2 { sigqueue(getpid(), number, sigval()) }
        try loop.run()
      }
      #expect(status & 0x7f == number)
    }

    /// A watched signal that comes while the process ends must not kill it.
    @Test func `the mask stays when the queue goes`() {
      let status = inFork {
        let loop = try EventLoop.tested()
        var signals: SignalQueue? = try SignalQueue(loop: loop) { _ in }
        try signals?.watch([SIGUSR1])
        signals = nil
        try check(SignalMask.current().contains(SIGUSR1))
        kill(getpid(), SIGUSR1)
      }
      #expect(status == 0)
    }

    @Test func `the mask comes back as it was`() {
      let status = inFork {
        SignalMask.change(SIG_BLOCK, [SIGUSR2])
        let loop = try EventLoop.tested()
        let signals = try SignalQueue(loop: loop) { _ in }
        try signals.watch([SIGUSR1, SIGINT])
        try check(SignalMask.current().contains(SIGUSR1))
        try check(signals.maskAtStart.contains(SIGUSR1) == false)
        signals.close()
        try check(!SignalMask.current().contains(SIGUSR1))
        try check(!SignalMask.current().contains(SIGINT))
        try check(SignalMask.current().contains(SIGUSR2))
      }
      #expect(status == 0)
    }
  }
}
