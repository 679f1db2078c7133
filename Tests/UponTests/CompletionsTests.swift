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
    ("upon stdin exit=en", ["exit=end:"]),
    ("upon every:1s or s", ["signal:", "start", "stdin"]),
    ("upon stdin print a", ["as=", "after:", "accept:"]),
    ("upon stdin print as=t", ["as=tsv"]),
    ("upon stdin print file=some", ["file=somefile"]),
    ("upon stdin do cat st", ["stdin=", "stop=", "stdin", "start"]),
    ("upon stdin do cat stdin=e", ["stdin=event"]),
    ("upon stdin do cat --ve", []),
    ("upon stdin do uponprob", ["uponprobe"]),
    ("upon --ve", ["--verbose", "--version"]),
    ("upon stdin --ready", ["--ready-fd"]),
    ("upon -o ", ["json", "tsv", "data"]),
    ("upon -1o d", ["data"]),
    ("upon --output=t", ["--output=tsv"]),
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

  enum BashSetup: String, CaseIterable {
    case alone = ":"
    case withLibrary = ". /usr/share/bash-completion/bash_completion"
    case unbroken = "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}"
  }

  @Test(arguments: BashSetup.allCases)
  func bash(setup: BashSetup) throws {
    let shell = try CompletingShell(
      ["bash", "--noprofile", "--norc", "-i"],
      setup: [
        "PS1='$ '", setup.rawValue, ". \(Shell.repository.path)/completions/upon.bash",
        "bind 'set enable-bracketed-paste off'",
        #"bind -x '"\C-xs": printf "\n[[%s]]\n" "$READLINE_LINE"; READLINE_LINE='"#,
      ])
    for (typed, words) in Self.offers {
      // ESC * puts every candidate into the line.
      let line = try shell.type(typed, key: "\u{1B}*")
      let split = setup == .unbroken ? "" : String(typed.suffix { !" :=".contains($0) })
      let kept = String(typed.suffix { $0 != " " }.dropLast(split.count))
      let before = typed.dropLast(typed.suffix { $0 != " " }.count)
      let inserted = line.dropFirst(before.count).split(separator: " ").map(String.init)
      let offered =
        setup == .unbroken || inserted.count == 1
        ? inserted : inserted.map { $0.hasPrefix(kept) ? $0 : kept + $0 }
      #expect(
        offered.sorted() == (words.isEmpty ? [String(typed.suffix { $0 != " " })] : words.sorted()),
        "\(typed)")
    }
    for (typed, line) in Self.lines {
      #expect(try shell.type(typed, key: "\t") == line)
    }
  }

  @Test func zsh() throws {
    let shell = try CompletingShell(
      ["zsh", "-f", "-i"],
      setup: [
        "PS1='$ '", "unset zle_bracketed_paste", "fpath=(\(Shell.repository.path)/completions $fpath)",
        "autoload -Uz compinit", "compinit -u -D",
        "show() { print -r -- \"[[$BUFFER]]\"; BUFFER= }", "zle -N show", "bindkey '^Xs' show",
        "zle -C all-matches complete-word _generic", "bindkey '^Xa' all-matches",
        "zstyle ':completion:all-matches:*' completer _all_matches _complete",
        "zstyle ':completion:all-matches:*' insert yes",
      ])
    for (typed, words) in Self.offers {
      let line = try shell.type(typed, key: "\u{18}a")
      let last = typed.suffix { $0 != " " }
      let inserted = line.dropFirst(typed.count - last.count).split(separator: " ").map(String.init)
      #expect(
        inserted.sorted() == (words.isEmpty ? [String(last)].filter { !$0.isEmpty } : words.sorted()),
        "\(typed)")
    }
    for (typed, line) in Self.lines {
      #expect(try shell.type(typed, key: "\t") == line)
    }
  }

  @Test func fish() throws {
    let directory = try CompletingShell.directory()
    let run = try Shell.run(
      """
      source \(Shell.repository.path)/completions/upon.fish
      for line in $argv[2..]
          echo "== $line"
          complete -C $line
      end
      """, in: "fish", arguments: Self.offers.map(\.typed), directory: directory,
      environment: CompletingShell.environment(directory))
    #expect(run.errorText == "")
    let blocks = run.text.split(separator: "== ").map { $0.split(separator: "\n").map(String.init) }
    try #require(blocks.count == Self.offers.count)
    for (block, (typed, words)) in zip(blocks, Self.offers) {
      // fish also offers what contains the letters anywhere, where nothing begins with them.
      let last = typed.suffix { $0 != " " }
      let offered = block.dropFirst().map { String($0.prefix { $0 != "\t" }) }
        .filter { $0.hasPrefix(last) && $0 != last }
      #expect(offered.sorted() == words.sorted(), "\(typed)")
    }
  }
}

/// An interactive shell on a terminal that shows its line when asked to.
final class CompletingShell {
  private let shell: Running

  init(_ command: [String], setup: [String]) throws {
    let directory = try Self.directory()
    shell = try Shell.terminal(
      command, directory: directory, environment: Self.environment(directory).merging(["TERM": "dumb"]) { $1 }
    )
    shell.send(setup.joined(separator: "\r") + "\recho rea''dy\r")
    guard shell.wait(for: "ready\r\n") != nil else { throw HarnessError("\(command[0]) does not answer") }
  }

  /// A working directory with a file and a program to find.
  static func directory() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write([], to: "somefile")
    let made = try Shell.run("mkdir bin && : > bin/uponprobe && chmod +x bin/uponprobe", directory: directory)
    guard made.status == .exited(0) else { throw HarnessError(made.description) }
    return directory
  }

  static func environment(_ directory: TemporaryDirectory) -> [String: String] {
    ["PATH": "\(directory.path)/bin:" + Shell.environment["PATH"]!]
  }

  /// Types text and a key; gives the line that stands there then, and clears it.
  func type(_ text: String, key: String) throws -> String {
    shell.send(text + key + "\u{18}s")
    guard shell.wait(for: "[[") != nil, let shown = shell.wait(for: "]]") else {
      throw HarnessError(
        "no answer to '\(text)': \(Array(shell.output.suffix(500)).text)")
    }
    return String(shown.dropLast(2))
  }
}

extension StringProtocol {
  /// The longest end of the text whose characters all satisfy the condition.
  fileprivate func suffix(_ condition: (Character) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { formIndex(before: &start) }
    return self[start...]
  }
}
