import Platform
import Testing

@testable import EventLoop

extension EventLoopTests {
  @Suite struct ChildrenTests {
    /// A loop in a process of its own, with or without pidfds.
    private struct Fixture {
      let loop: EventLoop
      let children: Children
      let signals: SignalQueue

      init(usesPidfd: Bool, groupsByPidfd: Bool = true) throws {
        Dispositions(ignored: 0).adopt()
        loop = try EventLoop.tested()
        let children = Children(
          loop: loop, dispositions: Dispositions(ignored: 0), usesPidfd: usesPidfd,
          groupsByPidfd: groupsByPidfd)
        signals = try SignalQueue(loop: loop) { _ in children.childSignalArrived() }
        if children.needsChildSignal { try signals.watch([SIGCHLD]) }
        self.children = children
      }
    }

    @Test(arguments: [true, false]) func `exits and signals are told`(usesPidfd: Bool) {
      let status = inFork {
        let it = try Fixture(usesPidfd: usesPidfd)
        try check(it.children.needsChildSignal != usesPidfd)
        var exited: Ending?
        var killed: Ending?
        let sleeper = try it.children.start(Shell("exec sleep 100")) {
          killed = $0
          it.loop.stop()
        }
        _ = try it.children.start(Shell("exit 3")) {
          exited = $0
          _ = sleeper.signalGroup(SIGTERM)
        }
        try check(it.children.count == 2)
        try it.loop.run()
        try check(exited == .exited(3))
        try check(killed == .signaled(SIGTERM))
        try check(killed?.shellStatus == 143)
        try check(it.children.count == 0)
        try check(!sleeper.isRunning && !sleeper.signal(SIGTERM) && !sleeper.signalGroup(SIGTERM))
      }
      #expect(status == 0)
    }

    @Test(arguments: [true, false]) func `each stop is told once and exits are no stops`(usesPidfd: Bool) {
      let status = inFork {
        Dispositions(ignored: 0).adopt()
        let loop = try EventLoop.tested()
        let children = Children(loop: loop, dispositions: Dispositions(ignored: 0), usesPidfd: usesPidfd)
        let signals = try SignalQueue(loop: loop) { _ in
          children.childSignalArrived()
          children.stopsMayHaveHappened()
        }
        try signals.watch([SIGCHLD])
        var stops: [Int32] = []
        var ended: Ending?
        let child = try children.start(Shell("kill -STOP $$; kill -TSTP $$; exit 3")) {
          ended = $0
          loop.stop()
        }
        // One that nobody asks of is not in the way.
        let other = try children.start(Shell("kill -STOP $$; exec sleep 100")) { _ in }
        child.onStop = { [unowned child] in
          stops.append($0)
          _ = child.signal(SIGCONT)
        }
        try loop.run()
        try check(stops == [SIGSTOP, SIGTSTP])
        try check(ended == .exited(3))
        try check(other.isRunning && other.signal(SIGKILL))
      }
      #expect(status == 0)
    }

    @Test(arguments: [true, false]) func `two hundred are all told`(usesPidfd: Bool) {
      let status = inFork {
        let it = try Fixture(usesPidfd: usesPidfd)
        var statuses: [Ending] = []
        let before = openDescriptors()
        for index in 0..<200 {
          _ = try it.children.start(Shell("exit \(index)")) {
            statuses.append($0)
            if statuses.count == 200 { it.loop.stop() }
          }
        }
        try it.loop.run()
        try check(Set(statuses.map(\.shellStatus)) == Set(0..<200))
        try check(openDescriptors() == before)
      }
      #expect(status == 0)
    }

    @Test(arguments: [true, false]) func `a child of somebody else is not reaped`(usesPidfd: Bool) {
      let status = inFork {
        let it = try Fixture(usesPidfd: usesPidfd)
        let shell = Shell("exit 9")
        let stranger = try shell.request.spawn(Dispositions(ignored: 0), changed: 0, withPidfd: false).pid
        withExtendedLifetime(shell) {}
        // It has exited before ours starts, and so before ours can be told.
        try wait { peek(UPON_WAIT_PID, stranger) != 0 }
        _ = try it.children.start(Shell("exit 0")) { _ in it.loop.stop() }
        try it.loop.run()
        var code: Int32 = 0
        var status: Int32 = 0
        try check(upon_wait(UPON_WAIT_PID, stranger, 0, &code, &status) == stranger)
        try check(status == 9)
      }
      #expect(status == 0)
    }

    @Test(arguments: [true, false]) func `process one reaps orphans and tells its own`(usesPidfd: Bool) {
      let status = inFork {
        // What a subreaper is for orphans, process 1 is for all.
        becomeSubreaper()
        Dispositions(ignored: 0).adopt()
        let loop = try EventLoop.tested()
        let children = Children(loop: loop, dispositions: Dispositions(ignored: 0), usesPidfd: usesPidfd)
        let signals = try SignalQueue(loop: loop) { _ in children.reapOrphans() }
        try signals.watch([SIGCHLD])
        var statuses: [Ending] = []
        let shell = Shell("sleep 0.05 & sleep 0.02 & exit 4")
        var held: Child? = try children.start(shell) { statuses.append($0) }
        held?.holdsGroup = true
        _ = try children.start(Shell("sleep 0.1; exit 5")) { statuses.append($0) }
        var poll: Timer?
        poll = Timer(loop: loop) { now in
          if statuses.count == 2 && peek(UPON_WAIT_ALL, 0) < 0 { return loop.stop() }
          poll?.arm(at: now + 5 * millisecond)
        }
        poll?.arm(at: 0)
        try loop.run()
        try check(statuses == [.exited(4), .exited(5)])
        held = nil
        try check(held == nil)
      }
      #expect(status == 0)
    }

    @Test(arguments: [(true, true), (true, false), (false, false)])
    func `a held group can be ended after its leader`(usesPidfd: Bool, groupsByPidfd: Bool) {
      let output = Pipe()
      let status = inFork {
        let it = try Fixture(usesPidfd: usesPidfd, groupsByPidfd: groupsByPidfd)
        let shell = Shell("sleep 100 & exit 0")
        shell.request.output = output.writer
        let before = openDescriptors()
        var child: Child?
        child = try it.children.start(shell) { _ in it.loop.stop() }
        child?.holdsGroup = true
        try it.loop.run()
        try check(child?.isRunning == false)
        try check(child?.isGroupEmpty == false)
        let pid = child?.pid ?? 0
        try check(peek(UPON_WAIT_PID, pid) == (groupsByPidfd ? -1 : pid))
        try check(child?.signalGroup(SIGTERM) == true)
        try wait { child?.isGroupEmpty == true }
        child?.release()
        try check(child?.isGroupEmpty == true && child?.signalGroup(SIGTERM) == false)
        child = nil
        try check(peek(UPON_WAIT_PID, pid) < 0)
        try check(openDescriptors() == before)
      }
      #expect(status == 0)
      #expect(output.readAll() == "")
    }

    @Test func `a handler may start the next`() {
      let status = inFork {
        let it = try Fixture(usesPidfd: true)
        var left = 20
        func next() throws {
          _ = try it.children.start(Shell("exit 0")) { _ in
            left -= 1
            if left == 0 { return it.loop.stop() }
            do { try next() } catch { _exit(254) }
          }
        }
        try next()
        try it.loop.run()
      }
      #expect(status == 0)
    }

    @Test func `without a descriptor for it nothing is started`() {
      let status = inFork {
        let it = try Fixture(usesPidfd: true)
        var limit = rlimit(rlim_cur: 3, rlim_max: 1024)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        do {
          _ = try it.children.start(Shell("exit 0")) { _ in }
          try check(false)
        } catch let error as LoopError {
          try check(error.code == EMFILE)
        }
        try check(peek(UPON_WAIT_ALL, 0) < 0)
      }
      #expect(status == 0)
    }
  }
}
