import EventLoop
import Testing

/// `--backend` and `--backends`.
@Suite struct BackendTests {
  @Test func `--backends lists what libevent has here and says which is used`() throws {
    let table = """
      NAME    edge-triggered  O(1)  any descriptor  early close
      epoll   yes             yes   no              yes
      poll    no              no    yes             yes
      select  no              no    yes             no

      """
    #expect(try Shell.run("upon --backends | sed 's/ *used$//'").text == table)
    #expect(try Shell.run("upon --backends | grep used").text.hasPrefix("epoll"))
    #expect(try Shell.run("upon --backend poll --backends | grep used").text.hasPrefix("poll"))
  }

  @Test(arguments: [
    ("kqueue", "this system does not have it; expected epoll, poll or select"),
    ("win32", "this system does not have it; expected epoll, poll or select"),
    ("EPOLL", "unknown; did you mean epoll?"),
    ("selct", "unknown; did you mean select?"),
    ("io_uring", "expected epoll, poll or select"),
  ])
  func `a mechanism that is not here is a usage error`(name: String, reason: String) throws {
    let run = try Shell.run("upon --backend \(name) every:1s")
    #expect(run.status == .exited(64))
    #expect(run.errorText == "upon: '--backend \(name)': \(reason)\n")
  }

  @Test func `variables of libevent have no effect`() throws {
    let run = try Shell.run("EVENT_NOEPOLL=1 EVENT_NOPOLL=1 EVENT_NOSELECT=1 upon -v after:0 -o tsv")
    #expect(run.status == .exited(0), "\(run)")
  }

  @Test func `select keeps to the descriptors it can watch, and commands get the limit as it was`() throws {
    let run = try Shell.run(
      """
      ulimit -n 5000
      upon --backend select start do 'ulimit -n; grep "open files" /proc/$PPID/limits' | tr -s ' '
      """)
    #expect(run.lines.first == "5000", "\(run)")
    #expect(run.lines.last?.hasPrefix("Max open files 1024 5000") ?? false, "\(run)")
  }

  /// The C library ends a program that gives select a larger number.
  @Test func `select refuses a descriptor from 1,024 on, the others take it`() throws {
    for name in Backend.names {
      let run = try Shell.run(
        "ulimit -n 4096; exec upon --backend \(name) -o data fd:2000 2000<<< hello", in: "bash")
      if name == "select" {
        #expect(run.status == .exited(125), "\(run)")
        #expect(
          run.errorText
            == "upon: fd:2000: descriptor 2000 cannot be watched by select, which takes those below 1024\n")
      } else {
        #expect(run.text == "hello\n", "\(run)")
      }
    }
  }
}
