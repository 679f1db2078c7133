import ArgumentParser
import JSON
import Platform

/// `-`: requests from standard input.
struct PassThrough: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "-",
    abstract: "Pass requests from standard input, one JSON object a line, and print the answers.",
    usage: "uponctl PATH -")

  @ParentCommand var control: Uponctl

  func run() throws {
    var passage = Passage(control: try control.connect())
    try passage.run()
    if !passage.answers.areGood { throw ExitCode(1) }
  }
}

/// Requests on their way in and answers on their way out.
private struct Passage {
  enum Input { case open, ended, told }

  let control: Control
  private(set) var answers = Answers()
  private var input = Input.open
  private var unsent: ArraySlice<UInt8> = []
  /// Whether the last line that was read had its end.
  private var isComplete = true
  /// Only what comes after the last request is waited for with a limit.
  private var deadline = Int64.max

  init(control: Control) {
    self.control = control
  }

  mutating func run() throws {
    while true {
      let isIdle = unsent.isEmpty
      var ready = [
        pollfd(fd: control.socket, events: Int16(POLLIN | (isIdle ? 0 : POLLOUT)), revents: 0),
        pollfd(fd: input == .open && isIdle ? 0 : -1, events: Int16(POLLIN), revents: 0),
      ]
      guard try Control.poll(&ready, until: deadline) else { throw control.noAnswer }
      if ready[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0, try !takeAnswers() { return }
      if ready[0].revents & Int16(POLLOUT) != 0 { unsent = try control.send(unsent) }
      if ready[1].revents != 0 { try takeRequests() }
      if input == .ended, unsent.isEmpty {
        control.finishSending()
        input = .told
        deadline = control.deadline
      }
    }
  }

  private mutating func takeRequests() throws {
    let bytes = try StandardInput.read()
    unsent = bytes[...]
    if bytes.isEmpty {
      input = .ended
      // A last line without its end is a request like the others.
      if !isComplete { unsent = [UInt8(ascii: "\n")] }
    } else {
      isComplete = bytes.last == UInt8(ascii: "\n")
    }
  }

  /// Prints what has come; false at the end, which is what an upon does that was told to exit.
  private mutating func takeAnswers() throws -> Bool {
    let bytes = try control.receive()
    if bytes.isEmpty {
      if !unsent.isEmpty { throw control.unreachable("the connection was closed before the last request") }
      return false
    }
    answers.take(bytes)
    Output.write(bytes)
    if input == .told { deadline = control.deadline }
    return true
  }
}

/// The lines of answers that have come, of which only one thing is wanted.
private struct Answers {
  private(set) var areGood = true
  private var part: [UInt8] = []

  mutating func take(_ bytes: [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let rest = lines.removeLast()
    for line in lines {
      let answer = (part + line).withUnsafeBytes { try? JSONValue(reading: $0, allowsNUL: true) }
      if case .bool(false)? = answer?["ok"] { areGood = false }
      part = []
    }
    part += rest
  }
}
