import Testing
import UponCore

/// The completions in the shells themselves: bash and zsh on a terminal with the keys of a user, fish by `complete -C`.
@Suite struct CompletionsTests {
  /// What is typed, and every word that is offered in place of the last one.
  static let offers: [(typed: String, words: [String])] = [
    ("upon ", CompletionsTests.everyKind),
    ("upon sig", ["signal:"]),
    ("upon evry", []),
    ("upon signal:U", ["signal:USR1", "signal:USR2", "signal:URG"]),
    ("upon signal:HUP,US", ["signal:HUP,USR1", "signal:HUP,USR2"]),
    ("upon every:1s n", ["name=", "now"]),
    ("upon every:", []),
    ("upon tcp:localh", ["tcp:localhost:"]),
    ("upon tcp:localhost:", []),
    ("upon unix:some", ["unix:somefile"]),
    ("upon unix-listen:some", ["unix-listen:somefile"]),
    ("upon tcp-listen:localh", ["tcp-listen:localhost:"]),
    ("upon tcp-listen:80 con", ["connections="]),
    ("upon unix:some name=x unix:some", ["unix:somefile"]),
    ("upon tcp:a:80 re", ["retry=", "reconnect"]),
    ("upon tcp:a:80 retry=n", []),
    ("upon tcp:a:80 on=d", ["on=data", "on=down"]),
    ("upon signal:HUP i", ["ignore"]),
    ("upon signal:H idle=3 li", ["limit="]),
    ("upon stdin i", ["idle=", "ignore"]),
    ("upon every:1s stdin fr", ["frame="]),
    ("upon stdin every:1s fr", []),
    ("upon stdin frame=", ["frame=line", "frame=nul", "frame=chunk", "frame=none"]),
    ("upon stdin idle=3s on=id", ["on=idle"]),
    ("upon every:1s on=", ["on=tick", "on=all"]),
    ("upon stdin on=+e", ["on=+end", "on=+error"]),
    ("upon stdin on=line,en", ["on=line,end"]),
    (
      "upon stdin on=idle,",
      ["line", "data", "readable", "writable", "end", "error", "active"].map { "on=idle,\($0)" }
    ),
    ("upon stdin on=+idle,line,e", ["on=+idle,line,end", "on=+idle,line,error"]),
    ("upon every:1s on=tick,", []),
    ("upon unix:s", ["unix:socket"]),
    ("upon unix-listen:s", ["unix-listen:socket", "unix-listen:somefile"]),
    ("upon every:1s do x stop=", SignalName.ending.map { "stop=\($0.name)" }),
    ("upon every:1s do x stop=C", []),
    ("upon every:1s kill signal=C", ["signal=CHLD", "signal=CONT"]),
    ("upon -f s", ["socket", "somefile"]),
    ("upon -qf somef", ["somefile"]),
    ("upon --file=somef", ["--file=somefile"]),
    ("upon -f somefile sig", ["signal:"]),
    ("upon stdin exit=en", ["exit=end:"]),
    ("upon every:1s or s", ["signal:", "start", "stdin"]),
    ("upon stdin print a", ["as=", "after:", "accept:", "at:"]),
    ("upon stdin print as=t", ["as=text", "as=tsv"]),
    ("upon stdin print file=some", ["file=somefile"]),
    ("upon stdin do cat st", ["stdin=", "stop=", "stdin", "start"]),
    ("upon stdin do cat stdin=e", ["stdin=event"]),
    ("upon stdin do cat --ve", []),
    ("upon stdin do uponprob", ["uponprobe"]),
    ("upon --ve", ["--verbose", "--version"]),
    ("upon stdin --ready", ["--ready-fd"]),
    ("upon -o ", ["json", "tsv", "data", "text"]),
    ("upon -1o d", ["data"]),
    ("upon --output=t", ["--output=text", "--output=tsv"]),
    ("upon -t 5s sig", ["signal:"]),
    ("upon -1 stdin -- uponprob", ["uponprobe"]),
    ("upon -1 stdin -- uponprobe some", ["somefile"]),
    ("upon -1 stdin -- uponprobe x some", ["somefile"]),
  ]

  private static let everyKind = Kind.all.map { $0.address == nil ? $0.name : $0.name + ":" }

  /// What is typed before TAB, and the whole line after it: no blank stands where the word goes on.
  static let lines: [(typed: String, line: String)] = [
    ("upon sig", "upon signal:"),
    ("upon signal:TE", "upon signal:TERM "),
    ("upon signal:HUP,TE", "upon signal:HUP,TERM "),
    ("upon every:1s no", "upon every:1s now "),
    ("upon stdin fra", "upon stdin frame="),
    ("upon stdin frame=c", "upon stdin frame=chunk "),
    ("upon stdin on=+en", "upon stdin on=+end "),
    ("upon stdin exit=en", "upon stdin exit=end:"),
    ("upon stdin print file=some", "upon stdin print file=somefile "),
    ("upon tcp:localh", "upon tcp:localhost:"),
    ("upon unix:some", "upon unix:somefile "),
    ("upon stdin do cat stdin=e", "upon stdin do cat stdin=event "),
    ("upon fini", "upon finish "),
    ("upon --verb", "upon --verbose "),
    ("upon -1 stdin -- uponprobe some", "upon -1 stdin -- uponprobe somefile "),
  ]

  @Test(arguments: CompletingShell.BashSetup.allCases)
  func bash(setup: CompletingShell.BashSetup) throws {
    try CompletingShell.checkBash("upon", setup, Self.offers, Self.lines)
  }

  @Test func zsh() throws {
    try CompletingShell.checkZsh(Self.offers, Self.lines)
  }

  @Test func fish() throws {
    try CompletingShell.checkFish(["upon"], Self.offers)
  }
}
