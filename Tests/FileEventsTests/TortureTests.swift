import Foundation
import Testing

@testable import FileEvents

extension FileEventsTests {
  /// Trees that change faster than they can be looked at.
  @Suite struct TortureTests {
    /// Packs a tree of 4,221 names in 221 directories.
    static let makeTree = """
      mkdir d && python3 -c '
      import tarfile
      with tarfile.open("t.tar", "w") as tar:
          for i in range(20):
              for j in range(10):
                  for k in range(20):
                      entry = tarfile.TarInfo(f"t/{i}/{j}/{k}")
                      tar.addfile(entry)
      '
      """

    static let acts = [
      "tar xf ../t.tar",
      "tar xf ../t.tar && rm -rf t && tar xf ../t.tar",
      "(mkdir a && tar xf ../t.tar -C a) & (mkdir b && tar xf ../t.tar -C b && mv b c); wait",
      "tar xf ../t.tar && cp -r t u && rm -rf t",
      "tar xf ../t.tar && rsync -a t/ u",
      "mkdir -p $(seq -s / 60) && echo 1 >$(seq -s / 60)/f && for i in $(seq 60); do mkdir -p $i/$i/$i/$i; done",
      "tar xf ../t.tar && mv t ../out && mv ../out t && mv t ../out && mv ../out t2 && mv t2 t && rm -rf t/1",
      "tar xf ../t.tar -C .. && mv ../t t && mv t ../t && mv ../t t",
      "for i in $(seq 100); do mkdir -p p/$i/q; echo 1 >p/$i/q/f; mv p/$i r$i; mv r$i/q/f r$i/g; rmdir r$i/q; done",
    ]

    @Test(arguments: acts) func `loses and doubles nothing`(act: String) throws {
      let watched = try Watched("d", .names, prepare: Self.makeTree)
      try watched.act("cd d && { " + act + "; }")
      var replay = Replay()
      replay.play(watched.told)
      let real = Replay.real(watched.scratch.path + "/d")
      let outcome = Outcome(replay, real: real, events: watched.told.count)
      print("torture: \(act): \(outcome)")
      #expect(outcome.lost.isEmpty && outcome.ghosts.isEmpty, "\(outcome)")
      #expect(outcome.doubled == 0, "\(outcome): \(replay.doubled.prefix(3))")
      #expect(outcome.surplus <= 3, "\(outcome): \(replay.surplus.prefix(3))")
      #expect(watched.troubles == [])
      // Every regular file is complete at the end and was told so.
      let files = real.filter { path in
        var status = stat()
        lstat((path + [0]).map { CChar(bitPattern: $0) }, &status)
        return status.st_mode & S_IFMT == S_IFREG
      }
      var unwritten = files.subtracting(replay.written.keys)
      if act.contains("mv ") {
        // Those that came along with a directory were told under their names before.
        unwritten = []
      }
      #expect(unwritten.isEmpty)
      #expect(watched.tree.directoryCount == Self.directories(watched.scratch.path + "/d"))
    }

    static func directories(_ path: String) -> Int {
      Int(Shell.output("find '\(path)' -type d | wc -l").trimmingCharacters(in: .whitespacesAndNewlines))!
    }

    @Test func `survives switches of git`() throws {
      let make = """
        git init -q d && cd d && git config user.email a@b && git config user.name a && echo 1 >base && git add . &&
        git commit -qm base && git checkout -qb one &&
        for i in $(seq 100); do mkdir -p one/$i; for k in 1 2 3; do echo $i >one/$i/$k; done; done && git add . && git commit -qm one &&
        git checkout -q master && git checkout -qb two &&
        for i in $(seq 100); do mkdir -p one/$i/x; for k in 1 2 3; do echo $i $i >one/$i/x/$k; done; done && git add . && git commit -qm two
        """
      let options = TreeOptions.names.with { $0.exclude = [Glob(".git")!] }
      let watched = try Watched(
        "d", options,
        prepare:
          "git config --global init.defaultBranch >/dev/null; export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=init.defaultBranch GIT_CONFIG_VALUE_0=master; "
          + make)
      let start = Replay.real(watched.scratch.path + "/d").filter { !Self.isOfGit($0) }
      var replay = Replay(from: start)
      try watched.act(
        "cd d && git checkout -q one && git checkout -q two && git checkout -q master && git checkout -q one")
      replay.play(watched.told)
      #expect(watched.told.allSatisfy { !Self.isOfGit($0.path) })
      let real = Replay.real(watched.scratch.path + "/d").filter { !Self.isOfGit($0) }
      let outcome = Outcome(replay, real: real, events: watched.told.count)
      print("torture: git checkout: \(outcome)")
      #expect(outcome.lost.isEmpty && outcome.ghosts.isEmpty && outcome.doubled == 0, "\(outcome)")
      #expect(outcome.surplus <= 3, "\(outcome): \(replay.surplus.prefix(3))")
    }

    private static func isOfGit(_ path: [UInt8]) -> Bool {
      String(decoding: path, as: UTF8.self).contains("/.git")
    }

    @Test(arguments: [1, 2], [false, true]) func `survives a fuzz`(seed: Int, movesDirectories: Bool) throws {
      let watched = try Watched("d", .names, prepare: "mkdir d")
      try watched.act(
        "python3 '\(Self.fuzzer)' \(seed) \(movesDirectories ? 1 : 0) d")
      var replay = Replay()
      replay.play(watched.told)
      let outcome = Outcome(
        replay, real: Replay.real(watched.scratch.path + "/d"), events: watched.told.count)
      print("torture: fuzz, seed \(seed), directories \(movesDirectories ? "moved" : "stay"): \(outcome)")
      #expect(outcome.lost.isEmpty && outcome.ghosts.isEmpty, "seed \(seed): \(outcome)")
      #expect(outcome.doubled <= 20, "seed \(seed): \(outcome)")
      #expect(outcome.surplus <= outcome.events / 100, "seed \(seed): \(outcome)")
      #expect(watched.tree.directoryCount == Self.directories(watched.scratch.path + "/d"))
    }

    private static var fuzzer: String {
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("fuzz.py").path
    }
  }
}
