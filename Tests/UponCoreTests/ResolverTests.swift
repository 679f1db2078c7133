import EventLoop
import Testing

@testable import UponCore

@Suite struct ResolverTests {
  /// Gathers answers and stops the loop with the last one.
  private final class Answers {
    var texts: [String] = []
    let loop: EventLoop
    let expected: Int

    init(_ loop: EventLoop, expected: Int) {
      self.loop = loop
      self.expected = expected
    }

    func take(_ host: String, _ answer: Resolver.Answer) {
      switch answer {
      case .addresses(let addresses): texts.append("\(host) " + addresses.map(\.host).joined(separator: " "))
      case .failed: texts.append("\(host) failed")
      }
      if texts.count == expected { loop.stop() }
    }
  }

  private func ask(_ hosts: [String], cancelling cancelled: Set<Int> = []) throws -> [String] {
    let loop = try EventLoop(verbose: false)
    let resolver = try Resolver(loop: loop)
    let answers = Answers(loop, expected: hosts.count - cancelled.count)
    var queries: [Resolver.Query] = []
    for host in hosts {
      queries.append(try resolver.lookUp(Array(host.utf8)) { answers.take(host, $0) })
    }
    for place in cancelled { queries[place].cancel() }
    let deadline = Timer(loop: loop) { _ in loop.stop() }
    deadline.arm(at: Clock.monotonic() + 60_000_000_000)
    try loop.run()
    withExtendedLifetime(queries) {}
    return answers.texts
  }

  @Test func `numbers are answered by the system too`() throws {
    #expect(try ask(["127.0.0.1", "::1"]).sorted() == ["127.0.0.1 127.0.0.1", "::1 ::1"])
  }

  @Test func `what asks for one name is answered together, in order`() throws {
    #expect(
      try ask(["127.0.0.1", "127.0.0.1", "127.0.0.1"]) == Array(repeating: "127.0.0.1 127.0.0.1", count: 3))
  }

  @Test func `a name that is none fails`() throws {
    #expect(try ask(["a..b"]) == ["a..b failed"])
  }

  @Test func `a cancelled query is not answered`() throws {
    #expect(try ask(["127.0.0.1", "127.0.0.2", "127.0.0.1"], cancelling: [0, 1]) == ["127.0.0.1 127.0.0.1"])
  }

  @Test func `many names wait in line for few threads`() throws {
    let hosts = (1...200).map { "127.0.0.\($0)" }
    #expect(try ask(hosts).count == 200)
  }

  @Test func `a resolver may go while names are looked up`() throws {
    let loop = try EventLoop(verbose: false)
    for _ in 0..<50 {
      let resolver = try Resolver(loop: loop)
      for number in 1...20 { _ = try resolver.lookUp(Array("127.0.0.\(number)".utf8)) { _ in } }
    }
  }
}
