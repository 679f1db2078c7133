/// A pattern for paths below a root, as shells and lists of ignored files have them.
///
/// `*` and `?` stand for anything but a slash, `[a-z]` and `[!a-z]` for one byte, `**` for any number of directories,
/// `\` takes the next byte as it is. A pattern without a slash is for names at any depth; a slash at its start or end
/// binds it to the root, or says that it is a directory, and is no part of it.
public struct Glob: Sendable {
  private enum Part: Sendable {
    case name([Token])
    case anyDirectories
  }

  fileprivate enum Token: Sendable {
    case byte(UInt8)
    case any
    case anyRun
    case set([ClosedRange<UInt8>], isNegated: Bool)
  }

  private let parts: [Part]
  private let isForNames: Bool

  /// Makes a pattern of its text; nil for an empty one and where a `[` is not closed.
  public init?(_ text: String) {
    var bytes = Array(text.utf8)
    let isRooted = bytes.first == 0x2F
    if isRooted { bytes.removeFirst() }
    if bytes.last == 0x2F { bytes.removeLast() }
    guard !bytes.isEmpty else { return nil }
    let names = bytes.split(separator: 0x2F)
    var parts: [Part] = []
    for name in names where !name.elementsEqual([0x2E]) {
      if name.elementsEqual([0x2A, 0x2A]) {
        parts.append(.anyDirectories)
      } else {
        guard let tokens = Self.tokens(name) else { return nil }
        parts.append(.name(tokens))
      }
    }
    guard !parts.isEmpty else { return nil }
    self.parts = parts
    isForNames = names.count == 1 && !isRooted
  }

  /// Whether the pattern is for this path, which is relative to the root.
  public func matches(_ path: UnsafeRawBufferPointer) -> Bool {
    if isForNames {
      let start = path.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0
      if case .name(let tokens) = parts[0] {
        return Self.match(tokens[...], UnsafeRawBufferPointer(rebasing: path[start...]))
      }
      return !path.isEmpty
    }
    return match(parts[...], path)
  }

  private func match(_ parts: ArraySlice<Part>, _ path: UnsafeRawBufferPointer) -> Bool {
    guard let first = parts.first else { return path.isEmpty }
    let rest = parts.dropFirst()
    guard case .name(let tokens) = first else {
      // At its end it stands for everything below, but not for nothing.
      if rest.isEmpty { return !path.isEmpty }
      var tail = path
      while true {
        if match(rest, tail) { return true }
        guard let slash = tail.firstIndex(of: 0x2F) else { return false }
        tail = UnsafeRawBufferPointer(rebasing: tail[(slash + 1)...])
      }
    }
    guard !path.isEmpty else { return false }
    let slash = path.firstIndex(of: 0x2F)
    let name = UnsafeRawBufferPointer(rebasing: path[..<(slash ?? path.count)])
    guard Self.match(tokens[...], name) else { return false }
    guard let slash else { return rest.isEmpty }
    return !rest.isEmpty && match(rest, UnsafeRawBufferPointer(rebasing: path[(slash + 1)...]))
  }

  /// Goes back to the last `*` only, so that many of them cost no more than the product of both lengths.
  private static func match(_ tokens: ArraySlice<Token>, _ name: UnsafeRawBufferPointer) -> Bool {
    var (token, position) = (tokens.startIndex, 0)
    var retry: (token: Int, position: Int)?
    while position < name.count {
      if token < tokens.endIndex {
        if case .anyRun = tokens[token] {
          token += 1
          retry = (token, position)
          continue
        }
        if tokens[token].matches(name[position]) {
          (token, position) = (token + 1, position + 1)
          continue
        }
      }
      guard let again = retry else { return false }
      retry = (again.token, again.position + 1)
      (token, position) = (again.token, again.position + 1)
    }
    return tokens[token...].allSatisfy { if case .anyRun = $0 { true } else { false } }
  }

  // MARK: Parsing

  private static func tokens(_ text: ArraySlice<UInt8>) -> [Token]? {
    var tokens: [Token] = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*"): tokens.append(.anyRun)
      case UInt8(ascii: "?"): tokens.append(.any)
      case UInt8(ascii: "\\"): tokens.append(.byte(rest.popFirst() ?? byte))
      case UInt8(ascii: "["):
        guard let set = set(&rest) else { return nil }
        tokens.append(set)
      default: tokens.append(.byte(byte))
      }
    }
    return tokens
  }

  /// A set behind its bracket; `]` is one of it where it comes first.
  private static func set(_ rest: inout ArraySlice<UInt8>) -> Token? {
    var ranges: [ClosedRange<UInt8>] = []
    let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if isNegated { rest.removeFirst() }
    while var low = rest.popFirst() {
      if low == UInt8(ascii: "]") && !ranges.isEmpty { return .set(ranges, isNegated: isNegated) }
      if low == UInt8(ascii: "\\") {
        guard let next = rest.popFirst() else { return nil }
        low = next
      }
      var high = low
      if rest.count >= 2, rest.first == UInt8(ascii: "-"), rest[rest.startIndex + 1] != UInt8(ascii: "]") {
        rest.removeFirst()
        high = rest.removeFirst()
      }
      ranges.append(low...max(low, high))
    }
    return nil
  }
}

extension Glob.Token {
  fileprivate func matches(_ value: UInt8) -> Bool {
    switch self {
    case .byte(let byte): byte == value
    case .any: true
    case .anyRun: false
    case .set(let ranges, let isNegated): ranges.contains { $0.contains(value) } != isNegated
    }
  }
}
