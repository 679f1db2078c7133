import JSON

/// A request that has been read and checked; nothing has been done yet.
struct Request {
  enum Asked {
    case add([Word], replaces: Bool)
    case remove([UInt8])
    case pause([UInt8])
    case resume([UInt8])
    case trigger([UInt8], data: [UInt8]?, path: [UInt8]?)
    case reload
    case list
    case stats
    case send([UInt8], to: Receiver)
    case close(Receiver)
    case exit(Int32, drains: Bool)
    /// The records of these sources, of all where nil.
    case subscribe([[UInt8]]?)
  }

  /// A connection by its number, or all connections of a source by its name.
  enum Receiver {
    case connection(UInt64)
    case source([UInt8])
  }

  /// Why a request is refused.
  struct Refusal: Error {
    let reason: String

    init(_ reason: String) {
      self.reason = reason
    }
  }

  private let verb: String
  private let values: [String: JSONValue]

  /// Reads what the members of an object ask for; `id` has been looked at.
  static func read(_ members: [JSONValue.Member]) throws(Refusal) -> Asked {
    var verb: Verb?
    for member in members {
      guard let found = Verb.named(member.key) else { continue }
      if let verb { throw Refusal("'\(member.key)' beside '\(verb.name)': one request a line") }
      verb = found
    }
    var values: [String: JSONValue] = [:]
    for member in members where member.key != "id" {
      let key = member.key
      guard key == verb?.name || verb?.keys.contains(where: { $0.name == key }) ?? false else {
        throw unknown(key, verb)
      }
      values[key] = member.value
    }
    guard let verb else {
      throw Refusal("expected one of \(Verb.all.map(\.name).listed("or"))")
    }
    return try Request(verb: verb.name, values: values).asked()
  }

  private static func unknown(_ key: String, _ verb: Verb?) -> Refusal {
    let shown = Word(key).text
    if let verb {
      if let near = Suggestion.nearest(key, verb.keys.map(\.name)) {
        return Refusal("'\(shown)': unknown key; did you mean \(near)?")
      }
      let known = [verb.name] + verb.keys.map(\.name) + ["id"]
      return Refusal("'\(shown)': unknown key; '\(verb.name)' has \(known.listed("and"))")
    }
    if let near = Suggestion.nearest(key, Verb.all.map(\.name)) {
      return Refusal("'\(shown)': unknown request; did you mean \(near)?")
    }
    return Refusal("'\(shown)': unknown request; expected one of \(Verb.all.map(\.name).listed("or"))")
  }

  private func asked() throws(Refusal) -> Asked {
    switch verb {
    case "add": return .add(try words(), replaces: try bool("replace"))
    case "remove": return .remove(try text(verb))
    case "pause": return .pause(try text(verb))
    case "resume": return .resume(try text(verb))
    case "trigger": return .trigger(try text(verb), data: try bytes("data"), path: try path())
    case "send": return .send(try text(verb, allowsEmpty: true), to: try receiver("to"))
    case "send_base64": return .send(try base64(verb), to: try receiver("to"))
    case "close": return .close(try receiver(verb))
    case "subscribe": return .subscribe(try names())
    case "exit":
      guard let status = values[verb]?.integer, 0...255 ~= status else {
        throw Refusal("'exit': expected a status from 0 to 255")
      }
      return .exit(Int32(status), drains: try bool("drain"))
    default:
      guard values[verb]?.bool == true else { throw Refusal("'\(verb)': expected true") }
      switch verb {
      case "reload": return .reload
      case "list": return .list
      default: return .stats
      }
    }
  }

  // MARK: Values

  private func words() throws(Refusal) -> [Word] {
    let words = values["add"]?.elements?.map(\.text)
    guard let words, !words.isEmpty, !words.contains(nil) else {
      throw Refusal("'add': expected the words of a rule, as in [\"every:5s\",\"do\",\"date\"]")
    }
    return words.compactMap { $0.map { Word($0) } }
  }

  /// A list of names; nil for all.
  private func names() throws(Refusal) -> [[UInt8]]? {
    if values[verb]?.bool == true { return nil }
    let names = values[verb]?.elements?.map(\.text)
    guard let names, !names.isEmpty, !names.contains(nil), !names.contains([]) else {
      throw Refusal("'\(verb)': expected true, or names of sources as in [\"db\",\"log\"]")
    }
    return names.compactMap { $0 }
  }

  private func text(_ key: String, allowsEmpty: Bool = false) throws(Refusal) -> [UInt8] {
    guard let text = values[key]?.text else { throw Refusal("'\(key)': expected a text") }
    if text.isEmpty, !allowsEmpty { throw Refusal("'\(key)': expected a text that is not empty") }
    return text
  }

  private func base64(_ key: String) throws(Refusal) -> [UInt8] {
    guard let bytes = values[key]?.text.flatMap([UInt8].init(base64:)) else {
      throw Refusal("'\(key)': expected bytes in base64")
    }
    return bytes
  }

  private func bool(_ key: String) throws(Refusal) -> Bool {
    guard let value = values[key] else { return false }
    guard let bool = value.bool else { throw Refusal("'\(key)': expected true or false") }
    return bool
  }

  /// Bytes that are given as text, or in base64.
  private func bytes(_ key: String) throws(Refusal) -> [UInt8]? {
    guard values[key] != nil else {
      return values[key + "_base64"] == nil ? nil : try base64(key + "_base64")
    }
    if values[key + "_base64"] != nil { throw Refusal("'\(key)_base64' has no effect beside '\(key)'") }
    return try text(key, allowsEmpty: true)
  }

  private func path() throws(Refusal) -> [UInt8]? {
    guard let path = try bytes("path") else { return nil }
    if path.isEmpty || path.contains(0) { throw Refusal("'path': expected a path") }
    if values["data"] != nil || values["data_base64"] != nil {
      throw Refusal("'data' has no effect beside 'path'")
    }
    return path
  }

  private func receiver(_ key: String) throws(Refusal) -> Receiver {
    if let number = values[key]?.integer, number > 0 { return .connection(UInt64(number)) }
    guard let name = values[key]?.text, !name.isEmpty else {
      throw Refusal("'\(key)': expected the number of a connection or the name of a source")
    }
    return .source(name)
  }
}

extension [UInt8] {
  /// Reads base64 (RFC 4648, section 4); nil for anything else.
  init?(base64 text: [UInt8]) {
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    let padding = text.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
    if padding == 2, text.last != UInt8(ascii: "=") { return nil }
    var bits: UInt32 = 0
    for (index, digit) in text.dropLast(padding).enumerated() {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = digit - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = digit - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit + 4
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      guard index % 4 == 3 else { continue }
      for shift in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
      bits = 0
    }
    // What is left over must be zero, or two texts would stand for the same bytes.
    switch padding {
    case 0: break
    case 1 where bits & 3 == 0:
      bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
    case 2 where bits & 15 == 0: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    default: return nil
    }
    self = bytes
  }
}
