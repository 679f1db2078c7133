import Foundation
import Testing

/// Fields that patterns add, and fields that are asked for.
@Suite struct FieldTests {
  @Test func `named groups are fields of the record and variables of commands`() throws {
    let run = try Shell.run(
      #"""
      printf '%s\n' 'bob failed 17' 'nobody' 'eve failed' |
        upon stdin match='(?<user>\S+) failed(?: (?<n>\d+))?' print do 'echo "$UPON_USER,${UPON_N-none}"'
      """#)
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.records.map { $0.text("user") } == ["bob", "eve"], "\(run)")
    #expect(run.records.map { $0.value("n") as? String } == ["17", nil], "\(run)")
    #expect(run.lines.filter { !$0.hasPrefix("{") } == ["bob,17", "eve,none"], "\(run)")
  }

  @Test func `each rule has the groups of its own pattern`() throws {
    let run = try Shell.run(
      "echo abc | upon stdin match='(?<x>a)' print fields=x,data stdin print stdin match='(?<y>c)' print as=json "
        + "| jq -c 'del(.seq,.time,.name,.kind,.event,.count)'")
    #expect(
      run.lines == [#"{"x":"a","data":"abc"}"#, #"{"data":"abc"}"#, #"{"data":"abc","y":"c"}"#], "\(run)")
  }

  /// What is held back has a copy of the names, which belong to a rule that may be gone by then.
  @Test func `what debounce holds back keeps its groups`() throws {
    let run = try Shell.run(
      "printf 'a1\\na2\\n' | upon -o json=count,digit stdin match='a(?<digit>.)' debounce=1m")
    #expect(run.lines == [#"{"count":2,"digit":"2"}"#], "\(run)")
  }

  @Test func `-o and print choose the fields and their order`() throws {
    let run = try Shell.run(
      #"""
      printf 'a\tb\n' | upon -o tsv=data,event,partial,seq stdin print print as=json fields=seq,data,error print as=tsv
      upon -o json=event,number every:1h now once
      upon -o tsv=status,run,event start do 'exit 3' report
      """#, in: "bash")
    #expect(
      run.lines == [
        #"a\tb"# + "\tline\t\t1", #"{"seq":1,"data":"a\tb"}"#, "stdin\tline\t" + #"a\tb"#,
        #"{"event":"tick","number":0}"#, "3\t1\tdone",
      ], "\(run)")
  }

  @Test func `the third column of tsv is the status where there is no data`() throws {
    let run = try Shell.run("upon -o tsv start print do 'exit 3' report")
    #expect(run.lines == ["start\tstart\t", "start\tdone\t3"], "\(run)")
  }

  @Test func `the text for people is plain in a pipe and has no colour with NO_COLOR`() throws {
    let run = try Shell.run(
      #"""
      export TZ=UTC
      printf 'two words\n' | upon -o text stdin
      for colour in '' 1; do
        NO_COLOR=$colour script -qec 'upon -o text start' /dev/null | tr -d '\r' | grep -c "$(printf '\033')"
      done
      """#, in: "bash")
    let line = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}  stdin  line  data="two words"/
    #expect(try line.wholeMatch(in: run.lines.first ?? "") != nil, "\(run)")
    #expect(run.lines.dropFirst() == ["1", "0"], "\(run)")
  }
}
