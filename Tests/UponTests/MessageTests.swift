import Foundation
import Testing

/// What upon says for itself: whole, in one line, however slow its reader is.
@Suite struct MessageTests {
  /// A message longer than 64 KiB was dropped: status 64, and nothing was said.
  @Test(arguments: [
    ("upon \"$long\"", 64), ("upon every:1s do x \"$long\"", 64), ("upon -q start do \"$long\"", 123),
    ("upon fd:3 name=\"$long\"", 125),
  ])
  func `a word of 100 KiB is told, cut`(command: String, status: Int32) throws {
    let run = try Shell.run(
      "long=$(printf '%0102400d' 7); exec 3<&-; \(command) 2> message; echo $?; cat message")
    #expect(run.lines.first == String(status), "\(run)")
    let last = run.lines.last ?? ""
    #expect(run.lines.filter { $0.hasPrefix("upon: ") }.count == 1 && last.hasPrefix("upon: "), "\(run)")
    #expect(
      last.contains(String(repeating: "0", count: 70)) && last.contains("...") && last.count < 400, "\(run)")
  }

  /// A pipe that others have made non-blocking, with room for 100 bytes.
  @Test(arguments: ["--help", "--kinds", "--check every:1s"])
  func `a text waits for a slow reader of a non-blocking pipe`(arguments: String) throws {
    let run = try Shell.run(
      #"""
      upon \#(arguments) > whole
      cat > slow.py <<'END'
      import os, subprocess, sys
      reading, writing = os.pipe()
      os.set_blocking(writing, False)
      room = os.write(writing, b"x" * (1 << 20)) - 100
      os.read(reading, 100)
      upon = subprocess.Popen(["upon"] + sys.argv[1:], stdout=writing)
      os.close(writing)
      text = b""
      while piece := os.read(reading, 512):
          text += piece
      print(upon.wait(), text[room:] == open("whole", "rb").read(), len(text) > room)
      END
      python3 slow.py \#(arguments)
      """#)
    #expect(run.text == "0 True True\n", "\(run)")
  }

  @Test func `a usage error waits for a slow reader too`() throws {
    let run = try Shell.run(
      #"""
      cat > slow.py <<'END'
      import os, subprocess
      reading, writing = os.pipe()
      os.set_blocking(writing, False)
      room = os.write(writing, b"x" * (1 << 20))
      upon = subprocess.Popen(["upon", "evry:1s"], stderr=writing)
      os.close(writing)
      text = b""
      while piece := os.read(reading, 512):
          text += piece
      print(upon.wait(), text[room:].decode(), end="")
      END
      python3 slow.py
      """#)
    #expect(run.text == "64 upon: 'evry:1s': unknown kind 'evry'; did you mean every:1s?\n", "\(run)")
  }

  @Test func `out of memory is one line and 125`() throws {
    let run = try Shell.run(
      "ulimit -v 250000; head -c 200000000 /dev/zero | upon -q stdin max=1G", in: "bash")
    #expect(run.status == .exited(125), "\(run)")
    #expect(run.errorText == "upon: out of memory\n", "\(run)")
  }

  /// Too many open files, it said.
  @Test func `a descriptor too large for select is told as that`() throws {
    let run = try Shell.run(
      "ulimit -n 6000 && exec 5000< <(exec sleep 9) && exec upon --backend select fd:5000", in: "bash")
    #expect(run.status == .exited(125), "\(run)")
    #expect(
      run.errorText
        == "upon: fd:5000: descriptor 5000 cannot be watched by select, which takes those below 1024\n",
      "\(run)")
  }

  @Test func `lines of blanks on --control ask for nothing`() throws {
    let run = try Shell.run(
      #"""
      printf '%s\n' '' ' ' '{"list":true,"id":1}' '' $'\t\r' '{"nosuch":1}' ' ' |
        upon --control stdin every:1h | jq -c '[.event,.ok]'
      """#, in: "bash")
    #expect(run.lines == [#"["reply",true]"#, #"["reply",false]"#], "\(run)")
  }

  @Test func `--kinds lists those that are named`() throws {
    let run = try Shell.run("upon --kinds every print | grep -v '^ '")
    #expect(
      run.lines.map { $0.split(separator: " ").first ?? "" } == ["every:PERIOD", "print"], "\(run)")
  }
}
