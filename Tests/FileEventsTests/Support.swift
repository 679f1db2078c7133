import EventLoop
import Foundation
import Testing

import class EventLoop.Timer

@testable import FileEvents

/// All tests of the module, one after the other: they share the machine's events and load.
@Suite(.serialized) enum FileEventsTests {}

let millisecond: Int64 = 1_000_000

/// What was told, kept.
struct Told: Equatable, CustomStringConvertible {
  var kind: FileEvent.Kind
  var path: [UInt8]
  var source: [UInt8]?
  var type: FileType?
  var isFromScan = false

  var description: String {
    "\(kind) \(String(decoding: path, as: UTF8.self))"
      + (source.map { " from " + String(decoding: $0, as: UTF8.self) } ?? "")
  }
}

/// A directory of its own that is removed at the end.
final class Scratch {
  let path: String

  init(below: String = "/var/tmp") {
    var template = Array("\(below)/file-events-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
  }

  deinit {
    // Foundation does not know names that are not UTF-8.
    _ = Shell.run("chmod -R u+rwX '\(path)'; rm -rf '\(path)'")
  }
}

enum Shell {
  /// Runs a script to its end; returns its status.
  static func run(_ script: String) -> Int32 {
    let running = start(script)
    while running.isRunning { usleep(500) }
    return running.status
  }

  static func start(_ script: String) -> Running { Running(script) }

  /// What a script writes.
  static func output(_ script: String) -> String {
    let file = Scratch()
    _ = run("{ " + script + "; } >'\(file.path)/out'")
    return (try? String(contentsOfFile: file.path + "/out", encoding: .utf8)) ?? ""
  }
}

/// A tree that is watched on a loop of its own, and everything that it has told.
final class Watched {
  let scratch: Scratch
  let loop: EventLoop
  let watches: FileWatches
  private(set) var tree: (any WatchedTree)!
  var told: [Told] = []
  var troubles: [FileTrouble] = []
  var isReady = false
  /// The path as the tree knows it, and a slash.
  let prefix: String

  /// Watches `path`, relative to the scratch directory unless it begins with a slash; waits until it is ready.
  init(
    _ path: String = "", _ options: TreeOptions = .recursive, scratch: Scratch = Scratch(),
    prepare: String = "", isWaiting: Bool = true
  ) throws {
    self.scratch = scratch
    if !prepare.isEmpty { #expect(Shell.run("cd '\(scratch.path)' && " + prepare) == 0) }
    loop = try EventLoop(verbose: false)
    watches = try FileWatches(loop: loop)
    let full = path.hasPrefix("/") ? path : path.isEmpty ? scratch.path : scratch.path + "/" + path
    prefix = full + "/"
    let handlers = TreeHandlers(
      onEvent: { [unowned self] event in
        told.append(
          Told(
            kind: event.kind, path: Array(event.path), source: event.source.map { Array($0) },
            type: event.type, isFromScan: event.isFromScan))
      }, onReady: { [unowned self] in isReady = true }, onTrouble: { [unowned self] in troubles.append($0) })
    tree = watches.tree(path: Array(full.utf8), options: options, handlers: handlers)
    if isWaiting { try wait { self.isReady } }
  }

  var fileTree: FileTree { tree as! FileTree }

  /// How many watches the kernel has of this instance.
  var watchCount: Int {
    let text = try? String(contentsOfFile: "/proc/self/fdinfo/\(watches.instance)", encoding: .utf8)
    return text?.split(separator: "\n").count { $0.hasPrefix("inotify wd:") } ?? -1
  }

  /// Runs the loop until something is so; a hundred seconds later, which only a failure reaches, the test has failed.
  func wait(
    every pause: Int64 = millisecond, sourceLocation: SourceLocation = #_sourceLocation,
    until condition: @escaping () -> Bool
  ) throws {
    let limit = Clock.monotonic() + 100_000 * millisecond
    var timer: Timer?
    timer = Timer(loop: loop) { [loop] now in
      if condition() { return loop.stop() }
      if now > limit {
        Issue.record("not within a hundred seconds", sourceLocation: sourceLocation)
        return loop.stop()
      }
      timer?.arm(at: now + pause)
    }
    timer?.arm(at: Clock.monotonic())
    try loop.run()
    timer = nil
  }

  /// Runs the loop until everything that has happened by now is told.
  func settle(sourceLocation: SourceLocation = #_sourceLocation) throws {
    var rounds = 0
    try wait(sourceLocation: sourceLocation) {
      rounds = self.fileTree.isQuiet ? rounds + 1 : 0
      return rounds == 3
    }
  }

  /// Runs a script in the scratch directory beside the loop, and then until everything is told.
  func act(_ script: String, status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let process = Shell.start("cd '\(scratch.path)' && " + script)
    try wait(sourceLocation: sourceLocation) { !process.isRunning }
    #expect(process.status == status, sourceLocation: sourceLocation)
    try settle(sourceLocation: sourceLocation)
  }

  /// What was told since the last call, in words: kind and path relative to the root.
  func take() -> [String] {
    defer { told = [] }
    return told.map { event in
      var words = "\(event.kind) \(name(event.path))"
      if let source = event.source { words += " from \(name(source))" }
      return words
    }
  }

  private func name(_ path: [UInt8]) -> String {
    let text = String(decoding: path, as: UTF8.self)
    return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text + "/" == prefix ? "." : text
  }

  deinit { tree?.close() }
}

extension TreeOptions {
  static var recursive: TreeOptions {
    var options = TreeOptions()
    options.isRecursive = true
    return options
  }

  /// Every name that comes and goes, and what is complete.
  static var names: TreeOptions {
    var options = recursive
    options.kinds = [.written, .delete, .move, .create, .overflow]
    return options
  }

  func with(_ change: (inout TreeOptions) -> Void) -> TreeOptions {
    var options = self
    change(&options)
    return options
  }
}

extension FileTree {
  /// Whether everything that the kernel has queued is told.
  var isQuiet: Bool {
    !hasWork && moves.isEmpty && horizon == .max && openedWindows.isEmpty && fresh.isEmpty && !trail.isStale
      && watches.horizon() == watches.position
  }
}

/// Raw calls, for names that are not text.
func touch(_ path: [UInt8], _ content: String = "x") {
  let file = path.withUnsafeBufferPointer { bytes in
    var text = Array(bytes.map { CChar(bitPattern: $0) })
    text.append(0)
    return open(text, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o644)
  }
  precondition(file >= 0)
  _ = content.withCString { write(file, $0, strlen($0)) }
  close(file)
}
