import Testing

/// paths: the files that a list names, and no others.
@Suite struct PathsTests {
  static let setup =
    "mkdir src other; echo 1 > src/a; echo 1 > src/b; echo 1 > other/c; echo 1 > top; echo 1 > src/zz-last"

  @Test func `names of the list are told as they stand there, and no others`() throws {
    let watching = try Watching(
      "paths:list", setup: Self.setup + "; printf './src/a\\nother/c\\ntop\\nsrc/zz-last\\n' > list")
    let records = try watching.records(
      of: "echo 2 > src/a; echo 2 > src/b; echo 2 > other/c; echo 2 > top; echo 2 > new")
    #expect(
      records.map { $0.event + " " + $0.text("path") } == [
        "written ./src/a", "written other/c", "written top",
      ])
  }

  @Test func `a list comes from standard input, also with NUL`() throws {
    let watching = try Watching(
      "paths:- frame=nul < list", setup: Self.setup + "; printf 'src/a\\0src/zz-last\\0' > list")
    let records = try watching.records(of: "sed -i s/1/2/ src/a; sed -i s/1/2/ src/b")
    #expect(records.map { $0.event + " " + $0.text("path") } == ["written src/a"])
  }

  @Test func `a save by rename is one run for the name in the list`() throws {
    let watching = try Watching("paths:list do 'cat; echo --'", setup: Self.setup + "; echo src/a > list")
    try watching.act("sed -i s/1/2/ src/a")
    #expect(watching.upon.wait(for: "--\n") != nil)
    try watching.act("echo 3 > new; mv new src/a")
    #expect(watching.upon.wait(for: "--\n") != nil)
    #expect(watching.lines == ["src/a", "--", "src/a", "--"])
  }

  @Test func `a directory in the list stands for its entries`() throws {
    let watching = try Watching("paths:list", setup: Self.setup + "; echo src > list")
    let records = try watching.records(of: "echo 2 > src/a; echo 2 > src/b; echo 2 > other/c")
    #expect(records.map { $0.text("path") } == ["src/a", "src/b"])
  }

  @Test func `a name that is not in the list is new in the directory of one that is`() throws {
    let watching = try Watching("paths:list exit=new:2", setup: Self.setup + "; echo src/a > list")
    try watching.act("echo 1 > other/x; echo 1 > src/x")
    let run = watching.upon.finish()
    #expect(run.status == .exited(2), "\(run)")
  }

  @Test func `a listed link tells what it leads to`() throws {
    let watching = try Watching(
      "paths:list", setup: Self.setup + "; ln -s ../other/c src/l; echo src/l > list")
    try watching.act("echo 2 > other/c")
    #expect(watching.upon.wait(forRecords: 1) { $0.event == "written" && $0.text("path") == "src/l" })
  }

  @Test func `names that are not there yet are told, and watched`() throws {
    let watching = try Watching("paths:list", setup: Self.setup + "; printf 'src/a\\nsrc/later\\n' > list")
    #expect(
      watching.upon.wait { watching.upon.errors.text.contains("1 of 2 names are not there yet, 'src/later'") }
    )
    try watching.act("echo 1 > src/later")
    #expect(watching.upon.wait(forRecords: 1) { $0.event == "written" && $0.text("path") == "src/later" })
  }

  @Test(arguments: [
    ("paths:nofile", 125, "No such file"), ("paths:/dev/null", 125, "the list is empty"),
    ("paths:gone", 125, "nothing in the list can be watched: 'x/y' is not there"),
    ("paths:.", 125, "irectory"),
    ("paths:- stdin", 64, "'stdin': 'paths:-' has standard input already"),
    ("stdin paths:-", 64, "'paths:-': 'stdin' has standard input already"),
    ("paths:", 64, "expected an address, paths:FILE"), ("paths:x recursive", 64, "not a setting of paths"),
  ])
  func `a list that cannot be watched is told`(_ arguments: String, _ status: Int32, _ message: String) throws
  {
    let run = try Shell.run("echo x/y > gone; upon \(arguments) < /dev/null")
    #expect(run.errorText.contains(message), "\(run)")
    #expect(run.errorText.split(separator: "\n").count == 1)
    #expect(run.status == .exited(status), "\(run)")
  }
}
