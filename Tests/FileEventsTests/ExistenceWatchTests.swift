import EventLoop
import Foundation
import Testing

import class EventLoop.Timer

@testable import FileEvents

extension FileEventsTests {
  @Suite struct ExistenceWatchTests {
    /// A level that is watched, and every level that was told.
    final class Level {
      let watched: Watched
      var levels: [FileType?] = []
      private(set) var watch: ExistenceWatch!

      init(_ path: String, settle: Int64? = nil, poll: Int64? = nil, scratch: Scratch = Scratch()) throws {
        watched = try Watched("unused", scratch: scratch)
        watch = ExistenceWatch(
          path: Array((scratch.path + "/" + path).utf8), settle: settle, poll: poll, watches: watched.watches,
          handlers: .init(onChange: { [unowned self] in levels.append($0) }))
      }

      func act(_ script: String, until count: Int) throws {
        #expect(Shell.run("cd '\(watched.scratch.path)' && " + script) == 0)
        try watched.wait { self.levels.count >= count }
      }

      deinit { watch.close() }
    }

    @Test func `tells the level at once and each change`() throws {
      let level = try Level("a/b/c")
      try level.act("true", until: 1)
      try level.act("mkdir -p a/b && touch a/b/c", until: 2)
      try level.act("mv a x", until: 3)
      try level.act("mv x a && rm a/b/c && mkdir a/b/c", until: 4)
      try level.act("rm -r a", until: 5)
      #expect(level.levels == [nil, .file, nil, .directory, nil])
    }

    @Test func `looks through links`() throws {
      let level = try Level("link")
      try level.act("ln -s target link", until: 1)
      try level.act("mkdir t && ln -s t/x target", until: 1)
      #expect(level.levels == [nil])
      try level.act("touch t/x", until: 2)
      try level.act("rm t/x", until: 3)
      #expect(level.levels == [nil, .file, nil])
    }

    @Test func `waits until the file has been unchanged`() throws {
      let level = try Level("f", settle: 40 * millisecond)
      try level.act("true", until: 1)
      let writer = Shell.start(
        "cd '\(level.watched.scratch.path)'; for i in 1 2 3 4 5 6 7 8; do echo 1 >>f; sleep 0.02; done")
      try level.watched.wait { level.levels.count >= 2 }
      #expect(!writer.isRunning)
      #expect(level.levels == [nil, .file])
      let size =
        try FileManager.default.attributesOfItem(atPath: level.watched.scratch.path + "/f")[.size] as? Int
      #expect(size == 16)
    }

    @Test func `looks every so often when asked to`() throws {
      let level = try Level("a/f", poll: 5 * millisecond)
      try level.act("true", until: 1)
      try level.act("mkdir a; touch a/f", until: 2)
      try level.act("rm -r a", until: 3)
      #expect(level.levels == [nil, .file, nil])
      #expect(level.watch.pollingReason == "asked for")
    }

    /// The path comes in every way that there is, at any moment of the arming.
    @Test func `misses none of two hundred races`() throws {
      let scratch = Scratch()
      let watched = try Watched("unused", scratch: scratch)
      let ways = [
        "mkdir -p {}/a/b && touch {}/a/b/f", "mkdir -p {}x/a/b && touch {}x/a/b/f && mv {}x {}",
        "mkdir -p {}/a && mkdir {}y && touch {}y/f && mv {}y {}/a/b",
        "mkdir -p {}/t && touch {}/t/f && ln -s . {}/a && ln -s t {}/b",
        "mkdir -p {}/a/b && mv {} {}z && mkdir -p {}/a && mv {}z/a/b {}/a/b && touch {}/a/b/f",
      ]
      for round in 0..<40 {
        let script = ways.enumerated().map { number, way in
          way.replacingOccurrences(of: "{}", with: "r\(round)w\(number)")
        }
        let running = Shell.start("cd '\(scratch.path)'; " + script.joined(separator: "; "))
        var present = Set<Int>()
        var watches: [ExistenceWatch] = []
        for number in ways.indices {
          watches.append(
            ExistenceWatch(
              path: Array("\(scratch.path)/r\(round)w\(number)/a/b/f".utf8), watches: watched.watches,
              handlers: .init(onChange: { type in
                if type != nil { present.insert(number) } else { present.remove(number) }
              })))
        }
        try watched.wait { !running.isRunning && present.count == ways.count }
        #expect(present.count == ways.count, "round \(round)")
        for watch in watches { watch.close() }
      }
    }
  }
}
