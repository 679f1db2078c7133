import Glibc
import Testing

/// Requests that add, where a part of what they ask for cannot be had.
@Suite(.everyBackend) struct AddingTests {
  /// The source in front of the one that cannot be opened has been armed by then. WINCH goes by where nobody watches it.
  @Test func `a refused add watches nothing: its signal goes by`() throws {
    let upon = try Shell.start("exec upon --control stdin every:20ms name=t")
    upon.send(
      #"{"add":["signal:WINCH","name=s","do","echo ran","unix-listen:/nowhere/x"],"id":"a"}"# + "\n"
        + #"{"add":["every:1ms","name=m","or","unix-listen:/nowhere/x","do","echo ran"],"id":"b"}"# + "\n")
    for id in ["a", "b"] {
      #expect(upon.wait { upon.replies.contains { $0.text("id") == id } })
      let answer = upon.replies.first { $0.text("id") == id }
      #expect(answer?.error == "unix-listen:/nowhere/x: /nowhere/x: No such file or directory")
    }
    for _ in 1...3 { upon.raise(SIGWINCH) }
    let ticks = upon.records.count { $0.event == "tick" }
    #expect(upon.wait { upon.records.count { $0.event == "tick" } >= ticks + 5 })
    #expect(
      upon.ask(#"{"list":true,"id":"l"}"#, id: "l")?.list("sources").map { $0["name"] as? String } == ["t"])
    upon.closeInput()
    let run = upon.finish()
    #expect(run.status == .exited(0), "\(run)")
    #expect(run.records.amounts(of: \.event).filter { $0.key != "tick" } == ["reply": 3], "\(run)")
    #expect(!run.lines.contains("ran") && run.errorText == "", "\(run)")
  }

  @Test func `what a refused add would have replaced goes on`() throws {
    let upon = try Shell.start("exec upon --control stdin signal:USR1 name=s")
    let refused = upon.ask(
      #"{"add":["signal:USR1","name=s","or","unix-listen:/nowhere/x"],"replace":true,"id":"a"}"#, id: "a")
    #expect(refused?.isOK == false)
    for count in 1...2 {
      upon.raise(SIGUSR1)
      #expect(upon.wait { upon.records.count { $0.event == "signal" } == count })
    }
    upon.closeInput()
    #expect(upon.finish().status == .exited(0))
  }

  @Test func `all of a request is opened, or nothing`() throws {
    let upon = try Shell.start("mkfifo good; exec upon --control stdin")
    for (place, words) in [
      #""every:10ms","fd:7","name=x""#, #""every:10ms","start","print","file=/nowhere/x""#,
      #""after:0","name=a","every:1h","name=a""#, #""start","do","touch ran","unix-listen:/nowhere/x""#,
      #""unix-listen:web","unix-listen:/nowhere/x""#, #""every:10ms","do","touch ran","dir=/nowhere""#,
    ].enumerated() {
      #expect(upon.ask(#"{"add":[\#(words)],"id":"\#(place)"}"#, id: "\(place)")?.isOK == false, "\(words)")
    }
    // A source that is good fires behind what a refused one would have fired.
    #expect(upon.ask(#"{"add":["after:50ms","name=good"],"id":"good"}"#, id: "good")?.isOK == true)
    #expect(upon.wait { upon.records.contains { $0.event == "timeout" } })
    let list = try #require(upon.ask(#"{"list":true,"id":"l"}"#, id: "l"))
    for kind in ["sources", "commands", "connections"] { #expect(list.value(kind) as? [String] == []) }
    upon.closeInput()
    let run = upon.finish()
    #expect(run.status == .exited(0))
    #expect(run.records.amounts(of: \.event) == ["reply": 8, "timeout": 1], "\(run)")
    #expect(try Shell.run("ls", directory: upon.directory).lines == ["good"])
  }
}
