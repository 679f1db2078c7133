import Testing

/// path: what is told of files and directories, and how often commands run for it.
@Suite struct PathTests {
  /// A rule that shows each run: its event, its path, and what it reads.
  static let show = #"""
    'printf "%s %s %s:%s\n" "$UPON_EVENT" "$UPON_COUNT" "${UPON_PATH-several}" "$(tr "\n" " ")"'
    """#

  // MARK: Records

  @Test func `a file that is written is told once, and by its path as typed`() throws {
    let watching = try Watching("path:src")
    let records = try watching.records(of: "echo 1 > src/a")
    #expect(records.map(\.event) == ["written"])
    #expect(records.map { $0.text("path") } == ["src/a"])
    #expect(records.map { $0.text("type") } == ["file"])
    #expect(records.map(\.count) == [1])
    #expect(!records[0].has("data") && !records[0].has("from"))
  }

  @Test func `a file that is gone, and one that is renamed`() throws {
    let watching = try Watching("path:src", setup: "mkdir src; echo 1 > src/a; echo 2 > src/b")
    let records = try watching.records(of: "rm src/a; mv src/b src/c")
    #expect(records.map(\.event) == ["delete", "move", "written"])
    #expect(records.map { $0.text("path") } == ["src/a", "src/c", "src/c"])
    #expect(records.map { $0.text("from") } == ["", "src/b", ""])
  }

  @Test func `create, modify and attrib are told where they are named`() throws {
    let watching = try Watching("path:src on=all")
    let records = try watching.records(of: "echo 1 > src/a; chmod 600 src/a; mkdir src/d")
    #expect(records.map(\.event) == ["create", "modify", "written", "attrib", "create"])
    #expect(records.last?.text("type") == "directory")
  }

  @Test func `what is below is told with recursive, also in directories that are new`() throws {
    let watching = try Watching("path:src recursive", setup: "mkdir -p src/d")
    let records = try watching.records(of: "echo 1 > src/d/a; mkdir -p src/e/f/g; echo 2 > src/e/f/g/h")
    #expect(records.map { $0.event + " " + $0.text("path") } == ["written src/d/a", "written src/e/f/g/h"])
  }

  @Test func `what is below is not told without recursive`() throws {
    let watching = try Watching("path:src", setup: "mkdir -p src/d")
    #expect(try watching.records(of: "echo 1 > src/d/a").isEmpty)
  }

  @Test func `include and exclude choose files, and exclude prunes`() throws {
    let watching = try Watching(
      "path:src recursive include='*.c,zz*' exclude=build", setup: "mkdir -p src/build src/d")
    let records = try watching.records(
      of: "echo > src/a.c; echo > src/a.o; echo > src/build/b.c; echo > src/d/e.c")
    #expect(records.map { $0.text("path") } == ["src/a.c", "src/d/e.c"])
  }

  @Test func `names that are no text have their bytes beside it`() throws {
    let watching = try Watching("path:src")
    let records = try watching.records(
      of: "printf x > \"src/$(printf 'a\\nb')\"; printf x > \"src/$(printf '\\377')\"")
    #expect(records.map { $0.text("path") } == ["src/a\nb", "src/\u{FFFD}"])
    #expect(records.map { $0.text("path_base64") } == ["", "c3JjL/8="])
  }

  @Test func `the bytes of an event are its path, with a NUL where that is asked for`() throws {
    let watching = try Watching("-o data path:src frame=nul")
    try watching.act("echo 1 > src/a")
    #expect(watching.upon.wait { watching.upon.output == Array("src/a\0".utf8) })
  }

  @Test func `the third column of tsv is the path`() throws {
    let watching = try Watching("-o tsv path:src")
    try watching.act("echo 1 > src/a")
    #expect(watching.upon.wait(for: "path:src\twritten\tsrc/a\n") != nil)
  }

  @Test func `a path that is not there yet is told, and watched when it comes, goes and comes again`() throws
  {
    let watching = try Watching("path:conf/app.ini", setup: "true")
    #expect(watching.upon.errors.text.contains("path:conf/app.ini: is not there yet"))
    for round in 1...2 {
      try watching.act("mkdir conf; echo 1 > conf/app.ini")
      #expect(watching.upon.wait(forRecords: round) { $0.event == "written" })
      try watching.act("rm -r conf")
      #expect(watching.upon.wait(forRecords: round) { $0.event == "delete" })
    }
    #expect(watching.upon.records.allSatisfy { $0.text("path") == "conf/app.ini" })
  }

  @Test func `a link that is set anew is written`() throws {
    let watching = try Watching(
      "path:now/f", setup: "mkdir v1 v2; echo 1 > v1/f; echo 2 > v2/f; ln -s v1 now")
    try watching.act("ln -s v2 new; mv -T new now")
    #expect(watching.upon.wait(forRecords: 1) { $0.event == "written" && $0.text("path") == "now/f" })
    try watching.act("echo 3 > v2/f")
    #expect(watching.upon.wait(forRecords: 2) { $0.event == "written" && $0.text("path") == "now/f" })
  }

  @Test func `settle tells a file at rest that its writer keeps open, and closing adds nothing`() throws {
    let watching = try Watching("path:src settle=100ms")
    let records = try watching.records(of: "exec 3> src/a; echo 1 >&3; sleep 0.5; exec 3>&-")
    #expect(records.map { $0.text("path") } == ["src/a"])
  }

  @Test func `now tells what is there first`() throws {
    let watching = try Watching("path:src now", setup: "mkdir src; echo 1 > src/a; echo 2 > src/b")
    #expect(watching.upon.wait(forRecords: 2))
    #expect(watching.upon.records.map { $0.text("path") }.sorted() == ["src/a", "src/b"])
    #expect(watching.upon.records.map(\.event) == ["written", "written"])
  }

  @Test func `what the kernel does not tell is looked at, which -v says`() throws {
    let upon = try Shell.start("exec upon -v -t 20s path:/proc/sys/kernel/hostname")
    #expect(upon.wait { upon.errors.text.contains("polled: changes on /proc are not told by the kernel") })
  }

  @Test func `poll= looks by itself`() throws {
    let watching = try Watching("path:src poll=20ms")
    try watching.act("echo 1 > src/a")
    #expect(watching.upon.wait(forRecords: 1) { $0.event == "written" && $0.text("path") == "src/a" })
  }

  // MARK: Runs

  @Test(arguments: [
    ("sed -i s/1/2/ src/f", "src/f"),
    ("echo 2 > new && mv new src/f", "src/f"),
    ("cp src/f src/f~ && echo 2 > src/f && chmod 644 src/f && rm src/f~", "src/f"),
    (
      ": > src/4913 && rm src/4913 && mv src/f src/f~ && echo 2 > src/f && chmod 644 src/f && rm src/f~",
      "src/f"
    ),
    ("echo 2 > src/.f.tmp && mv src/.f.tmp src/f", "src/f"),
  ])
  func `a save by an editor is one run with one path`(_ save: String, _ path: String) throws {
    let watching = try Watching("path:src recursive do \(Self.show)", setup: "mkdir src; echo 1 > src/f")
    for round in 1...2 {
      try watching.act(save)
      #expect(watching.upon.wait { watching.lines.count >= round }, "\(watching.upon.errors.text)")
      let line = try #require(watching.lines.last)
      #expect(line.hasPrefix("written ") && line.hasSuffix(" \(path):\(path) "), "\(line)")
    }
    watching.upon.pass(.milliseconds(100))
    #expect(watching.lines.count == 2, "\(watching.lines)")
  }

  @Test func `a checkout of a hundred files is one run with all paths, each once`() throws {
    let watching = try Watching(
      "path:src recursive exclude=.git do 'sort | uniq -c; echo --'",
      setup: """
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
        git init -q -b one src && cd src && for i in $(seq 100); do echo 1 > f$i; done && git add . && git commit -qm 1
        git checkout -q -b two && for i in $(seq 100); do echo 2 > f$i; done && git commit -qam 2
        """)
    try watching.act("cd src; git checkout -q one")
    #expect(watching.upon.wait(for: "--\n") != nil)
    let named = watching.lines.dropLast().map { $0.split(separator: " ").map(String.init) }
    #expect(named.count == 100 && named.allSatisfy { $0[0] == "1" }, "\(watching.lines)")
    #expect(Set(named.map { $0[1] }) == Set((1...100).map { "src/f\($0)" }))
    watching.upon.pass(.milliseconds(100))
    #expect(watching.lines.count { $0 == "--" } == 1)
  }

  @Test func `a name that came and went is no reason to run`() throws {
    let watching = try Watching("path:src do \(Self.show)")
    try watching.act("echo 1 > src/a; rm src/a")
    try watching.act("sleep 0.1; echo 1 > src/b")
    #expect(watching.upon.wait { !watching.lines.isEmpty })
    #expect(watching.lines == ["written 1 src/b:src/b "])
  }

  @Test func `no path is lost while a command runs`() throws {
    let watching = try Watching("path:src do 'cat; echo --; while ! test -e go; do sleep 0.01; done'")
    try watching.act("echo 1 > src/a")
    #expect(watching.upon.wait(for: "src/a\n--\n") != nil)
    for name in ["b", "c", "d"] { try watching.act("echo 1 > src/\(name); sleep 0.1") }
    try watching.act("echo 2 > src/c; rm src/d; sleep 0.1; touch go")
    #expect(watching.upon.wait(for: "--\n") != nil)
    #expect(watching.lines == ["src/a", "--", "src/b", "src/c", "--"])
  }

  @Test func `a drop folder is one run a file, each once and complete, with what was there before`() throws {
    let watching = try Watching(
      "path:in now on=written do 'mv \"$UPON_PATH\" out/ && cat out/${UPON_PATH#in/}' busy=queue",
      setup: "mkdir in out; for i in 1 2 3; do echo $i > in/f$i; done")
    #expect(watching.upon.wait { watching.lines.count == 3 })
    try watching.act("for i in $(seq 4 40); do echo $i > in/f$i; done")
    #expect(watching.upon.wait { watching.lines.count >= 40 })
    #expect(watching.lines.amounts == (1...40).map(String.init).amounts)
    try watching.act("test -z \"$(ls in)\"")
  }

  @Test func `a run for each path with batch=0`() throws {
    let watching = try Watching("path:src batch=0 do \(Self.show) busy=queue")
    try watching.act("echo 1 > src/a; echo 1 > src/b; echo 2 > src/a")
    #expect(watching.upon.wait { watching.lines.count >= 3 })
    #expect(watching.lines == ["a", "b", "a"].map { "written 1 src/\($0):src/\($0) " })
  }

  @Test func `a command that writes into what it watches is told once`() throws {
    let watching = try Watching("path:src do 'date >> src/log; echo run'")
    try watching.act("echo 1 > src/a")
    #expect(watching.upon.wait { watching.lines.count >= 15 })
    let lines = watching.upon.errors.text.split(separator: "\n").filter { $0.contains("exclude=") }
    #expect(lines.count == 1, "\(watching.upon.errors.text)")
    #expect(lines.first?.contains("has run ten times without a pause") ?? false)
  }

  // MARK: Levels

  @Test func `exists is told at once where it is there, and each time that it comes`() throws {
    let upon = try Shell.start("echo 1 > f; exec upon -t 20s path:f exists")
    #expect(upon.wait(forRecords: 1) { $0.event == "exists" && $0.text("type") == "file" })
    _ = try Shell.run("rm f; sleep 0.1; mkdir f", directory: upon.directory)
    #expect(upon.wait(forRecords: 2) { $0.event == "exists" })
    #expect(upon.records.last?.text("type") == "directory")
    #expect(upon.errors.isEmpty)
  }

  @Test func `a wait for files that are not there ends when the last has come`() throws {
    let run = try Shell.run(
      "(sleep 0.2; mkdir d; echo > d/a; sleep 0.2; echo > b) & upon -a -t 15s path:d/a exists path:b exists")
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.records.map { $0.text("path") } == ["d/a", "b"])
  }

  @Test func `absent is told at once where it is not there, and when it goes`() throws {
    let run = try Shell.run(
      "upon -1 -t 15s path:f absent; echo > f; (sleep 0.2; rm f) & upon -1 -t 15s path:f absent")
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.records.map(\.event) == ["absent", "absent"])
  }

  @Test func `exists waits until a file is at rest with settle`() throws {
    let run = try Shell.run(
      "(for i in 1 2 3 4 5; do echo $i >> f; sleep 0.1; done) & upon -1 -t 15s path:f exists settle=300ms -- cat f"
    )
    #expect(run.lines == ["1", "2", "3", "4", "5"], "\(run)")
  }

  // MARK: By hand and at rest

  @Test func `what came while it was paused is one batch`() throws {
    let run = try Controlled.run(
      """
      c = Client()
      c.ok(pause="path:src")
      for name in "abc": open("src/" + name, "w").close()
      os.unlink("src/b")
      time.sleep(0.1)
      c.ok(resume="path:src")
      until(lambda: os.path.exists("out") and open("out").read().endswith("\\n"))
      print(open("out").read())
      c.ok(exit=0)
      """, "path:src do 'echo $(sort) >> out' busy=queue", setup: "mkdir src")
    #expect(run.lines == ["src/a src/b src/c", "0 0"], "\(run)")
  }

  @Test func `trigger needs a path, and list says how many directories are watched`() throws {
    let run = try Controlled.run(
      """
      c = Client()
      assert c.ask(trigger="path:src")["error"] == "an event of 'path:src' is about a path"
      assert c.ask(trigger="path:src", data="x", path="y")["error"] == "'data' has no effect beside 'path'"
      assert c.ok(trigger="path:src", path="src/x")["outcome"] == "printed"
      until(lambda: c.source("path:src")["directories"] == 3)
      c.ok(exit=0)
      """, "path:src recursive", setup: "mkdir -p src/d/e")
    #expect(run.lines.last == "0 0", "\(run)")
    #expect(run.records.map { $0.text("path") } == ["src/x"])
    #expect(run.records.first?.value("triggered") as? Bool == true)
  }

  // MARK: Mistakes

  @Test(arguments: [
    ("path:", "expected an address, path:PATH"), ("path:src recursve", "did you mean recursive?"),
    ("path:x exclude=", "expected patterns"), ("path:x 'include=[a'", "expected patterns"),
    ("path:/etc/passwd 'include=*.c'", "has no effect: '/etc/passwd' is a file"),
    ("path:x match=y", "not a setting of path"), ("path:x batch=1s debounce=1s", "has no effect beside"),
    ("path:x exists absent", "'absent': has no effect beside 'exists'"),
    ("path:x settle=-1", "expected a duration"), ("path:x exists recursive", "has no effect beside 'exists'"),
    ("path:x exists batch=1s", "no event with data"), ("path:x on=exists", "'exists' needs exists"),
  ])
  func `a mistake is told in one line`(_ arguments: String, _ message: String) throws {
    let run = try Shell.run("upon \(arguments)")
    #expect(run.errorText.contains(message), "\(run)")
    #expect(run.errorText.hasPrefix("upon: ") && run.errorText.split(separator: "\n").count == 1)
    #expect(run.status == .exited(64))
  }
}
