/// One setting of a kind or of an action, as parser, `--kinds`, completions and the tests of the manual read it.
public struct Setting: Sendable {
  /// Who holds the value: the source, which is opened once, or the rule that names the source.
  public enum Scope: Sendable {
    case source, rule
  }

  public let name: String
  /// What stands behind `=`; nil where the name alone is the setting.
  public let form: ValueForm?
  /// Whether the name may stand without a value too.
  public let isValueOptional: Bool
  public let scope: Scope
  /// The value that holds when none is typed, as it would be typed.
  public let standard: String?
  public let help: String

  public init(
    _ name: String, _ form: ValueForm? = nil, isValueOptional: Bool = false, scope: Scope = .source,
    standard: String? = nil, help: String
  ) {
    self.name = name
    self.form = form
    self.isValueOptional = isValueOptional
    self.scope = scope
    self.standard = standard
    self.help = help
  }
}

/// The forms a value takes on the command line.
public enum ValueForm: Sendable, Equatable {
  /// `250ms`, `1h30m`, `90`; zero only where it says so.
  case interval(zero: Bool)
  /// A duration longer than zero, or the word.
  case intervalOr(String)
  /// `D[,MAX]`.
  case burst
  /// `D[,MAX]`, or zero for off.
  case batch
  /// `D[,AGAIN]`.
  case idle
  /// `ADDRESS[/BITS],...`.
  case addresses
  /// `USER,...` or `any`.
  case users
  /// `64K`.
  case size
  case count(ClosedRange<Int>)
  case choice([String])
  /// `FORM[=FIELD,...]`, a form of records.
  case form
  /// `FIELD,...`
  case fields
  /// A PCRE2 pattern on bytes.
  case pattern
  case text
  case path
  /// A file that is read.
  case file
  /// `NAME[:GROUP]`, by whom a command is run.
  case user
  /// `GLOB,...`.
  case globs
  /// `NAME[,NAME...]`, names of sources.
  case names
  /// `EVENT,...`, `+EVENT,...`, `all`.
  case events
  /// `[EVENT:]N`.
  case ending
  /// The name or number of a signal that is sent.
  case signal
  /// The mode of a file, in octal.
  case mode
  /// The name of a mechanism of the kernel that libevent has here.
  case backend
  /// `stdin`, `fd:N` or `unix:PATH`.
  case control
  /// The name of a time zone.
  case zone
}

/// A value that has been read in one of the forms.
public enum Value: Sendable, Equatable {
  case none
  case interval(Interval)
  case burst(Interval, limit: Interval?)
  case idle(IdleSpan)
  case addresses(AllowedAddresses)
  case users(AllowedUsers)
  case number(Int)
  case choice(String)
  case bytes([UInt8])
  case events(EventSelection)
  case ending(event: String?, status: Int32)
  case form(RecordFormat, fields: [String]?)
  case fields([String])
}

/// The value of `on=`, before the kind's events are looked up.
public struct EventSelection: Sendable, Equatable {
  public enum Mode: Sendable {
    case replace, add, all
  }

  public let mode: Mode
  public let names: [String]

  public init(_ mode: Mode, _ names: [String] = []) {
    self.mode = mode
    self.names = names
  }
}

/// The settings of one source or action as typed, each with the word it came from.
public struct SettingValues: Sendable {
  public private(set) var values: [String: (word: Word, value: Value)] = [:]

  public init() {}

  public mutating func set(_ name: String, _ value: Value, word: Word) {
    values[name] = (word, value)
  }

  /// The settings with the default of each setting of the table that has one and was not typed.
  func completed(from table: [Setting]) -> SettingValues {
    var all = self
    for setting in table where !has(setting.name) {
      guard let standard = setting.standard else { continue }
      if let value = try? setting.form?.parse(Array(standard.utf8)) {
        all.set(setting.name, value, word: Word(standard))
      }
    }
    return all
  }

  /// The value of a setting: as it was typed, or else its default.
  func value(_ setting: Setting) -> Value? {
    if let typed = values[setting.name] { return typed.value }
    guard let standard = setting.standard else { return nil }
    return try? setting.form?.parse(Array(standard.utf8))
  }

  func number(_ setting: Setting) -> Int? {
    if case .number(let number)? = value(setting) { number } else { nil }
  }

  func choice(_ setting: Setting) -> String? {
    if case .choice(let choice)? = value(setting) { choice } else { nil }
  }

  /// Those of the table alone.
  func only(_ table: [Setting]) -> SettingValues {
    var some = SettingValues()
    some.values = values.filter { name, _ in table.contains { $0.name == name } }
    return some
  }

  func without(_ name: String) -> SettingValues {
    var others = self
    others.values[name] = nil
    return others
  }

  public func word(_ name: String) -> Word? {
    values[name]?.word
  }

  /// The words in the order of the names.
  var words: [Word] {
    values.sorted { $0.key < $1.key }.map(\.value.word)
  }

  public func has(_ name: String) -> Bool {
    values[name] != nil
  }

  public func interval(_ name: String) -> Interval? {
    if case .interval(let interval)? = values[name]?.value { interval } else { nil }
  }

  public func burst(_ name: String) -> (Interval, limit: Interval?)? {
    if case .burst(let interval, let limit)? = values[name]?.value { (interval, limit) } else { nil }
  }

  func idle() -> IdleSpan? {
    if case .idle(let span)? = values["idle"]?.value { span } else { nil }
  }

  func addresses() -> AllowedAddresses? {
    if case .addresses(let allowed)? = values[AllowedAddresses.setting.name]?.value { allowed } else { nil }
  }

  func users() -> AllowedUsers? {
    if case .users(let allowed)? = values[AllowedUsers.setting.name]?.value { allowed } else { nil }
  }

  public func number(_ name: String) -> Int? {
    if case .number(let number)? = values[name]?.value { number } else { nil }
  }

  public func choice(_ name: String) -> String? {
    if case .choice(let choice)? = values[name]?.value { choice } else { nil }
  }

  public func bytes(_ name: String) -> [UInt8]? {
    if case .bytes(let bytes)? = values[name]?.value { bytes } else { nil }
  }

  public func fields(_ name: String) -> [String]? {
    if case .fields(let names)? = values[name]?.value { names } else { nil }
  }

  public func events(_ name: String) -> EventSelection? {
    if case .events(let selection)? = values[name]?.value { selection } else { nil }
  }
}
