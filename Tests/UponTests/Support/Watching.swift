import Foundation
import Testing

/// upon with a source of files, which is told of changes once everything is watched.
///
///     let watching = try Watching("path:src recursive", in: "mkdir src")
///     try watching.act("echo 1 > src/a")
///     #expect(watching.records.map { $0.text("path") } == ["src/a"])
final class Watching {
  let upon: Running

  /// Runs `setup` in a new directory, then upon there, and waits until so many of its sources watch.
  init(_ arguments: String, setup: String = "mkdir src", sources: Int = 1, within: String = "20s") throws {
    let directory = try TemporaryDirectory()
    let made = try Shell.run(setup, directory: directory)
    guard made.status == .exited(0) else { throw HarnessError(made.description) }
    upon = try Shell.start("exec upon -v -t \(within) \(arguments)", directory: directory)
    let isWatching = upon.wait { upon.errors.text.components(separatedBy: " are watched\n").count > sources }
    guard isWatching || upon.isOver else { throw HarnessError(upon.errors.text) }
  }

  /// Runs a script where upon watches, to its end.
  func act(_ script: String, in shell: String = "sh") throws {
    let run = try Shell.run(script, in: shell, directory: upon.directory)
    if run.status != .exited(0) { throw HarnessError(run.description) }
  }

  /// Runs a script, then makes the file `name`, and gives the records up to that of this file, without it.
  func records(of script: String, upTo name: String = "src/zz-last") throws -> [Record] {
    let before = upon.records.count
    try act(script)
    try act(": > \(name)")
    let isThere = upon.wait { upon.records.dropFirst(before).contains { $0.text("path") == name } }
    #expect(isThere, "\(upon.errors.text)")
    try act("rm \(name)")
    let isGone = upon.wait { upon.records.contains { $0.text("path") == name && $0.event == "delete" } }
    #expect(isGone)
    let found = Array(upon.records.dropFirst(before).filter { $0.text("path") != name })
    return found
  }

  /// The lines that commands have written so far.
  var lines: [String] {
    upon.output.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
  }
}
