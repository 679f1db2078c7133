/// The rules of a source while it runs.
extension Feed {
  /// Makes a binding to this source; `earlier` is that of the same rule to the source whose place this one takes.
  func binding(
    _ spec: BindingSpec, _ rule: Rule, at index: Int, goingOnFrom earlier: Binding? = nil
  ) throws(SourceFailure) -> Binding {
    do {
      return try Binding(spec, rule: rule, at: index, feed: self, remaining: earlier?.remaining)
    } catch {
      throw SourceFailure("\(title): \(error.reason)")
    }
  }

  /// Whether the source, as it was opened, is right for other rules too.
  func canGoOn(with others: [Binding]) -> Bool {
    if source?.adaptsToRules ?? true { return true }
    return Demands(ContiguousArray(others), session.tally) == Demands(bindings, session.tally)
  }

  /// Goes on with other rules; returns the bindings that are no longer among them, which have delivered what they held.
  func goOn(with others: [Binding]) -> [Binding] {
    let gone = bindings.filter { binding in !others.contains { $0 === binding } }
    for binding in gone { binding.releasePending() }
    detachAll()
    for binding in others { attach(binding) }
    return Array(gone)
  }
}
