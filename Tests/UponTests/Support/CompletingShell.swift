import Testing

/// An interactive shell on a terminal that shows its line when asked to.
final class CompletingShell {
  private let shell: Running

  init(_ command: [String], setup: [String], directory: TemporaryDirectory) throws {
    shell = try Shell.terminal(
      command, directory: directory, environment: Self.environment(directory).merging(["TERM": "dumb"]) { $1 }
    )
    shell.send(setup.joined(separator: "\r") + "\recho rea''dy\r")
    guard shell.wait(for: "ready\r\n") != nil else { throw HarnessError("\(command[0]) does not answer") }
  }

  /// A working directory with a file, a socket and a program to find.
  static func directory() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write([], to: "somefile")
    let made = try Shell.run(
      """
      mkdir bin && : > bin/uponprobe && chmod +x bin/uponprobe &&
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
      """, directory: directory)
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

// MARK: Checks

extension CompletingShell {
  enum BashSetup: String, CaseIterable {
    case alone = ":"
    case withLibrary = ". /usr/share/bash-completion/bash_completion"
    case unbroken = "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}"
  }

  /// Checks what bash offers for what is typed, and the lines that TAB makes.
  static func checkBash(
    _ program: String, _ setup: BashSetup, _ offers: [(typed: String, words: [String])],
    _ lines: [(typed: String, line: String)], in directory: TemporaryDirectory? = nil
  ) throws {
    let shell = try CompletingShell(
      ["bash", "--noprofile", "--norc", "-i"],
      setup: [
        "PS1='$ '", setup.rawValue, ". \(Shell.repository.path)/completions/\(program).bash",
        "bind 'set enable-bracketed-paste off'",
        #"bind -x '"\C-xs": printf "\n[[%s]]\n" "$READLINE_LINE"; READLINE_LINE='"#,
      ], directory: directory ?? self.directory())
    for (typed, words) in offers {
      // ESC * puts every candidate into the line.
      let line = try shell.type(typed, key: "\u{1B}*")
      let split = setup == .unbroken ? "" : String(typed.suffix { !" :=".contains($0) })
      let kept = String(typed.suffix { $0 != " " }.dropLast(split.count))
      let before = typed.dropLast(typed.suffix { $0 != " " }.count)
      let inserted = line.dropFirst(before.count).split(separator: " ").map(String.init)
      let offered =
        setup == .unbroken || inserted.count == 1
        ? inserted : inserted.map { $0.hasPrefix(kept) ? $0 : kept + $0 }
      let expected =
        words.isEmpty ? [String(typed.suffix { $0 != " " })].filter { !$0.isEmpty } : words.sorted()
      #expect(offered.sorted() == expected, "\(typed)")
    }
    for (typed, line) in lines {
      #expect(try shell.type(typed, key: "\t") == line)
    }
  }

  /// Checks the same in zsh.
  static func checkZsh(
    _ offers: [(typed: String, words: [String])], _ lines: [(typed: String, line: String)],
    in directory: TemporaryDirectory? = nil
  ) throws {
    let shell = try CompletingShell(
      ["zsh", "-f", "-i"],
      setup: [
        "PS1='$ '", "unset zle_bracketed_paste", "fpath=(\(Shell.repository.path)/completions $fpath)",
        "autoload -Uz compinit", "compinit -u -D",
        "show() { print -r -- \"[[$BUFFER]]\"; BUFFER= }", "zle -N show", "bindkey '^Xs' show",
        "zle -C all-matches complete-word _generic", "bindkey '^Xa' all-matches",
        "zstyle ':completion:all-matches:*' completer _all_matches _complete",
        "zstyle ':completion:all-matches:*' insert yes",
      ], directory: directory ?? self.directory())
    for (typed, words) in offers {
      let line = try shell.type(typed, key: "\u{18}a")
      let last = typed.suffix { $0 != " " }
      let inserted = line.dropFirst(typed.count - last.count).split(separator: " ").map(String.init)
      #expect(
        inserted.sorted() == (words.isEmpty ? [String(last)].filter { !$0.isEmpty } : words.sorted()),
        "\(typed)")
    }
    for (typed, line) in lines {
      #expect(try shell.type(typed, key: "\t") == line)
    }
  }

  /// Checks the same in fish, by `complete -C`.
  static func checkFish(
    _ programs: [String], _ offers: [(typed: String, words: [String])],
    in directory: TemporaryDirectory? = nil
  ) throws {
    let directory = try directory ?? self.directory()
    let sources = programs.map { "source \(Shell.repository.path)/completions/\($0).fish" }
    let run = try Shell.run(
      """
      \(sources.joined(separator: "\n"))
      for line in $argv[2..]
          echo "== $line"
          complete -C $line
      end
      """, in: "fish", arguments: offers.map(\.typed), directory: directory,
      environment: environment(directory))
    #expect(run.errorText == "")
    let blocks = run.text.split(separator: "== ").map { $0.split(separator: "\n").map(String.init) }
    try #require(blocks.count == offers.count)
    for (block, (typed, words)) in zip(blocks, offers) {
      // fish also offers what contains the letters anywhere, where nothing begins with them.
      let last = typed.suffix { $0 != " " }
      let offered = block.dropFirst().map { String($0.prefix { $0 != "\t" }) }
        .filter { $0.hasPrefix(last) && $0 != last }
      #expect(offered.sorted() == words.sorted(), "\(typed)")
    }
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
