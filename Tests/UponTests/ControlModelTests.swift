import Foundation
import Testing

/// Random requests against a model of what they do.
@Suite struct ControlModelTests {
  /// What upon should know of its sources.
  private struct Model {
    struct Source: Equatable {
      var state = "armed"
      var events = 0
      var left: Int?
    }

    var sources: [String: Source] = [:]
    var order: [String] = []

    /// Whether a request is carried out.
    mutating func carryOut(_ request: Request) -> Bool {
      switch request {
      case .add(let names, let limit, let replaces):
        guard Set(names).count == names.count else { return false }
        if !replaces, names.contains(where: { sources[$0] != nil }) { return false }
        for name in names {
          order.removeAll { $0 == name }
          order.append(name)
          sources[name] = Source(left: limit)
        }
      case .remove(let name):
        guard sources.removeValue(forKey: name) != nil else { return false }
        order.removeAll { $0 == name }
      case .pause(let name): return set(name, "paused")
      case .resume(let name): return set(name, "armed")
      case .trigger(let name): return trigger(name)
      }
      return true
    }

    private mutating func set(_ name: String, _ state: String) -> Bool {
      guard sources[name] != nil else { return false }
      sources[name]?.state = state
      return true
    }

    private mutating func trigger(_ name: String) -> Bool {
      guard var source = sources[name] else { return false }
      source.events += 1
      source.left = source.left.map { $0 - 1 }
      sources[name] = source
      if source.left == 0 {
        sources[name] = nil
        order.removeAll { $0 == name }
      }
      return true
    }
  }

  private enum Request {
    case add([String], limit: Int?, replaces: Bool)
    case remove(String)
    case pause(String)
    case resume(String)
    case trigger(String)

    static func random(_ random: inout SystemRandomNumberGenerator) -> Request {
      func name() -> String { "s\(Int.random(in: 0..<8, using: &random))" }
      switch Int.random(in: 0..<8, using: &random) {
      case 0...2:
        let names = (0..<Int.random(in: 1...3, using: &random)).map { _ in name() }
        let limit = Bool.random(using: &random) ? Int.random(in: 1...3, using: &random) : nil
        return .add(names, limit: limit, replaces: Bool.random(using: &random))
      case 3: return .remove(name())
      case 4: return .pause(name())
      case 5: return .resume(name())
      default: return .trigger(name())
      }
    }

    var text: String {
      switch self {
      case .add(let names, let limit, let replaces):
        // Each name has an address of its own, or two would be one source.
        let words = names.enumerated().flatMap { place, name in
          ["every:\(1000 + place)h", "name=\(name)"] + (limit.map { ["limit=\($0)"] } ?? [])
        }
        return #"{"add":[\#(words.map { "\"\($0)\"" }.joined(separator: ","))],"replace":\#(replaces)"#
      case .remove(let name): return #"{"remove":"\#(name)""#
      case .pause(let name): return #"{"pause":"\#(name)""#
      case .resume(let name): return #"{"resume":"\#(name)""#
      case .trigger(let name): return #"{"trigger":"\#(name)""#
      }
    }
  }

  @Test func `random requests do what a small model says`() throws {
    var random = SystemRandomNumberGenerator()
    let upon = try Shell.start("exec upon -q --control stdin")
    var model = Model()
    var expected: [(id: String, isOK: Bool, request: String)] = []
    var lists: [(id: String, model: Model)] = []
    for number in 0..<3000 {
      let request = Request.random(&random)
      let id = "r\(number)"
      upon.send(request.text + ",\"id\":\"\(id)\"}\n")
      expected.append((id, model.carryOut(request), request.text))
      guard number % 50 == 49 else { continue }
      upon.send("{\"list\":true,\"id\":\"l\(number)\"}\n")
      lists.append(("l\(number)", model))
    }
    upon.closeInput()
    let run = upon.finish()
    #expect(run.status == .exited(0))
    let replies = run.replies
    let answers = replies.filter { $0.text("id").hasPrefix("r") }
    try #require(answers.count == expected.count)
    for (answer, (id, isOK, request)) in zip(answers, expected) {
      guard answer.text("id") == id, answer.isOK == isOK else {
        Issue.record("\(request) → \(answer), expected \(isOK)")
        return
      }
    }
    let listed = replies.filter { $0.text("id").hasPrefix("l") }
    try #require(listed.count == lists.count && lists.count == 3000 / 50)
    for (answer, (id, model)) in zip(listed, lists) {
      #expect(answer.text("id") == id)
      let sources = answer.list("sources")
      #expect(sources.map { $0["name"] as? String } == model.order)
      #expect(sources.map { $0["state"] as? String } == model.order.map { model.sources[$0]?.state })
      #expect(sources.map { $0["events"] as? Int } == model.order.map { model.sources[$0]?.events })
    }
  }
}
