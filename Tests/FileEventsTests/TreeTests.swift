import EventLoop
import Foundation
import Testing

import class EventLoop.Timer

@testable import FileEvents

extension FileEventsTests {
  @Suite struct TreeTests {
    // MARK: The path itself

    @Test func `tells a file that comes goes and comes again`() throws {
      let watched = try Watched("a/b/f", .names)
      #expect(watched.tree.presence == .absent(nearest: Array(watched.scratch.path.utf8)))
      for _ in 0..<3 {
        try watched.act("mkdir -p a/b; echo 1 >a/b/f")
        #expect(watched.tree.presence == .present)
        try watched.act("rm -r a")
        #expect(watched.take() == ["create .", "written .", "delete ."])
      }
    }

    /// A file that was gone again when its coming was read had no type, and was not told.
    @Test func `tells a file that was moved in also when it is gone by then`() throws {
      let watched = try Watched("d", prepare: "mkdir d; echo 1 >d/f; echo 2 >new; ln -s new link")
      // Nothing is read while this runs.
      #expect(
        Shell.run("cd '\(watched.scratch.path)'; mv new d/f; rm d/f; mv link d/g; mv d/g d/h; rm d/h") == 0)
      try watched.settle()
      #expect(
        watched.take() == ["written f", "delete f", "written g", "move h from g", "written h", "delete h"])
    }

    @Test func `tells a directory that comes with everything in it`() throws {
      let watched = try Watched("a/d", .names, prepare: "mkdir -p x/d/e; echo 1 >x/d/e/f")
      try watched.act("mv x a")
      #expect(watched.take() == ["create .", "create e", "create e/f", "written e/f"])
      #expect(watched.tree.directoryCount == 2)
      try watched.act("mv a x; echo 2 >x/d/e/f")
      #expect(watched.take() == ["delete ."])
      #expect(watched.tree.directoryCount == 0)
      try watched.act("mv x a; echo 3 >a/d/e/g")
      #expect(
        Set(watched.take()) == [
          "create .", "create e", "create e/f", "written e/f", "create e/g", "written e/g",
        ])
    }

    @Test func `writes paths as the root was typed`() throws {
      let watched = try Watched("d//", prepare: "mkdir -p d/e")
      try watched.act("echo 1 >d/f; echo 1 >d/e/g")
      #expect(
        watched.told.map { String(decoding: $0.path, as: UTF8.self) } == [
          watched.scratch.path + "/d//f", watched.scratch.path + "/d//e/g",
        ])
    }

    @Test(arguments: ["ln -sfn two link", "rm link; ln -s two link"])
    func `tells that a link on the way is set anew`(act: String) throws {
      let watched = try Watched(
        "link/d", .recursive,
        prepare: "mkdir -p one/d two/d; echo 1 >one/d/f; echo 2 >two/d/f; ln -s one link")
      try watched.act("echo 1 >one/d/f; echo 2 >two/d/f")
      #expect(watched.take() == ["written f"])
      try watched.act(act)
      let told = watched.take()
      #expect(told == ["written ."] || (act.hasPrefix("rm") && told == ["delete .", "written f"]))
      try watched.act("echo 1 >one/d/f; echo 2 >two/d/f")
      #expect(watched.take() == ["written f"])
    }

    @Test func `sees a file behind a chain of links`() throws {
      let watched = try Watched("a", prepare: "mkdir x y; echo 1 >y/f; ln -s ../y/f x/b; ln -s x/b a")
      try watched.act("echo 2 >y/f")
      #expect(watched.take() == ["written ."])
      try watched.act("echo 3 >y/g; mv y/g y/f")
      #expect(watched.take() == ["written ."])
      try watched.act("ln -sfn ../y/h x/b")
      #expect(watched.take() == ["delete ."])
      try watched.act("echo 4 >y/h")
      #expect(watched.take() == ["written ."])
    }

    /// As a volume of configuration is updated: the link to the data is replaced by a rename.
    @Test func `sees a configuration that is switched by a link`() throws {
      let watched = try Watched(
        "v/key", prepare: "mkdir -p v/1; echo a >v/1/key; ln -s 1 v/..data; ln -s ..data/key v/key")
      try watched.act("mkdir v/2; echo b >v/2/key; ln -s 2 v/..tmp; mv -T v/..tmp v/..data; rm -r v/1")
      #expect(watched.take() == ["written ."])
      try watched.act("echo c >v/2/key")
      #expect(watched.take() == ["written ."])
    }

    @Test func `follows no link inside a tree`() throws {
      let watched = try Watched("d", prepare: "mkdir d e; ln -s ../e d/link; ln -s .. d/up")
      #expect(watched.tree.directoryCount == 1)
      try watched.act("echo 1 >e/f; ln -s ../e d/other; echo 2 >e/f")
      #expect(watched.take() == ["written other"])
    }

    @Test func `watches one directory without what is below`() throws {
      let watched = try Watched(
        "d", TreeOptions.names.with { $0.isRecursive = false }, prepare: "mkdir -p d/e")
      try watched.act(
        "echo 1 >d/f; echo 1 >d/e/g; mkdir d/h; echo 1 >d/h/i; mv d/h d/j; rmdir d/e 2>/dev/null; rm -r d/j")
      #expect(watched.take() == ["create f", "written f", "create h", "move j from h", "delete j"])
      #expect(watched.tree.directoryCount == 1)
    }

    // MARK: Moves

    @Test func `follows directories that are moved and exchanged`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir -p d/a/x d/b/y/z")
      try watched.act("mv d/a d/b/c; echo 1 >d/b/c/x/f")
      #expect(watched.take() == ["move b/c from a", "create b/c/x/f", "written b/c/x/f"])
      let flags: UInt32 = 2  // RENAME_EXCHANGE
      #expect(exchange(watched.prefix + "b/c", watched.prefix + "b/y", flags) == 0)
      try watched.settle()
      #expect(watched.take() == ["move b/y from b/c", "move b/c from b/y"])
      try watched.act("echo 1 >d/b/y/x/f; echo 1 >d/b/c/z/g")
      #expect(watched.take() == ["written b/y/x/f", "create b/c/z/g", "written b/c/z/g"])
      #expect(watched.tree.directoryCount == 6)
    }

    @Test func `knows nothing of a tree that was moved away`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir -p d/a/b/c out")
      try watched.act("mv d/a out/a; echo 1 >out/a/b/c/f")
      #expect(watched.take() == ["delete a"])
      #expect(watched.tree.directoryCount == 1)
      try watched.act("mv out/a d/a; echo 2 >d/a/b/c/f")
      #expect(
        Set(watched.take()) == [
          "create a", "create a/b", "create a/b/c", "create a/b/c/f", "written a/b/c/f",
        ])
      #expect(watched.tree.directoryCount == 4)
    }

    // MARK: Choosing

    @Test func `prunes what is excluded and tells only what is included`() throws {
      let options = TreeOptions.names.with {
        $0.exclude = [Glob("node_modules")!, Glob("build/out")!]
        $0.include = [Glob("*.c")!]
      }
      let watched = try Watched("d", options, prepare: "mkdir -p d/node_modules/x d/build/out d/src")
      #expect(watched.tree.directoryCount == 3)
      try watched.act(
        """
        cd d; echo 1 >node_modules/x/a.c; echo 1 >build/out/b.c; echo 1 >src/c.c; echo 1 >src/d.h; mkdir src/node_modules
        echo 1 >src/node_modules/e.c; mkdir src/f; echo 1 >src/f/g.c; mv src/d.h src/h.c; 
        """)
      try watched.act("cd d; mv src/h.c src/i.h; rm -r src/f")
      #expect(
        watched.take() == [
          "create src/c.c", "written src/c.c", "create src/f/g.c", "written src/f/g.c", "create src/h.c",
          "written src/h.c",
          "delete src/h.c", "delete src/f/g.c",
        ])
    }

    // MARK: At the start, and at rest

    @Test func `tells the backlog before it is ready`() throws {
      let options = TreeOptions.names.with { $0.tellsBacklog = true }
      let scratch = Scratch()
      let open = Shell.start(
        "mkdir -p '\(scratch.path)/d/e'; cd '\(scratch.path)/d'; touch f e/g; ln -s f h; exec sleep 0.01")
      while open.isRunning { usleep(1000) }
      let writer = FileHandle(forWritingAtPath: scratch.path + "/d/f")!
      let watched = try Watched("d", options, scratch: scratch)
      #expect(Set(watched.take()) == ["written e/g", "written h"])
      try writer.close()
      try watched.settle()
      #expect(watched.take() == ["written f"])
    }

    @Test func `tells a file at rest that its writer keeps open and not its close`() throws {
      let options = TreeOptions.recursive.with { $0.settle = 30 * millisecond }
      let watched = try Watched("d", options, prepare: "mkdir d")
      let path = watched.prefix + "f"
      touch(Array(path.utf8), "")
      try watched.settle()
      #expect(watched.take() == ["written f"])
      let writer = FileHandle(forWritingAtPath: path)!
      for _ in 0..<2 {
        try writer.write(contentsOf: Data("x".utf8))
        let written = Clock.monotonic()
        try watched.wait { !watched.told.isEmpty }
        #expect(Clock.monotonic() - written >= 30 * millisecond)
        #expect(watched.take() == ["written f"])
      }
      try writer.close()
      try watched.settle()
      #expect(watched.take() == [])
      try watched.act("echo 1 >d/f")
      #expect(watched.take() == ["written f"])
    }

    // MARK: Names

    @Test func `takes names that are not text`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir d")
      let names: [[UInt8]] = [
        Array("a\nb".utf8), [0xFF, 0xFE, 0x80], [UInt8](repeating: 0x78, count: 255),
        Array(" ' \" \\ $x".utf8),
      ]
      for name in names { touch(Array(watched.prefix.utf8) + name) }
      try watched.settle()
      #expect(
        watched.told.map(\.path)
          == names.flatMap { name in
            [Array(watched.prefix.utf8) + name, Array(watched.prefix.utf8) + name]
          })
      #expect(watched.told.map(\.kind) == names.flatMap { _ in [.create, .written] })
    }

    @Test func `reaches directories whose path is too long for one call`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir d")
      try watched.act(
        """
        python3 -c 'import os
        os.chdir("d")
        for i in range(60):
            os.mkdir("n" * 200)
            os.chdir("n" * 200)
        open("f", "w").close()'
        """)
      #expect(watched.tree.directoryCount == 61)
      #expect(watched.told.last?.path.count == watched.prefix.utf8.count + 60 * 201 + 1)
    }

    // MARK: What goes wrong

    @Test func `tells a directory that may not be read once and goes on`() throws {
      let scratch = Scratch()
      #expect(Shell.run("cd '\(scratch.path)'; chmod 755 .; mkdir -p d/a d/b d/c; chmod 000 d/b") == 0)
      // Root may read everything; the rights of another user are those of the whole process.
      let isRoot = geteuid() == 0
      if isRoot { #expect(seteuid(65534) == 0) }
      defer { if isRoot { seteuid(0) } }
      let watched = try Watched("d", scratch: scratch)
      #expect(watched.troubles == [.unwatched(path: Array((watched.prefix + "b").utf8), code: EACCES)])
      #expect(watched.troubles[0].description == "cannot watch \(watched.prefix)b: Permission denied")
      if isRoot { seteuid(0) }
      try watched.act("echo 1 >d/a/f; echo 1 >d/c/f")
      #expect(watched.take() == ["written a/f", "written c/f"])
      #expect(watched.troubles.count == 1)
    }

    @Test func `names the setting that is too small`() throws {
      var limit = try String(contentsOfFile: "/proc/sys/fs/inotify/max_user_watches", encoding: .utf8)
      limit = limit.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(
        FileTrouble.outOfWatches(directories: 12).description
          == "out of watches: 12 directories are wanted, and fs.inotify.max_user_watches is \(limit)")
      let loop = try EventLoop(verbose: false)
      var instances: [FileWatches] = []
      let error = #expect(throws: FileTrouble.self) {
        for _ in 0..<10_000 { instances.append(try FileWatches(loop: loop)) }
      }
      #expect(error == .outOfInstances)
      #expect(
        error?.description.hasPrefix("out of inotify instances: fs.inotify.max_user_instances is ") == true)
    }

    @Test func `survives an overflow`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir -p d/old d/gone")
      // Nothing is read while this runs.
      #expect(
        Shell.run(
          """
          cd '\(watched.scratch.path)/d' && python3 -c '
          import os
          for i in range(9000): open("f%d" % i, "w").close()
          os.mkdir("new"); open("new/f", "w").close(); os.rmdir("gone")'
          """) == 0)
      try watched.settle()
      try watched.settle()
      #expect(watched.told.count { $0.kind == .overflow } == 1)
      #expect(watched.told.first { $0.kind == .overflow }?.path == Array(watched.prefix.dropLast().utf8))
      let told = watched.take()
      #expect(told.contains("create new") && told.contains("written new/f") && told.contains("delete gone"))
      #expect(watched.tree.directoryCount == 3)
      try watched.act("echo 1 >d/new/g; echo 1 >d/old/h")
      #expect(watched.take() == ["create new/g", "written new/g", "create old/h", "written old/h"])
    }

    // MARK: Watches

    /// Each was taken back in the call that closed the tree: with 100,000 directories half a second in which nothing
    /// else was done, and at the end of upon for nothing.
    @Test func `takes watches back soon and only those that nobody has`() throws {
      let watched = try Watched("d", prepare: "mkdir -p d/$(seq -s /d/ 25) e")
      // Two for each number but the last, and those on the way: /, /var, /var/tmp and the directory of this test.
      #expect(watched.watchCount == 4 + 50)
      var told: [String] = []
      let handlers = TreeHandlers(onEvent: { told.append("\($0.kind)") })
      func watch(_ path: String) -> any WatchedTree {
        watched.watches.tree(
          path: Array((watched.scratch.path + path).utf8), options: .recursive, handlers: handlers)
      }
      let other = watch("/e")
      try watched.settle()
      watched.tree.close()
      #expect(watched.watchCount == 4 + 50 + 1)
      let again = watch("/d/1/d/2")
      try watched.wait { again.directoryCount == 47 && watched.watchCount == 4 + 1 + 3 + 47 }
      #expect(Shell.run("cd '\(watched.scratch.path)'; echo 1 >d/1/d/2/f; echo 1 >e/f; echo 1 >d/1/f") == 0)
      try watched.wait { told.count >= 2 }
      again.close()
      other.close()
      try watched.wait { watched.watchCount == 0 }
      #expect(told == ["written", "written"])
    }

    // MARK: Paused

    @Test func `tells once what happened to each path while paused`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir d; echo 1 >d/f; echo 1 >d/h; echo 1 >d/k")
      watched.tree.pause()
      try watched.act(
        "echo 2 >d/f; echo 3 >d/f; echo 1 >d/g; rm d/g; mkdir d/e; mv d/e d/i; rm d/h; mv d/k d/l")
      #expect(watched.take() == [])
      watched.tree.resume()
      #expect(
        watched.take() == ["written f", "delete g", "move i from e", "delete h", "written l", "delete k"])
      try watched.act("echo 4 >d/f")
      #expect(watched.take() == ["written f"])
    }

    @Test func `is an overflow when too much happens while paused`() throws {
      let paused = PausedEvents()
      let path = [UInt8](repeating: 0x61, count: 4096)
      for number in 0..<2100 {
        #expect(!paused.hasOverflown || number >= 2040)
        (path + Array("\(number)".utf8)).withUnsafeBytes {
          paused.add(FileEvent(kind: .written, path: $0, source: nil, type: .file, isFromScan: false))
        }
      }
      #expect(paused.hasOverflown)
    }

    // MARK: Quiet

    @Test func `sleeps while nothing happens`() throws {
      let watched = try Watched("d", prepare: "mkdir d; echo 1 >d/f")
      try watched.act("echo 1 >d/f; mv d/f d/g; ln d/g d/h; echo 1 >d/i")
      // What was new is looked at for a while, in case it was linked into place while it is written.
      let limit = Clock.monotonic() + 20_000 * millisecond
      while watched.loop.nextDeadline != .max, Clock.monotonic() < limit {
        let pause = Timer(loop: watched.loop) { _ in watched.loop.stop() }
        pause.arm(at: Clock.monotonic() + 50 * millisecond)
        try watched.loop.run()
      }
      var turns = 0
      watched.loop.onTurnEnd = { turns += 1 }
      let end = Timer(loop: watched.loop) { _ in watched.loop.stop() }
      end.arm(at: Clock.monotonic() + 200 * millisecond)
      try watched.loop.run()
      #expect(turns == 1)
      #expect(watched.loop.nextDeadline == .max)
    }

    @Test func `tells nothing after it was closed in its own handler`() throws {
      let scratch = Scratch()
      #expect(Shell.run("mkdir '\(scratch.path)/d'") == 0)
      let loop = try EventLoop(verbose: false)
      let watches = try FileWatches(loop: loop)
      var tree: (any WatchedTree)?
      var calls = 0
      tree = watches.tree(
        path: Array((scratch.path + "/d").utf8), options: .names,
        handlers: TreeHandlers(onEvent: { _ in
          calls += 1
          tree?.close()
        }))
      let end = Timer(loop: loop) { _ in loop.stop() }
      let start = Timer(loop: loop) { _ in
        _ = Shell.run("cd '\(scratch.path)/d' && mkdir a && echo 1 >a/b && mv a c && rm -r c")
        end.arm(at: Clock.monotonic() + 50 * millisecond)
      }
      start.arm(at: Clock.monotonic())
      try loop.run()
      #expect(calls == 1)
    }

    private func exchange(_ one: String, _ other: String, _ flags: UInt32) -> Int32 {
      typealias Rename =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
      let rename = unsafeBitCast(dlsym(nil, "renameat2"), to: Rename.self)
      return rename(AT_FDCWD, one, AT_FDCWD, other, flags)
    }
  }
}
