/// Who is shown each record of a session, whatever its rules do with the event.
protocol RecordObserver: AnyObject {
  /// Shows an event that has its number, or how a command has ended; valid until the call returns.
  func show(_ event: Event, _ label: Label, of port: Port)
}

extension Session {
  /// Counts an event for who waits for it, and shows it to who watches.
  @inline(never)
  func follow(_ event: Event, _ feed: Feed) {
    if countsDown { countDown(event, feed) }
    observer?.show(event, feed.label(event.index), of: feed)
  }
}
