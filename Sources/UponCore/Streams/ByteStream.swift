import EventLoop

/// Bytes that come from somewhere and are read without waiting, whatever it is that they come from.
protocol ByteStream: AnyObject {
  /// Whether there is always something to read, or the end, so that nothing tells when to read: a file.
  var isAlwaysReady: Bool { get }
  /// Whether a reading that got less than it had room for has emptied it for now.
  var isEmptiedByShortReading: Bool { get }
  /// Whether the last reading that took nothing has seen bytes that were not there before.
  var sawNewBytes: Bool { get }
  /// Whether something can be read at once, the end among it.
  var isReady: Bool { get }
  /// Reads up to `count` bytes; so many of an unfinished record are `buffered`.
  func read(into buffer: UnsafeMutableRawPointer, _ count: Int, buffered: Int) -> InheritedDescriptor.Transfer
  /// Calls the handler when there is something to read, as long as it is watched; not where it is always ready.
  func open(on loop: EventLoop, _ handler: @escaping () -> Void) throws(LoopError)
  /// Begins to watch again, or stops.
  func setWatched(_ isWatched: Bool)
}
