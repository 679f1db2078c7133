/// The address of a source, read once: its one spelling, and the way from there to a plan.
public struct CheckedAddress: Sendable {
  /// What tells the source from others of its kind, so that one that is typed twice is found to be one.
  public let spelling: [UInt8]
  /// Makes the plan of the source with all its settings; nothing is opened.
  let plan: @Sendable (SettingValues) throws(UsageError) -> any SourcePlan

  init(
    _ spelling: [UInt8], plan: @escaping @Sendable (SettingValues) throws(UsageError) -> any SourcePlan
  ) {
    self.spelling = spelling
    self.plan = plan
  }
}

extension CheckedAddress {
  /// Reads a path, which stands as it was typed.
  init(
    path: [UInt8], _ word: Word,
    plan: @escaping @Sendable (SettingValues) throws(UsageError) -> any SourcePlan
  ) throws(UsageError) {
    if path.contains(0) { throw UsageError(word, "a path has no NUL in it") }
    self.init(path, plan: plan)
  }
}
