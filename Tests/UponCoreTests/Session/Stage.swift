import EventLoop
import Foundation
import Testing

@testable import UponCore

/// A session on a clock of its own, that takes no requests and prints into a file.
///
/// `print` in its words stands for `print file=… as=tsv fields=name,event,count`.
final class Stage {
  private let clock = ManualClock()
  private let path: String
  private let intake = NoRequests()
  let session: Session

  convenience init(_ words: String...) throws {
    try self.init(words)
  }

  init(_ words: [String]) throws {
    path = NSTemporaryDirectory() + "stage-\(UUID().uuidString)"
    let printing = ["print", "file=\(path)", "as=tsv", "fields=name,event,count"]
    let typed = words.flatMap { $0 == "print" ? printing : [$0] }
    let invocation = try Parser.parse(typed.map { Word($0) })
    session = try Session(invocation, process: .adopt(), intake: intake, clock: clock)
    session.services.loop.onTurnEnd = { [unowned session] in session.settle() }
    session.start(try session.add(invocation).feeds)
    session.commands.isRunning = true
    session.settle()
  }

  deinit {
    unlink(path)
  }

  var loop: EventLoop { session.services.loop }

  /// Sets the clock forward, and lets happen what is due until then.
  func advance(_ milliseconds: Int) {
    loop.advance(by: Int64(milliseconds) * 1_000_000)
    session.settle()
  }

  /// Waits for commands, as long as they take, until the session is over.
  func runToTheEnd() throws {
    if session.ending.phase != .done { try loop.run() }
  }

  /// The source of that name, which has not ended.
  func feed(_ name: String) throws -> Feed {
    try #require(session.feeds[Array(name.utf8)])
  }

  /// What has been printed so far, a line an event, with spaces for tabs.
  var printed: [String] {
    session.settle()
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map {
      $0.replacingOccurrences(of: "\t", with: " ").trimmingCharacters(in: .whitespaces)
    }
  }

  /// How the session has ended; nil while it goes on.
  var status: Int32? {
    guard session.ending.phase == .done, case .status(let status) = session.conclude() else { return nil }
    return status
  }
}

/// No way by which requests come.
private final class NoRequests: RequestIntake {
  let keepsAlive = false
  func open(_ addresses: [ControlAddress], session: Session) throws(SourceFailure) {}
  func close() {}
  func letGo() {}
  func outputHasRoom() {}
}
