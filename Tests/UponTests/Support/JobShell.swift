import Foundation
import Testing

/// An interactive shell with job control on a terminal, as a person has it.
final class JobShell {
  /// The shells that people have; of these bash sends no CONT to a running job that it brings to the foreground.
  enum Kind: String, CaseIterable {
    /// With its line editor, which reads a key at a time.
    case bash = "bash --norc --noprofile -i"
    case plainBash = "bash --norc --noprofile --noediting -i"
    case dash = "dash -i"
    case zsh = "zsh -f -i"
  }

  /// What stands in front of a command that is typed.
  private static let prompt = "@ "
  let terminal: Running

  init(_ kind: Kind = .plainBash) throws {
    terminal = try Shell.terminal(
      kind.rawValue.split(separator: " ").map(String.init),
      environment: ["PS1": Self.prompt, "TERM": "dumb", "ENV": ""])
    // The answer is not what the terminal echoes, which it does only until then.
    enter("stty -echo; echo rea''dy")
    guard wait(for: "ready\r\n") != nil, hasPrompt() else {
      throw HarnessError("\(kind) does not answer: \(terminal.output.text)")
    }
  }

  /// Types a line and the enter key.
  func enter(_ line: String) {
    // A line editor lets the line feed mean something else.
    terminal.send(line + "\r")
  }

  /// Types the key that stops what is in the foreground, and waits until the shell has the terminal: what was typed
  /// before that could be read by who is being stopped.
  func stop() -> Bool {
    terminal.send("\u{1A}")
    return hasPrompt()
  }

  /// Types the key that interrupts, and waits for the shell.
  func interrupt() -> Bool {
    terminal.send("\u{3}")
    return hasPrompt()
  }

  /// Waits for a text behind what was found last.
  @discardableResult
  func wait(for text: String) -> String? { terminal.wait(for: text) }

  /// Waits for the next prompt.
  func hasPrompt() -> Bool { wait(for: Self.prompt) != nil }

  /// Waits until the shell answers what is typed now.
  func answers() -> Bool {
    enter("echo an''swer")
    return wait(for: "answer\r\n") != nil && hasPrompt()
  }

  /// Runs a line and gives what it has written.
  func run(_ line: String) -> String {
    enter("\(line); echo en''d")
    let written = wait(for: "end\r\n").map { String($0.dropLast(4)) } ?? ""
    return hasPrompt() ? written : "no prompt"
  }

  /// The state of a process, as `ps` says it: `T` where it is stopped.
  static func state(of pid: Int) -> String? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
    return stat.split(separator: ")").last.map { String($0.dropFirst().prefix(1)) }
  }

  /// How often the process has slept and been woken.
  static func sleeps(of pid: Int) -> Int? {
    let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    return text?.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
      .flatMap { Int($0.split(separator: "\t").last ?? "") }
  }

  /// Waits until every one of these processes is stopped, or none is.
  func wait(until areStopped: Bool, _ pids: [Int]) -> Bool {
    terminal.wait { pids.allSatisfy { (Self.state(of: $0) == "T") == areStopped } }
  }

  /// The process group that has the terminal.
  var foreground: Int? {
    let stat = try? String(contentsOfFile: "/proc/\(terminal.pid)/stat", encoding: .utf8)
    return stat?.split(separator: ")").last.flatMap { Int($0.split(separator: " ")[5]) }
  }

  /// Brings the last job, of that process group, to the foreground; which the shell does when it has told so.
  func bringBack(_ group: Int) -> Bool {
    enter("fg")
    return terminal.wait { foreground == group }
  }

  /// Waits for `NAME=PID=`, which no line that is typed has, and gives the number.
  func pid(_ name: String) throws -> Int {
    var number: Int?
    _ = terminal.wait {
      number =
        terminal.output.text.components(separatedBy: "\(name)=").dropFirst().lazy
        .compactMap { Int($0.prefix { $0 != "=" }) }.first
      return number != nil
    }
    guard let number else { throw HarnessError("no \(name) in \(terminal.output.text)") }
    return number
  }
}
