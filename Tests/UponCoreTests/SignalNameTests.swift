import CSystem
import Testing

@testable import UponCore

@Suite struct SignalNameTests {
  private func names(_ text: String) throws(UsageError) -> [String] {
    try SignalName.list(Word("signal:" + text), Array(text.utf8)).map(\.name)
  }

  @Test(arguments: SignalName.named)
  func `every signal is found by each of its spellings`(signal: SignalName) {
    for text in [
      signal.name, "SIG" + signal.name, signal.name.lowercased(), "sig" + signal.name.lowercased(),
      String(signal.number),
    ] {
      #expect(SignalName(text) == signal)
    }
    #expect(SignalName.name(of: signal.number) == signal.name)
  }

  @Test func `the table has each standard signal once`() {
    #expect(SignalName.named.map(\.number) == Array(1...31))
    #expect(Set(SignalName.named.map(\.name)).count == 31)
  }

  @Test func `every real-time signal has one canonical name`() {
    let first = upon_sigrtmin()
    for number in first...upon_sigrtmax() {
      let name = SignalName.name(of: number)
      #expect(name == (number == first ? "RTMIN" : "RTMIN+\(number - first)"))
      #expect(SignalName(name)?.number == number)
      #expect(SignalName(String(number))?.name == name)
      #expect(SignalName("rtmax-\(upon_sigrtmax() - number)")?.number == number)
    }
    #expect(SignalName("SIGRTMAX")?.number == upon_sigrtmax())
  }

  @Test func `a number without a name is its own name`() {
    #expect(SignalName.name(of: 32) == "32")
    #expect(SignalName.name(of: 99) == "99")
    #expect(SignalName.name(of: 0) == "0")
  }

  @Test func `a list comes sorted, in canonical names`() throws {
    #expect(try names("term,SIGHUP,37,RTMAX-1,cld") == ["HUP", "TERM", "CHLD", "RTMIN+3", "RTMIN+29"])
  }

  @Test(arguments: [
    "KILL", "9", "STOP", "SEGV", "BUS", "ILL", "FPE", "TRAP", "SYS", "ABRT", "IOT", "32", "33",
  ])
  func `a signal that cannot be watched is refused with the reason`(name: String) {
    #expect {
      try names(name)
    } throws: { error in
      (error as? UsageError)?.message.contains("cannot be watched: ") == true
    }
    #expect(!SignalName.watchable.contains(name))
  }

  @Test(arguments: SignalName.watchable)
  func `what is offered to completions is accepted`(name: String) throws {
    #expect(try names(name) == [name])
  }

  @Test(arguments: [
    ("TEMR", "unknown signal 'TEMR'; did you mean TERM?"),
    ("SIGTREM", "unknown signal 'SIGTREM'; did you mean TERM?"),
    ("usr3", "unknown signal 'usr3'; did you mean USR1?"),
    ("FOO", "unknown signal 'FOO'; kill -l lists them"),
    ("0", "there is no signal 0; they are 1 to 64"), ("65", "there is no signal 65; they are 1 to 64"),
    ("", "expected the name of a signal, as in signal:HUP,TERM"),
    ("HUP,", "expected the name of a signal, as in signal:HUP,TERM"), ("HUP,1", "HUP stands twice"),
    ("RTMIN+31", "unknown signal 'RTMIN+31'; kill -l lists them"),
    ("RTMIN+", "unknown signal 'RTMIN+'; kill -l lists them"),
    ("RTMIN-1", "unknown signal 'RTMIN-1'; kill -l lists them"),
    ("RTMIN+-1", "unknown signal 'RTMIN+-1'; kill -l lists them"),
    ("SIG", "expected the name of a signal, as in signal:HUP,TERM"),
    ("-1", "unknown signal '-1'; kill -l lists them"),
    ("HUP TERM", "unknown signal 'HUP TERM'; kill -l lists them"),
  ])
  func `what is not a signal is refused`(text: String, message: String) {
    #expect(throws: UsageError(Word("signal:" + text), message)) { try names(text) }
  }
}
