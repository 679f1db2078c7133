import Foundation
import Testing

@testable import FileEvents

extension FileEventsTests {
  /// What programs do to a file, and what is told of it.
  @Suite struct ProgramTests {
    struct Row: Sendable, CustomTestStringConvertible {
      let script: String
      let told: [String]
      var testDescription: String { script }
      init(_ script: String, _ told: String...) {
        self.script = script
        self.told = told
      }
    }

    static let rows = [
      Row("echo 1 >new", "create new", "written new"),
      Row("echo 1 >f", "written f"),
      Row(": >f", "written f"),
      Row("echo 1 >>f", "written f"),
      Row("truncate -s 10 f", "written f"),
      Row("touch new", "create new", "written new"),
      Row("touch f", "written f"),
      Row("chmod 600 f"),
      Row("cp f new", "create new", "written new"),
      Row("ln f new", "create new", "written new"),
      Row("ln -s f new", "create new", "written new"),
      Row("mkfifo new", "create new"),
      Row("mv f new", "move new from f", "written new"),
      Row("mv f g", "move g from f", "written g"),
      Row("mv ../outside new", "create new", "written new"),
      Row("mv f ../elsewhere", "delete f"),
      Row("mv ../outside f", "create f", "written f"),
      Row("rm f", "delete f"),
      Row("mkdir new", "create new"),
      Row("mkdir new; rmdir new", "create new", "delete new"),
      Row(
        "ln -s g link && sleep 0.1 && mv link l2", "create link", "written link", "move * from link",
        "written *"),
      Row("sed -i s/a/b/ f", "create *", "written *", "move f from *", "written f"),
      Row("rsync -c ../outside f", "create *", "written *", "move f from *", "written f"),
      // vim with backupcopy=yes: the file is written in place.
      Row("cp -p f f~; echo 2 >f\nrm f~", "create f~", "written f~", "written f", "delete f~"),
      // vim with backupcopy=no, after its probe named 4913.
      Row(
        "touch 4913\nrm 4913; mv f f~; echo 2 >f\nrm f~", "create 4913", "written 4913", "delete 4913",
        "move f~ from f", "written f~", "create f", "written f", "delete f~"),
      Row("git init -q . 2>/dev/null; rm -rf .git; echo 1 >last", "create last", "written last"),
    ]

    /// The events of one act, names made by programs as `*`.
    @Test(arguments: rows) func `tells what programs do`(row: Row) throws {
      let watched = try Watched("d", .names, prepare: "mkdir d; echo a >d/f; echo b >d/g; echo c >outside")
      // What is removed before it has been looked at is not told as written: each line is told before the next runs.
      for line in row.script.split(separator: "\n") { try watched.act("cd d && { " + line + "; }") }
      let known = Set(["f", "g", "new", "link", "f~", "4913", "last"])
      let told = watched.take().filter { !$0.contains(".git") }.map { line in
        line.split(separator: " ").map { word in
          ["create", "written", "delete", "move", "from"].contains(word) || known.contains(String(word))
            ? String(word) : "*"
        }.joined(separator: " ")
      }
      #expect(told == row.told)
    }

    /// vim itself, in each of its three ways; the directory is not below /tmp, where vim makes no backup.
    @Test(arguments: ["yes", "no", "auto"]) func `tells one written for a save of vim`(way: String) throws {
      let watched = try Watched("d", .recursive, prepare: "mkdir d; echo a >d/f")
      try watched.act(
        "cd d && vim -n -u NONE -es --cmd 'set backupcopy=\(way) backupskip=' -c 's/a/b/' -c 'wq' f")
      #expect(watched.take().filter { $0 == "written f" } == ["written f"])
    }

    @Test func `tells a link without a name of its own`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir d")
      let file = open(watched.prefix, 0x410000 | O_WRONLY, 0o644)  // O_TMPFILE
      #expect(file >= 0)
      #expect(write(file, "x", 1) == 1)
      #expect(
        linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, watched.prefix + "new", AT_SYMLINK_FOLLOW) == 0)
      // The close is told of no name that is left; the file is looked at until nobody has it open.
      try watched.settle()
      close(file)
      try watched.wait { watched.told.count >= 2 }
      try watched.settle()
      #expect(watched.take() == ["create new", "written new"])
    }

    @Test func `tells modify and attrib only when they are wanted`() throws {
      let options = TreeOptions.recursive.with { $0.kinds = [.modify, .attrib] }
      let watched = try Watched("d", options, prepare: "mkdir d; echo a >d/f")
      try watched.act("echo b >>d/f; chmod 600 d/f")
      #expect(watched.take() == ["modify f", "attrib f"])
    }

    @Test func `tells what kind of file a name stands for`() throws {
      let watched = try Watched("d", .names, prepare: "mkdir d")
      try watched.act(
        "cd d; mkdir a; touch b; ln -s b c; mkfifo e; python3 -c 'import socket; socket.socket(1).bind(\"s\")'"
      )
      let types = Dictionary(
        watched.told.filter { $0.kind == .create }.map {
          (String(decoding: $0.path.suffix(1), as: UTF8.self), $0.type)
        }, uniquingKeysWith: { first, _ in first })
      #expect(types == ["a": .directory, "b": .file, "c": .symlink, "e": .fifo, "s": .socket])
    }
  }
}
