import Testing

/// The completions of uponctl in the shells themselves, with a running upon to ask.
@Suite struct UponctlCompletionsTests {
  /// What is typed, and every word that is offered in place of the last one.
  static let offers: [(typed: String, words: [String])] = [
    ("uponctl ct", ["ctl"]),
    ("uponctl some", []),
    ("uponctl unix:ct", ["unix:ctl"]),
    ("uponctl --ti", ["--timeout"]),
    ("uponctl ctl ", UponctlHelp.shared?.commands.map(\.name) ?? []),
    ("uponctl ctl re", ["reload", "remove", "resume"]),
    ("uponctl -t 5s ctl sta", ["stats"]),
    ("uponctl --timeout=5s ctl sta", ["stats"]),
    ("uponctl ctl remove be", ["beat", "bell"]),
    ("uponctl ctl pause beat be", ["beat", "bell"]),
    ("uponctl unix:ctl resume bea", ["beat"]),
    ("uponctl 'ctl' trigger bea", ["beat"]),
    ("uponctl nobody trigger b", []),
    ("uponctl ctl trigger unix-l", ["unix-listen:door"]),
    ("uponctl ctl send ", ["1", "unix-listen:door"]),
    ("uponctl ctl close unix-l", ["unix-listen:door"]),
    ("uponctl ctl close 1 u", []),
    ("uponctl ctl list be", []),
    ("uponctl ctl watch be", ["beat", "bell"]),
    ("uponctl ctl watch beat be", ["beat", "bell"]),
    ("uponctl ctl reload be", []),
    ("uponctl ctl add sig", ["signal:"]),
    ("uponctl ctl add signal:U", ["signal:USR1", "signal:USR2", "signal:URG"]),
    ("uponctl ctl add every:1s n", ["name=", "now"]),
    ("uponctl ctl add --replace every:1s n", ["name=", "now"]),
    ("uponctl ctl add -- every:1s n", ["name=", "now"]),
    ("uponctl ctl add every:1s do uponprob", ["uponprobe"]),
    ("uponctl ctl add every:1s do uponprobe busy=sk", ["busy=skip"]),
  ]

  /// What is typed, and every option of the command.
  private static var options: [(typed: String, words: [String])] {
    let commands = UponctlHelp.shared?.commands ?? []
    return commands.filter { !$0.options.isEmpty }.map { command in
      (typed: "uponctl ctl \(command.name) --", words: command.options.filter { $0.hasPrefix("--") })
    }
  }

  /// What is typed before TAB, and the whole line after it.
  static let lines: [(typed: String, line: String)] = [
    ("uponctl ct", "uponctl ctl "),
    ("uponctl ctl rem", "uponctl ctl remove "),
    ("uponctl ctl remove bea", "uponctl ctl remove beat "),
    ("uponctl ctl remove two", #"uponctl ctl remove two\ words "#),
    ("uponctl ctl add sig", "uponctl ctl add signal:"),
    ("uponctl ctl add every:1s no", "uponctl ctl add every:1s now "),
  ]

  /// A directory with the socket `ctl` of a running upon, which has one connection.
  private static func serve() throws -> (upon: Running, directory: TemporaryDirectory) {
    let directory = try CompletingShell.directory()
    let upon = try Shell.start(
      """
      upon -q --control unix:ctl every:1h name=beat every:2h name=bell every:3h 'name=two words' unix-listen:door &
      upon -q unix:door on=connect print as=data &
      until uponctl ctl names --receivers 2>&1 | grep -x 1; do sleep 0.1; done
      wait
      """, directory: directory)
    guard upon.wait(for: "1\n") != nil else { throw HarnessError("\(upon.finish(within: .zero))") }
    return (upon, directory)
  }

  @Test(arguments: CompletingShell.BashSetup.allCases)
  func bash(setup: CompletingShell.BashSetup) throws {
    let (upon, directory) = try Self.serve()
    try CompletingShell.checkBash("uponctl", setup, Self.offers + Self.options, Self.lines, in: directory)
    #expect(!upon.isOver)
  }

  @Test func zsh() throws {
    let (upon, directory) = try Self.serve()
    try CompletingShell.checkZsh(Self.offers + Self.options, Self.lines, in: directory)
    #expect(!upon.isOver)
  }

  @Test func fish() throws {
    let (upon, directory) = try Self.serve()
    try CompletingShell.checkFish(["upon", "uponctl"], Self.offers + Self.options, in: directory)
    #expect(!upon.isOver)
  }
}
