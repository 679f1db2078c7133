import EventLoop
import Foundation
import Testing

import class EventLoop.Timer

@testable import FileEvents

extension FileEventsTests {
  @Suite struct LogFollowerTests {
    /// A log that is followed, and the lines that came.
    final class Followed {
      let scratch: Scratch
      let watched: Watched
      private(set) var follower: LogFollower!
      var lines: [String] = []
      var rotations = 0
      var cuts = 0
      var torn: [String] = []
      private var partial: [ObjectIdentifier: [UInt8]] = [:]

      init(
        _ path: String = "log", from start: LogFollower.Start = .end, saved: [LogPosition] = [],
        scratch: Scratch = Scratch(), prepare: String = "true"
      ) throws {
        self.scratch = scratch
        #expect(Shell.run("cd '\(scratch.path)' && " + prepare) == 0)
        watched = try Watched("unused", scratch: scratch)
        var handlers = LogFollower.Handlers { [unowned self] generation, bytes, offset in
          take(generation, bytes, offset)
        }
        handlers.onRotate = { [unowned self] _ in rotations += 1 }
        handlers.onTruncate = { [unowned self] generation in
          cuts += 1
          partial[ObjectIdentifier(generation)] = nil
        }
        handlers.onEnd = { [unowned self] generation in
          if let rest = partial.removeValue(forKey: ObjectIdentifier(generation)), !rest.isEmpty {
            torn.append(String(decoding: rest, as: UTF8.self))
          }
        }
        follower = LogFollower(
          path: Array((scratch.path + "/" + path).utf8), from: start, saved: saved, watches: watched.watches,
          handlers: handlers)
        // The first turns arm it.
        var rounds = 0
        try watched.wait {
          rounds += 1
          return rounds > 3
        }
      }

      private func take(_ generation: LogGeneration, _ bytes: UnsafeRawBufferPointer, _ offset: UInt64) {
        let key = ObjectIdentifier(generation)
        var line = partial[key] ?? []
        var done = offset
        for (place, byte) in bytes.enumerated() {
          if byte == 0x0A {
            lines.append(String(decoding: line, as: UTF8.self))
            line = []
            done = offset + UInt64(place) + 1
          } else {
            line.append(byte)
          }
        }
        if done > offset { generation.done(to: done) }
        partial[key] = line
      }

      func act(_ script: String, lines count: Int) throws {
        let running = Shell.start("cd '\(scratch.path)' && " + script)
        try watched.wait { !running.isRunning && self.lines.count >= count }
        #expect(running.status == 0)
      }

      func take() -> [String] {
        defer { lines = [] }
        return lines
      }

      deinit { follower.close() }
    }

    @Test func `reads what is appended from the end or the start`() throws {
      for (start, before) in [(LogFollower.Start.end, []), (.start, ["a", "b"])] {
        let log = try Followed(from: start, prepare: "printf 'a\\nb\\n' >log")
        try log.act("echo c >>log; echo d >>log", lines: before.count + 2)
        #expect(log.take() == before + ["c", "d"])
      }
    }

    @Test func `reads a log that appears later from its start`() throws {
      let log = try Followed("a/b/log")
      try log.act("mkdir -p a/b; echo 1 >a/b/log; echo 2 >>a/b/log", lines: 2)
      try log.act("mv a x; mkdir -p a/b; echo 3 >a/b/log; echo 4 >>x/b/log", lines: 4)
      #expect(Set(log.take()) == ["1", "2", "3", "4"])
    }

    @Test func `reads the old file to its end before the new`() throws {
      let log = try Followed(prepare: "touch log")
      try log.act("exec 3>>log; echo 1 >&3; mv log log.1; echo 2 >&3; echo 3 >log; echo 4 >&3", lines: 4)
      let lines = log.take()
      #expect(lines.filter { $0 != "4" } == ["1", "2", "3"])
      #expect(Set(lines) == ["1", "2", "3", "4"])
      #expect(log.rotations == 1)
    }

    @Test func `a log that was silent before it was rotated is read on after that`() throws {
      let log = try Followed(from: .start, prepare: "echo 1 >log")
      try log.act("true", lines: 1)
      // As if nothing had come for longer than an old file is waited for.
      log.follower.generations[0].lastRead -= 2 * LogFollower.linger
      try log.act("mv log log.1; echo 2 >log", lines: 2)
      try log.act("echo 3 >>log.1", lines: 3)
      #expect(log.take() == ["1", "2", "3"])
      #expect(log.rotations == 1)
    }

    @Test func `starts anew where the file was cut also when it has grown since`() throws {
      let log = try Followed(from: .start, prepare: "printf 'old 1\\nold 2\\n' >log")
      try log.act("true", lines: 2)
      #expect(Shell.run("cd '\(log.scratch.path)'; printf 'new 1\\nnew 2\\nnew 3\\n' >log") == 0)
      try log.act("true", lines: 5)
      #expect(log.take() == ["old 1", "old 2", "new 1", "new 2", "new 3"])
      #expect(log.cuts == 1)
    }

    @Test func `follows the target of a link that is set anew`() throws {
      let log = try Followed("link", prepare: "touch one two; ln -s one link")
      try log.act("echo 1 >>one", lines: 1)
      try log.act("ln -sfn two link; echo 2 >>two", lines: 2)
      #expect(log.take() == ["1", "2"])
    }

    @Test func `reads each file of a pattern once whatever it is called`() throws {
      let log = try Followed("*.log", prepare: "touch a.log b.log c.txt")
      try log.act("echo 1 >>a.log; echo 2 >>b.log; echo 3 >>c.txt", lines: 2)
      try log.act("mv a.log d.log; echo 4 >>d.log; echo 5 >e.log", lines: 4)
      #expect(Set(log.take()) == ["1", "2", "4", "5"])
    }

    @Test func `goes on where an earlier run has stopped`() throws {
      let scratch = Scratch()
      var first: Followed? = try Followed(from: .start, scratch: scratch, prepare: "printf '1\\n2\\n3' >log")
      try first!.act("true", lines: 2)
      let positions = first!.follower.positions()
      #expect(first!.take() == ["1", "2"])
      #expect(positions.map(\.offset) == [4])
      first = nil
      // Rotated twice while nobody reads; the first file has what is left of the third line.
      let second = try Followed(
        from: .end, saved: positions, scratch: scratch,
        prepare: "printf '\\n4\\n' >>log; mv log log.2; echo 5 >log.1; echo 6 >log")
      try second.act("echo 7 >>log", lines: 5)
      #expect(second.take() == ["3", "4", "5", "6", "7"])
    }

    @Test func `knows a file from the next one with its inode`() throws {
      let scratch = Scratch()
      var first: Followed? = try Followed(from: .start, scratch: scratch, prepare: "printf '1\\n2\\n' >log")
      try first!.act("true", lines: 2)
      let positions = first!.follower.positions()
      first = nil
      let second = try Followed(
        from: .start, saved: positions, scratch: scratch, prepare: "rm log; printf 'a\\nb\\nc\\n' >log")
      try second.act("true", lines: 3)
      #expect(second.take() == ["a", "b", "c"])
    }

    enum Rotation: String, CaseIterable { case rename, renameChain, unlink }

    /// Numbered lines while the log is rotated under the writer: none is missing, doubled or torn.
    @Test(arguments: Rotation.allCases) func `loses nothing through rotations`(rotation: Rotation) throws {
      let log = try Followed(prepare: "touch log")
      let count = 3000
      let rotate = [
        Rotation.rename: "os.rename('log', 'log.%d' % n)",
        .renameChain:
          "[os.path.exists(f'log.{i}') and os.rename(f'log.{i}', f'log.{i + 1}') for i in range(60, 0, -1)]; os.rename('log', 'log.1')",
        .unlink: "os.unlink('log')",
      ][rotation]!
      try log.act(
        """
        python3 -c "
        import os
        f = open('log', 'a', buffering=1)
        for n in range(\(count)):
            f.write('line %d of many\\n' % n)
            if n % 100 == 99:
                \(rotate)
                f.write('late %d\\n' % n)
                f.close()
                f = open('log', 'a', buffering=1)
        "
        """, lines: rotation == .unlink ? 1 : count + count / 100)
      let lines = log.take()
      let expected = Set(
        (0..<count).map { "line \($0) of many" } + (0..<count / 100).map { "late \($0 * 100 + 99)" })
      let missing = expected.subtracting(lines)
      print(
        "tail: \(rotation): missing \(missing.count), doubled \(lines.count - Set(lines).count), torn \(Set(lines).subtracting(expected).count) of \(expected.count)"
      )
      #expect(Set(lines).subtracting(expected).isEmpty)
      #expect(lines.count == Set(lines).count)
      // A file that is removed before it could be opened is gone with its lines.
      if rotation != .unlink { #expect(missing.isEmpty, "\(missing.prefix(3))") }
    }
  }
}
