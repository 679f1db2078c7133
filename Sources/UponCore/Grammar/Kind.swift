/// A kind of source: everything that is said of it anywhere is said here.
public final class Kind: Sendable {
  public let name: String
  /// The placeholder of the address, nil for a kind that takes none.
  public let address: String?
  /// One line for `--kinds` and `--help`.
  public let help: String
  /// The first is the principal event unless a setting puts another in its place.
  public let events: [EventKind]
  /// The kind's own settings; those of every source are in `Setting.common`.
  public let ownSettings: [Setting]
  /// Fields of its records beyond those of every record.
  public let fields: [FieldKind]
  /// Reads the address, which is empty for a kind that takes none, of a source as it was typed.
  let read: @Sendable (_ address: [UInt8], _ word: Word) throws(UsageError) -> CheckedAddress
  /// Whether it has a standard input that can be written to.
  let takesInput: Bool
  /// The kind under whose name sources are one: `stdin` is `fd`.
  public let identity: String

  init(
    _ name: String, address: String? = nil, identity: String? = nil, help: String, events: [EventKind],
    settings: [Setting] = [], fields: [FieldKind] = [], takesInput: Bool = false,
    read: @escaping @Sendable (_ address: [UInt8], _ word: Word) throws(UsageError) -> CheckedAddress
  ) {
    self.name = name
    self.address = address
    self.identity = identity ?? name
    self.help = help
    self.events = events
    self.ownSettings = settings
    self.fields = fields
    self.takesInput = takesInput
    self.read = read
  }

  /// Whether one source of it stands for several addresses.
  var takesList: Bool { address?.hasSuffix("...]") ?? false }

  /// The settings that a source of this kind takes.
  public var settings: [Setting] {
    ownSettings + Setting.common
  }
}

/// One event of a kind.
public struct EventKind: Sendable {
  /// When an event is delivered without being named by `on=`.
  public enum Delivery: Sendable {
    /// Printed, and commands run for it.
    case principal
    /// Takes the place of the principal event when the setting asks for it.
    case instead
    /// Printed, and commands run for it, as for the principal event.
    case usual
    /// Printed; no command runs for it.
    case printed
    /// Only when `on=` names it.
    case named
  }

  public let name: String
  public let delivery: Delivery
  /// What a command does with it while all its runs are busy.
  public let busy: Overlap
  /// The setting without which it cannot happen, as typed: `idle=`.
  public let requires: String?
  public let help: String

  public init(
    _ name: String, _ delivery: Delivery, busy: Overlap, requires: String? = nil, help: String
  ) {
    self.name = name
    self.delivery = delivery
    self.busy = busy
    self.requires = requires
    self.help = help
  }
}

/// What happens to an event whose command is running as often as it may.
public enum Overlap: String, Sendable, CaseIterable {
  /// It waits in line and its source is paused.
  case queue
  /// It is dropped and counted.
  case skip
  /// The last one of each source is remembered and stands for all.
  case merge
  /// The running one is stopped first; of what comes meanwhile the last is remembered.
  case restart
}

/// One field of a record, as the manual lists it.
public struct FieldKind: Sendable {
  public let name: String
  public let type: String
  public let help: String

  public init(_ name: String, _ type: String, help: String) {
    self.name = name
    self.type = type
    self.help = help
  }
}

/// A set of a kind's events, by their index in its table.
public struct EventSet: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  @inline(__always)
  public init(_ index: Int) {
    rawValue = 1 << UInt32(truncatingIfNeeded: index)
  }
}
