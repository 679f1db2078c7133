/// What actions reach by the names of sources.
extension Session {
  /// Where `send` and `print to=` write.
  func receivers(of feed: Feed) -> [any Receiver] {
    feed.source?.receivers ?? services.existing(Connections.self)?.of(feed) ?? []
  }

  /// The open source of that name, for `print to=`.
  func target(_ name: [UInt8]) -> Recipients.Target? {
    guard let feed = feeds[name], feed.state == .open else { return nil }
    return Recipients.Target(receivers: receivers(of: feed), isWaitedFor: feed.plan.reception == .one)
  }

  /// Signals commands of actions and sources.
  func kill(_ spec: KillSpec, _ number: Int32?) {
    commands.signal(number, for: spec.names, group: spec.signalsGroup)
    for feed in feeds.inOrder where feed.plan.runsCommand && spec.names?.contains(feed.name) ?? true {
      feed.source?.signal(number, group: spec.signalsGroup)
    }
  }
}
