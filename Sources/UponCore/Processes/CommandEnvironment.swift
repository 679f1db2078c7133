import EventLoop
import Platform

/// The environment of commands: that of upon without what was meant for upon, and the event's variables.
final class CommandEnvironment {
  /// A value of `UPON_DATA` may be this long; longer data is on standard input only.
  static let dataLimit = 1 << 16

  /// What has become of the events that no command ran for.
  struct Counts {
    /// Dropped since the last run began.
    var skipped: UInt64
    /// Absorbed by the event of this run.
    var merged: UInt64
  }

  private let userVariables: ArgumentVector?
  /// Optional as the array that they are copied to: otherwise each element would be cast.
  private let inherited: [UnsafeMutablePointer<CChar>?]
  /// Without the variables of an earlier connection, of which upon may itself be the handler: they would hide those
  /// of the connection that a command gets.
  private lazy var inheritedByHandlers = inherited.filter { !UCSPI.isVariable($0!) }
  /// The variables of one event, each with its NUL.
  private var text = ByteQueue(capacity: 4096)
  private var offsets: [Int] = []
  private var pointers: [UnsafeMutablePointer<CChar>?] = []
  private var timestamp = Timestamp()

  /// Whether the data of the event is left out, because it is too much for the kernel.
  var omitsData = false

  /// With `keepsActivation`, as for PROGRAM after a wait, only earlier variables of events are left out.
  /// With a user its `HOME`, `USER` and `LOGNAME` take the place of those of upon.
  init(keepsActivation: Bool = false, of user: RunUser? = nil) {
    var strings: [UnsafeMutablePointer<CChar>?] = []
    var next = upon_environment()
    while let entry = next, let string = entry.pointee {
      if !Self.isDropped(string, keepsActivation), user == nil || !Self.isOfUser(string) {
        strings.append(string)
      }
      next = entry + 1
    }
    guard let user else {
      (inherited, userVariables) = (strings, nil)
      return
    }
    let own = ArgumentVector([
      Array("HOME=".utf8) + user.home, Array("USER=".utf8) + user.name, Array("LOGNAME=".utf8) + user.name,
    ])
    inherited = strings + (0..<3).map { own.strings[$0] }
    userVariables = own
  }

  private static func isOfUser(_ string: UnsafePointer<CChar>) -> Bool {
    strncmp(string, "HOME=", 5) == 0 || strncmp(string, "USER=", 5) == 0
      || strncmp(string, "LOGNAME=", 8) == 0
  }

  private static func isDropped(_ string: UnsafePointer<CChar>, _ keepsActivation: Bool) -> Bool {
    if strncmp(string, "UPON_", 5) == 0 { return true }
    if keepsActivation { return false }
    return strncmp(string, "LISTEN_", 7) == 0 || strncmp(string, "NOTIFY_SOCKET=", 14) == 0
  }

  /// Calls `body` with the strings for this event; they are valid until it returns.
  func with<Result>(
    _ event: Event?, _ label: Label?, _ counts: Counts? = nil, _ given: (any Handover)? = nil,
    _ body: (SpawnRequest.Strings) throws(LoopError) -> Result
  ) throws(LoopError) -> Result {
    text.removeAll()
    offsets.removeAll(keepingCapacity: true)
    if let label, let event { describe(event, label) }
    if let counts { describe(counts) }
    pointers.removeAll(keepingCapacity: true)
    if let given {
      describe(given)
      pointers += inheritedByHandlers
    } else {
      pointers += inherited
    }
    let base = UnsafeMutableRawPointer(mutating: text.bytes.baseAddress)
    for offset in offsets { pointers.append((base! + offset).assumingMemoryBound(to: CChar.self)) }
    pointers.append(nil)
    return try pointers.withUnsafeMutableBufferPointer { (strings) throws(LoopError) in
      try body(strings.baseAddress!)
    }
  }

  /// Calls `body` with the strings for a command that runs for no event.
  func withoutEvent<Result>(
    _ body: (SpawnRequest.Strings) throws(LoopError) -> Result
  ) throws(LoopError) -> Result {
    try with(nil, nil, nil, nil, body)
  }

  private func describe(_ event: Event, _ label: Label) {
    begin("SEQ")
    text.append(decimal: event.seq)
    end()
    begin("TIME")
    timestamp.write(event.time, to: &text)
    end()
    begin("NAME")
    text.append(label.name)
    end()
    begin("KIND")
    text.append(label.kind)
    end()
    begin("EVENT")
    text.append(label.event)
    end()
    begin("COUNT")
    text.append(decimal: event.count)
    end()
    for position in 0..<event.fieldCount { describe(event[position]) }
  }

  private func describe(_ given: any Handover) {
    for (name, value) in given.variables {
      offsets.append(text.count)
      text.append(name)
      text.append(UInt8(ascii: "="))
      text.append(value)
      end()
    }
  }

  private func describe(_ counts: Counts) {
    begin("SKIPPED")
    text.append(decimal: counts.skipped)
    end()
    begin("MERGED")
    text.append(decimal: counts.merged)
    end()
  }

  private func describe(_ field: Event.Field) {
    if case .bytes(let bytes) = field.value,
      bytes.count > Self.dataLimit || bytes.contains(0) || omitsData && field.key.isData
    {
      begin("TRUNCATED")
      text.append(UInt8(ascii: "1"))
      return end()
    }
    begin(field.key)
    switch field.value {
    case .int(let value): text.append(decimal: value)
    case .uint(let value): text.append(decimal: value)
    case .bool(let value): text.append(value ? "true" as StaticString : "false")
    case .text(let value): text.append(value)
    case .bytes(let bytes): text.append(bytes)
    }
    end()
  }

  private func begin(_ key: FieldName) {
    offsets.append(text.count)
    text.append("UPON_" as StaticString)
    for index in 0..<key.utf8CodeUnitCount {
      let byte = key.utf8Start[index]
      text.append(byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte - 32 : byte)
    }
    text.append(UInt8(ascii: "="))
  }

  private func end() {
    text.append(UInt8(0))
  }
}

extension FieldName {
  fileprivate var isData: Bool { utf8CodeUnitCount == 4 && memcmp(utf8Start, "data", 4) == 0 }
}
