import EventLoop
import JSON
import Platform

extension Session {
  /// Carries out one request; returns whether it is to be answered, which stands in `answer` then.
  func carryOut(
    _ text: UnsafeRawBufferPointer, for channel: ControlChannel, answer: inout ByteQueue
  ) -> Bool {
    let request: JSONValue
    do throws(JSONValue.Malformed) {
      request = try JSONValue(reading: text)
    } catch {
      return refuse(error.reason, to: &answer)
    }
    guard let members = request.members else { return refuse("expected one JSON object a line", to: &answer) }
    let id = members.first { $0.key == "id" }?.value
    do {
      let asked = try Request.read(members)
      // What is asked for may be long: it is only written down where somebody waits for it.
      answer.append("{\"ok\":true" as StaticString)
      if let id { answer.append(id: id) }
      if case .subscribe(let names) = asked {
        try subscribe(channel, to: names)
      } else {
        try carryOut(asked, answer: &answer)
      }
      answer.append(UInt8(ascii: "}"))
      return id != nil
    } catch {
      answer.removeAll()
      answer.append("{\"ok\":false" as StaticString)
      if let id { answer.append(id: id) }
      answer.append(error: error.reason)
      return true
    }
  }

  /// Answers what is no request.
  func refuse(_ reason: String, to answer: inout ByteQueue) -> Bool {
    answer.append("{\"ok\":false" as StaticString)
    answer.append(error: reason)
    return true
  }

  private func carryOut(_ asked: Request.Asked, answer: inout ByteQueue) throws(Request.Refusal) {
    switch asked {
    case .add(let words, let replaces): try add(words, replaces: replaces, answer: &answer)
    case .remove(let name): remove(try feed(name))
    case .pause(let name): try feed(name).pause()
    case .resume(let name): try feed(name).resume()
    case .trigger(let name, let data, let path):
      do {
        let outcome = try feed(name).trigger(data, path: path)
        answer.append(",\"outcome\":\"\(outcome)\"")
      } catch let failure as SourceFailure {
        throw Request.Refusal(failure.reason)
      } catch {
        throw error as? Request.Refusal ?? Request.Refusal("\(error)")
      }
    case .reload: try reload(answer: &answer)
    case .list: list(to: &answer)
    case .stats: describeStatistics(to: &answer)
    case .send(let bytes, let receiver):
      let connections = try receivers(receiver)
      try send(bytes, to: connections, receiver)
      answer.append(",\"connections\":" as StaticString)
      answer.append(decimal: UInt64(connections.count))
    case .close(let receiver):
      let connections = try receivers(receiver)
      for connection in connections { connection.close() }
      answer.append(",\"connections\":" as StaticString)
      answer.append(decimal: UInt64(connections.count))
    case .exit(let status, let drains): endSoon(drains ? .exitDrained(status) : .exit(status))
    case .subscribe: break
    }
  }

  /// Closes what the request has ended, so that the next one finds it gone.
  func requestIsDone() {
    if ending.phase == .running { closeEnded() }
  }

  /// One end of input is enough: whoever drives upon from there is done.
  func controlEnded(_ channel: ControlChannel) {
    channel.close()
    endSoon(options.wait == .none ? .finished : .unsatisfied)
  }

  // MARK: Requests

  private func add(_ words: [Word], replaces: Bool, answer: inout ByteQueue) throws(Request.Refusal) {
    let invocation: Invocation
    do {
      invocation = try Parser.parseRules(
        words, Vocabulary(Kind.all), beside: options,
        known: feeds.inOrder.map { KnownSource(name: $0.name, plan: $0.plan) })
    } catch {
      throw Request.Refusal(error.message)
    }
    for spec in invocation.sources {
      if let number = spec.plan.inherited, !services.process.isInherited(number) {
        throw Request.Refusal("\(Word(spec.name).text): descriptor \(number) is closed")
      }
    }
    if let program = invocation.program {
      do throws(LoopError) {
        _ = try Program.find(program)
      } catch {
        throw Request.Refusal("\(Word(program[0]).text): \(systemError(error.code))")
      }
    }
    let fresh: [Feed]
    do {
      fresh = try add(invocation, replaces: replaces).feeds
    } catch {
      throw Request.Refusal(error.reason)
    }
    answer.append("names", fresh.map(\.name))
    start(fresh)
  }

  private func reload(answer: inout ByteQueue) throws(Request.Refusal) {
    do throws(SourceFailure) {
      let outcome = try reload()
      answer.append("added", outcome.added)
      answer.append("removed", outcome.removed)
      if !outcome.options.isEmpty { answer.append("options", outcome.options.map { Array($0.utf8) }) }
    } catch {
      throw Request.Refusal(error.reason)
    }
  }

  func feed(_ name: [UInt8]) throws(Request.Refusal) -> Feed {
    if let feed = feeds[name] { return feed }
    let names = feeds.inOrder.map { Word($0.name).text }
    let near = Suggestion.nearest(Word(name).text, names).map { "; did you mean \($0)?" }
    throw Request.Refusal("no source has the name '\(Word(name).text)'\(near ?? "")")
  }

  private func receivers(_ receiver: Request.Receiver) throws(Request.Refusal) -> [any Receiver] {
    switch receiver {
    case .source(let name):
      let feed = try feed(name)
      return receivers(of: feed)
    case .connection(let id):
      guard let connection = services.existing(Connections.self)?[id] else {
        throw Request.Refusal("no connection has the number \(id)")
      }
      return [connection]
    }
  }

  /// A connection that has gone meanwhile is an error only for whoever named it.
  private func send(_ bytes: [UInt8], to connections: [any Receiver], _ receiver: Request.Receiver)
    throws(Request.Refusal)
  {
    for connection in connections {
      let isSent = bytes.withUnsafeBytes { connection.send($0) }
      guard case .connection(let id) = receiver, !isSent else { continue }
      throw Request.Refusal("connection \(id) takes no more")
    }
  }
}

extension ByteQueue {
  /// Appends a member that is a list of texts.
  fileprivate mutating func append(_ key: StaticString, _ texts: [[UInt8]]) {
    append(",\"" as StaticString)
    append(key)
    append("\":[" as StaticString)
    for (index, text) in texts.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(jsonString: text)
    }
    append(UInt8(ascii: "]"))
  }

  fileprivate mutating func append(id: JSONValue) {
    append(",\"id\":" as StaticString)
    append(json: id)
  }

  fileprivate mutating func append(error: String) {
    append(",\"error\":" as StaticString)
    append(jsonString: error)
    append(UInt8(ascii: "}"))
  }
}
