/// The rules that were typed or read from a file, and what has become of them: what the next reading is compared with.
final class LoadedRules {
  struct Source {
    let key: [UInt8]
    let text: [UInt8]
    weak var feed: Feed?
    /// Whether a request has closed it, which the next reading takes back.
    var wasRemoved = false
  }

  struct Entry {
    let text: [UInt8]
    /// The names of its sources.
    let names: [[UInt8]]
    weak var rule: Rule?
  }

  /// The words of the command line.
  let words: [Word]
  /// The sources by their names.
  private(set) var sources: [[UInt8]: Source] = [:]
  private(set) var entries: [Entry] = []

  init(_ invocation: borrowing Invocation) {
    words = invocation.words
    for spec in invocation.sources { sources[spec.name] = Source(key: spec.key, text: spec.text) }
    entries = invocation.rules.map { rule in
      Entry(text: rule.text, names: rule.bindings.map { invocation.sources[$0.source].name })
    }
  }

  /// Takes note of what was made of them.
  func take(_ feeds: [Feed], _ rules: [Rule]) {
    for feed in feeds { sources[feed.name]?.feed = feed }
    for (index, rule) in rules.enumerated() { entries[index].rule = rule }
  }

  /// Takes over what has become of a source that stays.
  func keep(_ name: [UInt8], of before: LoadedRules) {
    guard let source = before.sources[name] else { return }
    sources[name]?.feed = source.feed
    sources[name]?.wasRemoved = source.wasRemoved
  }

  func keep(_ rule: Rule?, at index: Int) {
    entries[index].rule = rule
  }

  /// Takes note that a request closes a source.
  func willRemove(_ feed: Feed) {
    if sources[feed.name]?.feed === feed { sources[feed.name]?.wasRemoved = true }
  }
}
