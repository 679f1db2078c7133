import Platform

/// A signal that can be watched, by its name and number on this system.
public struct SignalName: Hashable, Sendable {
  /// Without `SIG`: `HUP`, `RTMIN+3`.
  public let name: String
  public let number: Int32
}

// MARK: The table

extension SignalName {
  /// The signals that have a name of their own, by number.
  public static let named: [SignalName] = standard.sorted { $0.number < $1.number }

  private static let standard: [SignalName] = {
    var rows: [(String, Int32)] = [
      ("HUP", SIGHUP), ("INT", SIGINT), ("QUIT", SIGQUIT), ("ILL", SIGILL), ("TRAP", SIGTRAP),
      ("ABRT", SIGABRT), ("BUS", SIGBUS), ("FPE", SIGFPE), ("KILL", SIGKILL), ("USR1", SIGUSR1),
      ("SEGV", SIGSEGV), ("USR2", SIGUSR2), ("PIPE", SIGPIPE), ("ALRM", SIGALRM), ("TERM", SIGTERM),
      ("CHLD", SIGCHLD), ("CONT", SIGCONT), ("STOP", SIGSTOP), ("TSTP", SIGTSTP), ("TTIN", SIGTTIN),
      ("TTOU", SIGTTOU), ("URG", SIGURG), ("XCPU", SIGXCPU), ("XFSZ", SIGXFSZ), ("VTALRM", SIGVTALRM),
      ("PROF", SIGPROF), ("WINCH", SIGWINCH), ("IO", SIGIO), ("SYS", SIGSYS),
    ]
    #if os(Linux)
      rows += [("STKFLT", SIGSTKFLT), ("PWR", SIGPWR)]
    #endif
    return rows.map { SignalName(name: $0.0, number: $0.1) }
  }()

  /// Those that end a process which does nothing about them, for completions.
  public static let ending: [SignalName] = {
    let others: Set<Int32> = [SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH]
    return named.filter { !others.contains($0.number) }
  }()

  /// Second names, as `kill -l` of some systems has them.
  private static let aliases = ["IOT": "ABRT", "CLD": "CHLD", "POLL": "IO"]

  private static let crashes: Set<Int32> = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT]

  /// The real-time signals that the C library leaves to programs.
  public static let realTime: ClosedRange<Int32> = upon_sigrtmin()...upon_sigrtmax()

  /// The names that `signal:` takes, for completions.
  public static var watchable: [String] {
    named.filter { $0.refusal == nil }.map(\.name) + realTime.map { name(of: $0) }
  }

  /// The name of a signal without `SIG`, or its number where it has none.
  public static func name(of number: Int32) -> String {
    if let known = named.first(where: { $0.number == number }) { return known.name }
    if number == realTime.lowerBound { return "RTMIN" }
    return realTime.contains(number) ? "RTMIN+\(number - realTime.lowerBound)" : String(number)
  }
}

// MARK: Reading

extension SignalName {
  /// Reads `HUP,SIGTERM,1,RTMIN+3`; the signals come sorted by number.
  public static func list(_ word: Word, _ bytes: [UInt8]) throws(UsageError) -> [SignalName] {
    var signals: [SignalName] = []
    for part in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let text = Word(Array(part)).text
      guard let signal = SignalName(text) else { throw UsageError(word, unknown(text)) }
      if let reason = signal.refusal { throw UsageError(word, reason) }
      if signals.contains(signal) { throw UsageError(word, "\(signal.name) stands twice") }
      signals.append(signal)
    }
    return signals.sorted { $0.number < $1.number }
  }

  /// Reads `HUP`, `SIGHUP`, `hup`, `1`, `RTMIN+3` or `RTMAX-1`; nil if there is no such signal.
  public init?(_ text: String) {
    var name = text.uppercased()
    if name.hasPrefix("SIG") { name.removeFirst(3) }
    name = Self.aliases[name] ?? name
    let number: Int32
    if let known = Self.named.first(where: { $0.name == name }) {
      number = known.number
    } else if text.utf8.allSatisfy(\.isDigit), let value = Int32(text), 1...Self.realTime.upperBound ~= value
    {
      number = value
    } else if let value = Self.realTimeNumber(name) {
      number = value
    } else {
      return nil
    }
    self.init(name: Self.name(of: number), number: number)
  }

  private static func realTimeNumber(_ name: String) -> Int32? {
    let isFirst = name.hasPrefix("RTMIN")
    guard isFirst || name.hasPrefix("RTMAX") else { return nil }
    let base = isFirst ? realTime.lowerBound : realTime.upperBound
    let rest = name.utf8.dropFirst(5)
    if rest.isEmpty { return base }
    guard rest.first == UInt8(ascii: isFirst ? "+" : "-"), rest.dropFirst().first?.isDigit == true,
      let distance = Int32(String(decoding: rest.dropFirst(), as: UTF8.self)), distance < realTime.count
    else { return nil }
    return isFirst ? base + distance : base - distance
  }

  /// Why the signal cannot be watched, nil if it can.
  private var refusal: String? {
    if number == SIGKILL || number == SIGSTOP {
      return "\(name) cannot be watched: the kernel delivers it to nobody"
    }
    if Self.crashes.contains(number) { return "\(name) cannot be watched: it is the signal of a crash" }
    if number > 31, number < Self.realTime.lowerBound {
      return "signal \(number) cannot be watched: the C library uses it"
    }
    return nil
  }

  private static func unknown(_ text: String) -> String {
    let bare = text.uppercased().hasPrefix("SIG") ? String(text.dropFirst(3)) : text
    if bare.isEmpty { return "expected the name of a signal, as in signal:HUP,TERM" }
    if bare.utf8.allSatisfy(\.isDigit) {
      return "there is no signal \(bare); they are 1 to \(realTime.upperBound)"
    }
    guard let nearest = Suggestion.nearest(bare, named.map(\.name)) else {
      return "unknown signal '\(text)'; kill -l lists them"
    }
    return "unknown signal '\(text)'; did you mean \(nearest)?"
  }
}
