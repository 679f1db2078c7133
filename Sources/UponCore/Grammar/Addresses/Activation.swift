import Platform

/// A socket that upon was started with: descriptor N, or one that the service manager has named.
///
/// `LISTEN_FDS` sockets stand from descriptor 3 on, and `LISTEN_FDNAMES` has their names; both are meant for the
/// process `LISTEN_PID` only (`sd_listen_fds`).
enum Activation: Sendable, Hashable {
  case number(Int32)
  case name([UInt8])

  private static let first: Int32 = 3

  init(_ address: [UInt8], in word: Word) throws(UsageError) {
    if let number = Int(decimal: address[...]), number <= Int32.max {
      self = .number(Int32(number))
      return
    }
    let isName = address.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: ":") }
    guard isName, address.first?.isDigit == false, address.first != UInt8(ascii: "-") else {
      throw UsageError(word, "expected the number of a descriptor or a name of LISTEN_FDNAMES")
    }
    self = .name(address)
  }

  /// The one spelling.
  var canonical: [UInt8] {
    switch self {
    case .number(let number): Array(String(number).utf8)
    case .name(let name): name
    }
  }

  /// The descriptor; nil where no socket of that name was given.
  var descriptor: Int32? {
    switch self {
    case .number(let number): return number
    case .name(let name):
      guard let index = Self.names.firstIndex(of: name) else { return nil }
      return Self.first + Int32(index)
    }
  }

  /// Why there is no such descriptor.
  var absence: SourceFailure {
    guard Self.count > 0 else {
      return SourceFailure("no sockets were given to this process (LISTEN_FDS, LISTEN_PID)")
    }
    let names = Self.names.map { Word($0).text }
    return SourceFailure(
      names.isEmpty
        ? "the sockets given have no names (LISTEN_FDNAMES)"
        : "no socket of that name was given; there are \(names.listed("and"))")
  }

  private static var names: [[UInt8]] {
    guard let text = variable("LISTEN_FDNAMES") else { return [] }
    return text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).prefix(count).map {
      Array($0)
    }
  }

  /// How many sockets were given to this process.
  private static var count: Int {
    guard let pid = variable("LISTEN_PID"), let number = Int(decimal: pid[...]), number == Int(getpid()),
      let text = variable("LISTEN_FDS"), let count = Int(decimal: text[...])
    else { return 0 }
    return count
  }

  private static func variable(_ name: String) -> [UInt8]? {
    getenv(name).map {
      Array(UnsafeBufferPointer(start: $0, count: strlen($0)).map { UInt8(bitPattern: $0) })
    }
  }
}
