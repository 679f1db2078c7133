import Schedule

extension Help {
  /// The text that is asked for in place of a run, nil for a run.
  public static func text(for invocation: Invocation, _ vocabulary: Vocabulary) throws -> [UInt8]? {
    switch invocation.options.mode {
    case .run: return nil
    case .help: return Array(text(vocabulary).utf8)
    case .version: return Array("upon \(version)\n".utf8)
    case .kinds: return Array(kinds(vocabulary, named: invocation.options.listed).utf8)
    case .backends: return Array(try backends(used: invocation.options.backend).utf8)
    case .check: return check(invocation)
    case .next(let count): return try next(count, of: invocation, now: Moment.now.microseconds)
    }
  }

  package static let version = "0.1.0"
}
