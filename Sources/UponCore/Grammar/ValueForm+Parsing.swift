import EventLoop
import FileEvents

// MARK: Reading

extension ValueForm {
  /// Reads a value in this form; what was expected is the error.
  public func parse(_ bytes: [UInt8]) throws(ValueError) -> Value {
    if bytes.isEmpty { throw mismatch }
    switch self {
    case .interval(let zero):
      return .interval(try Self.duration(bytes, zero: zero))
    case .intervalOr(let word):
      if bytes.elementsEqual(word.utf8) { return .choice(word) }
      guard let interval = Interval(bytes), interval.nanoseconds > 0 else {
        throw Self.unknownUnit(bytes) ?? mismatch
      }
      return .interval(interval)
    case .burst:
      return try parseBurst(bytes)
    case .batch:
      if Interval(bytes)?.nanoseconds == 0 { return .burst(Interval(nanoseconds: 0), limit: nil) }
      return try parseBurst(bytes)
    case .idle:
      return .idle(try parseIdle(bytes))
    case .addresses:
      return .addresses(try AllowedAddresses(bytes))
    case .users:
      return .users(try AllowedUsers(bytes))
    case .size:
      return .number(try parseSize(bytes))
    case .count(let range):
      guard let number = Int(decimal: bytes[...]), range.contains(number) else { throw mismatch }
      return .number(number)
    case .choice(let choices):
      let text = String(decoding: bytes, as: UTF8.self)
      guard choices.contains(text) else {
        let meant = Synonyms.values.meaning(of: text, in: choices) ?? Suggestion.nearest(text, choices)
        throw ValueError(message: mismatch.message + (meant.map { "; did you mean \($0)?" } ?? ""))
      }
      return .choice(text)
    case .form: return try parseForm(bytes)
    case .fields: return .fields(try parseFields(bytes[...]))
    case .pattern:
      if let message = Pattern.check(bytes) { throw ValueError(message: message) }
      return .bytes(bytes)
    case .text, .path, .file, .zone:
      return .bytes(bytes)
    case .user:
      guard let name = UserName(bytes) else { throw mismatch }
      try name.check()
      return .bytes(bytes)
    case .globs:
      for glob in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      where Glob(String(decoding: glob, as: UTF8.self)) == nil { throw mismatch }
      return .bytes(bytes)
    case .names:
      let names = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      for (index, name) in names.enumerated() {
        if name.isEmpty { throw mismatch }
        if names[..<index].contains(name) {
          throw ValueError(message: "'\(Word(Array(name)).text)' stands twice")
        }
      }
      return .bytes(bytes)
    case .events:
      return .events(try parseEvents(bytes))
    case .ending:
      return try parseEnding(bytes)
    case .mode:
      guard let mode = Int(String(decoding: bytes, as: UTF8.self), radix: 8), bytes[0].isDigit, mode <= 0o777
      else { throw mismatch }
      return .number(mode)
    case .signal:
      guard let signal = SignalName(String(decoding: bytes, as: UTF8.self)) else { throw mismatch }
      return .choice(signal.name)
    case .control:
      _ = try ControlAddress(bytes)
      return .bytes(bytes)
    case .backend:
      return .choice(try parseBackend(String(decoding: bytes, as: UTF8.self)))
    }
  }

  /// Reads a duration; zero only where it says so.
  static func duration(_ bytes: [UInt8], zero: Bool) throws(ValueError) -> Interval {
    guard let interval = Interval(bytes) else {
      throw unknownUnit(bytes) ?? ValueForm.interval(zero: zero).mismatch
    }
    if interval.nanoseconds == 0, !zero { throw ValueError(message: "expected a duration longer than 0") }
    return interval
  }

  /// What is wrong with a number that has a unit nobody knows.
  private static func unknownUnit(_ bytes: [UInt8]) -> ValueError? {
    guard let unit = Interval.unknownUnit(bytes) else { return nil }
    let units = Interval.units.map(\.name).listed("or")
    return ValueError(message: "unknown unit '\(Word(unit).text)'; expected \(units)")
  }

  private func parseBurst(_ bytes: [UInt8]) throws(ValueError) -> Value {
    let parts = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count <= 2, let quiet = Interval(Array(parts[0])), quiet.nanoseconds > 0 else {
      throw parts.count <= 2 ? Self.unknownUnit(Array(parts[0])) ?? mismatch : mismatch
    }
    if parts.count == 1 { return .burst(quiet, limit: nil) }
    guard let limit = Interval(Array(parts[1])), limit >= quiet else {
      throw Self.unknownUnit(Array(parts[1])) ?? mismatch
    }
    return .burst(quiet, limit: limit)
  }

  private func parseIdle(_ bytes: [UInt8]) throws(ValueError) -> IdleSpan {
    let parts = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let spans = parts.compactMap { Interval(Array($0)) }
    guard parts.count <= 2, spans.count == parts.count, spans.allSatisfy({ $0.nanoseconds > 0 }) else {
      throw mismatch
    }
    return IdleSpan(first: spans[0], again: spans.count > 1 ? spans[1] : nil)
  }

  private func parseSize(_ bytes: [UInt8]) throws(ValueError) -> Int {
    let shift: Int? =
      switch bytes.last {
      case UInt8(ascii: "K"): 10
      case UInt8(ascii: "M"): 20
      case UInt8(ascii: "G"): 30
      default: nil
      }
    let digits = shift == nil ? bytes[...] : bytes.dropLast()
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { throw mismatch }
    guard let number = Int(decimal: digits), number <= Int.max >> (shift ?? 0) else {
      throw ValueError(message: "too large for a size")
    }
    if number == 0 { throw mismatch }
    return number << (shift ?? 0)
  }

  private func parseEvents(_ bytes: [UInt8]) throws(ValueError) -> EventSelection {
    if bytes.elementsEqual("all".utf8) { return EventSelection(.all) }
    let adds = bytes.first == UInt8(ascii: "+")
    var names: [String] = []
    for part in bytes[(adds ? 1 : 0)...].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      let name = String(decoding: part, as: UTF8.self)
      if name.isEmpty { throw mismatch }
      if names.contains(name) { throw ValueError(message: "'\(name)' stands twice") }
      names.append(name)
    }
    return EventSelection(adds ? .add : .replace, names)
  }

  private func parseForm(_ bytes: [UInt8]) throws(ValueError) -> Value {
    let equals = bytes.firstIndex(of: UInt8(ascii: "="))
    let names = RecordFormat.allCases.map(\.rawValue)
    guard
      case .choice(let name) = try ValueForm.choice(names).parse(Array(bytes[..<(equals ?? bytes.count)])),
      let format = RecordFormat(rawValue: name)
    else { throw mismatch }
    guard let equals else { return .form(format, fields: nil) }
    if !format.hasFields { throw ValueError(message: "only json and tsv have fields to choose from") }
    return .form(format, fields: try parseFields(bytes[(equals + 1)...]))
  }

  private func parseFields(_ bytes: ArraySlice<UInt8>) throws(ValueError) -> [String] {
    var names: [String] = []
    for part in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let name = String(decoding: part, as: UTF8.self)
      if name.isEmpty { throw ValueError(message: "expected \(ValueForm.fields.expected)") }
      if names.contains(name) { throw ValueError(message: "'\(Word(name).text)' stands twice") }
      names.append(name)
    }
    return names
  }

  private func parseBackend(_ name: String) throws(ValueError) -> String {
    let names = Backend.names
    if names.contains(name) { return name }
    if name.hasSuffix("(with changelist)") {
      throw ValueError(
        message: "not safe with descriptors that are copies of each other; expected \(expected)")
    }
    if Backend.known.contains(name) {
      throw ValueError(message: "this system does not have it; expected \(expected)")
    }
    if let near = Suggestion.nearest(name, names) {
      throw ValueError(message: "unknown; did you mean \(near)?")
    }
    throw mismatch
  }

  private func parseEnding(_ bytes: [UInt8]) throws(ValueError) -> Value {
    var event: String?
    var digits = bytes[...]
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      guard colon > 0 else { throw mismatch }
      event = String(decoding: bytes[..<colon], as: UTF8.self)
      digits = bytes[(colon + 1)...]
    }
    guard let status = Int(decimal: digits), status <= 255 else { throw mismatch }
    return .ending(event: event, status: Int32(status))
  }
}

extension Int {
  /// Reads decimal digits and nothing else.
  init?(decimal digits: ArraySlice<UInt8>) {
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
    self.init(String(decoding: digits, as: UTF8.self))
  }
}

// MARK: Texts

extension ValueForm {
  /// What stands for the value in a synopsis.
  public var placeholder: String {
    switch self {
    case .interval: "D"
    case .intervalOr(let word): "D|\(word)"
    case .burst, .batch: "D[,MAX]"
    case .idle: "D[,AGAIN]"
    case .addresses: "ADDRESS[/BITS],..."
    case .users: "USER,...|any"
    case .size: "SIZE"
    case .count: "N"
    case .choice(let choices): choices.joined(separator: "|")
    case .form: "FORM[=FIELD,...]"
    case .fields: "FIELD,..."
    case .pattern: "RE"
    case .text: "TEXT"
    case .path: "PATH"
    case .file: "FILE"
    case .user: "NAME[:GROUP]"
    case .globs: "GLOB,..."
    case .names: "NAME[,NAME...]"
    case .events: "[+]EVENT,..."
    case .ending: "[EVENT:]N"
    case .signal: "SIGNAL"
    case .mode: "MODE"
    case .backend: "NAME"
    case .control: "ADDRESS"
    case .zone: "AREA/CITY"
    }
  }

  private var mismatch: ValueError {
    ValueError(message: "expected " + expected)
  }

  /// What a value has to be, as messages say it.
  var expected: String {
    switch self {
    case .interval: "a duration such as 250ms, 5s or 1h30m"
    case .intervalOr(let word): "a duration longer than 0 such as 250ms, or \(word)"
    case .burst: "a duration, or two as D,MAX with MAX not shorter than D, such as 1s,10s"
    case .batch: "0, a duration, or two as D,MAX with MAX not shorter than D, such as 1s,10s"
    case .idle: "a duration longer than 0, or two as D,AGAIN, such as 5s or 1m,1h"
    case .addresses: AddressRange.expected
    case .users: AllowedUsers.expected
    case .size: "a size larger than 0, such as 4096, 64K or 1M"
    case .count(let range) where range.upperBound == .max: "a whole number from \(range.lowerBound)"
    case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let choices): choices.listed("or")
    case .form: RecordFormat.allCases.map(\.rawValue).listed("or")
    case .fields: "names of fields, such as time,data"
    case .pattern: "a PCRE2 pattern"
    case .text: "a text that is not empty"
    case .path: "a path"
    case .file: "a file, or - for standard input"
    case .user: "a user, or a user and a group, such as nobody or www-data:www-data"
    case .globs: "patterns such as '*.c' or 'build,.git', and each [ closed"
    case .names: "names of sources, such as db or db,log"
    case .events: "events such as end, +end or all"
    case .ending: "a status from 0 to 255, or EVENT:STATUS"
    case .signal: "a signal such as TERM, INT or 9"
    case .mode: "an octal mode from 000 to 777, such as 600"
    case .backend: Backend.names.listed("or")
    case .control: ControlAddress.expected
    case .zone: "a time zone such as Europe/Berlin"
    }
  }
}

extension [String] {
  /// `a, b or c`.
  func listed(_ word: String) -> String {
    guard count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(word) " + self[count - 1]
  }
}
